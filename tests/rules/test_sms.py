"""Text messages: the alphabet and its septets, parts, mobile numbers, and the hours in which nobody's telephone rings."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.session import Territory
from agent_desk.rules.sms import (
    ALPHABET,
    COUNTRIES,
    EXTENSION,
    REPLACEMENTS,
    Encoding,
    after_quiet_hours,
    fitted,
    is_gsm,
    measure,
    mobile_number,
    report_mac,
    territory_of_number,
)
from agent_desk.rules.territories import ZONE, local
from tests.support.reference import moments_between, territories

gsm_texts = st.text(st.sampled_from(sorted(ALPHABET | EXTENSION)), max_size=400)
any_texts = st.text(st.characters(codec="utf-8"), max_size=400)
moments = moments_between(2020, 2040)


def test_the_alphabet_is_that_of_gsm_03_38() -> None:
    assert len(ALPHABET) == 127  # 128 with the escape
    assert set("éèùìòÇàÉÀ") & ALPHABET == set("éèùìòÇàÉ")
    assert not set("êâîôûçëïœÈÊ’«»…\u00a0\u202f") & (ALPHABET | EXTENSION)
    assert set("€[]{}\\^~|") <= EXTENSION


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Été à Noël : ça coûte 5 €", "Été à Noel : ca coute 5 €"),
        ("« D’accord »\u00a0!", '"D\'accord" !'),
        ("«\u202fŒuf\u202f», 9\u00a0h…", '"OEuf", 9 h...'),
        ("e\u0301te\u0301", "été"),  # typed as letter and accent
        ("Où ? Là-bas, près d'ici.", "Où ? Là-bas, près d'ici."),
        ("Ça va, 你好", "Ça va, 你好"),  # nothing is spoilt where it would not help
    ],
)
def test_french_is_written_within_the_alphabet_where_that_is_possible(written: str, sent: str) -> None:
    assert fitted(written) == sent


@given(any_texts)
def test_a_text_that_fits_the_alphabet_is_sent_as_it_is_and_fitting_twice_changes_nothing(text: str) -> None:
    once = fitted(text)
    assert fitted(once) == once
    assert (
        is_gsm(once) or not any(char in once and not is_gsm(char) for char in REPLACEMENTS) or not is_gsm(fitted(text))
    )


def test_every_replacement_leads_into_the_alphabet() -> None:
    assert all(is_gsm(instead) for instead in REPLACEMENTS.values())
    assert all(not is_gsm(written) or " " in written for written in REPLACEMENTS)


@pytest.mark.parametrize(
    ("text", "encoding", "length", "parts"),
    [
        ("", Encoding.GSM, 0, 1),
        ("a" * 160, Encoding.GSM, 160, 1),
        ("a" * 161, Encoding.GSM, 161, 2),
        ("a" * 306, Encoding.GSM, 306, 2),
        ("a" * 307, Encoding.GSM, 307, 3),
        ("€" * 80, Encoding.GSM, 160, 1),
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM, 306, 3),  # the escape is not parted from its character
        ("你" * 70, Encoding.UCS2, 70, 1),
        ("你" * 71, Encoding.UCS2, 71, 2),
        ("你" * 134, Encoding.UCS2, 134, 2),
        ("😀" * 35, Encoding.UCS2, 70, 1),
        ("😀" * 67, Encoding.UCS2, 134, 3),  # 33 of them in 67 places
    ],
)
def test_a_text_is_measured_as_it_travels(text: str, encoding: Encoding, length: int, parts: int) -> None:
    found = measure(text)
    assert (found.encoding, found.length, found.parts) == (encoding, length, parts)
    assert found.room == {Encoding.GSM: 160, Encoding.UCS2: 70}[encoding]


@given(gsm_texts)
def test_septets_are_one_for_each_character_and_one_more_for_the_extension(text: str) -> None:
    found = measure(text)
    assert (found.text, found.encoding) == (text, Encoding.GSM)
    assert found.length == len(text) + sum(char in EXTENSION for char in text)
    assert (
        found.parts == 1 if found.length <= 160 else -(-found.length // 153) <= found.parts <= -(-found.length // 152)
    )


@given(any_texts, st.text(max_size=20))
def test_a_longer_text_never_takes_fewer_parts_in_the_same_encoding(text: str, more: str) -> None:
    one, other = measure(text), measure(text + more)
    if one.encoding is other.encoding:
        assert other.parts >= one.parts or other.length < one.length  # accents may join


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("07.12.34.56.78", "+33712345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0690 12 34 56", "+590690123456"),
        ("0639 12 34 56", "+262639123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+594 694 12 34 56", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("+33 690 12 34 56", "+590690123456"),
        ("07 09 01 23 45", "+590709012345"),
        ("0709 13 23 45", "+596709132345"),
        ("0709 20 23 45", "+262709202345"),
        ("0709 33 23 45", "+594709332345"),
        ("0709 35 23 45", "+262709352345"),
        ("+33 7 09 37 23 45", "+262709372345"),
        ("+262 709 01 23 45", ""),
        ("07 19 01 23 45", "+33719012345"),
        ("+590 612 34 56 78", ""),
        ("02 61 91 12 34", ""),
        ("+262 262 12 34 56", ""),
        ("+32 470 12 34 56", ""),
        ("06 12 34 56", ""),
        ("06 12 34 56 78 9", ""),
        ("6 12 34 56 78", ""),
        ("٠٦١٢٣٤٥٦٧٨", ""),
        ("", ""),
        ("+", ""),
    ],
)
def test_mobile_numbers_are_known_however_people_write_them(typed: str, number: str) -> None:
    assert mobile_number(typed) == number
    assert mobile_number(number) == number


@given(st.text(st.sampled_from("0123456789+ .-()/A"), max_size=20))
def test_whatever_is_typed_is_a_mobile_number_of_ours_or_none(typed: str) -> None:
    number = mobile_number(typed)
    assert number == "" or (number[1:].isdigit() and number[0] == "+" and len(number) in (12, 13))
    assert mobile_number(number) == number


@pytest.mark.parametrize(("start", "where"), [(start, where) for start, (_, where) in COUNTRIES.items()])
def test_a_number_is_at_home_in_its_territory(start: str, where: Territory) -> None:
    assert territory_of_number(mobile_number(f"0{start:1<9}")) is where
    assert territory_of_number("+33612345678") is Territory.METROPOLE


@given(moments, territories)
def test_nothing_leaves_at_night_nor_later_than_the_next_morning(wanted: datetime, territory: Territory) -> None:
    leaves = after_quiet_hours(wanted, territory)
    there = local(leaves, territory)
    assert time(8) <= there.time() < time(20)
    assert leaves >= wanted
    assert leaves == wanted or (there.time() == time(8) and leaves - wanted <= timedelta(hours=13))
    assert after_quiet_hours(leaves, territory) == leaves


@pytest.mark.parametrize(
    ("wall", "leaves"),
    [
        ("2026-11-23 19:59:59", "2026-11-23 19:59:59"),
        ("2026-11-23 20:00", "2026-11-24 08:00"),
        ("2026-11-24 00:30", "2026-11-24 08:00"),
        ("2026-11-24 07:59:59", "2026-11-24 08:00"),
        ("2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-03-28 22:00", "2026-03-29 08:00"),  # the clocks go forward that night
        ("2026-10-24 22:00", "2026-10-25 08:00"),
        ("2027-12-31 23:00", "2028-01-01 08:00"),
        ("2028-02-28 21:00", "2028-02-29 08:00"),
    ],
)
@pytest.mark.parametrize("territory", Territory)
def test_quiet_hours_are_those_of_the_customers_wall(wall: str, leaves: str, territory: Territory) -> None:
    zone = ZoneInfo(ZONE[territory])
    wanted, expected = (datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (wall, leaves))
    assert after_quiet_hours(wanted, territory) == expected


def test_an_address_for_reports_is_proved_by_key_message_and_attempt() -> None:
    made = report_mac(bytes(32), "S-2026-000001.sms.00", "1")
    assert made == report_mac(bytes(32), "S-2026-000001.sms.00", "1")
    others = [(bytes(31) + b"1", "S-2026-000001.sms.00", "1"), (bytes(32), "S-2026-000001.sms.01", "1")]
    others.append((bytes(32), "S-2026-000001.sms.00", "2"))
    assert made not in {report_mac(*one) for one in others}
