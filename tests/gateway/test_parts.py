"""The gateway's parts by themselves: who asks, refusals from memory, passwords for relays, rooms."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, cast

import pytest

from agent_desk.gateway.attempts import Gate, Pace
from agent_desk.gateway.facts import facts_of
from agent_desk.gateway.ice import for_browser, ice_servers
from agent_desk.gateway.rooms import Rooms
from agent_desk.gateway.seats import REPLACED, Bucket, Seat, Side
from agent_desk.gateway.visit import look, preferred, visitor
from agent_desk.rules.guessing import Answer, Verdict
from agent_desk.rules.share import ShareState
from agent_desk.settings import Settings

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the left one is what the visitor wrote himself
        ("203.0.113.7, 10.1.2.3, 10.9.9.9", "203.0.113.7"),
        ("10.1.2.3, 10.9.9.9", "10.1.2.3"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("203.0.113.7, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
        (", ,", "10.0.0.1"),
        ("1" * 5000, "10.0.0.1"),
    ],
)
def test_a_visitor_is_the_nearest_address_no_proxy_vouches_for(forwarded: str, found: str) -> None:
    assert visitor("10.0.0.1", forwarded, PROXIES) == found


def test_headers_of_a_stranger_say_nothing_about_where_he_is() -> None:
    facts = facts_of(Settings(trusted_proxies="10.0.0.0/8"))
    headers = [(b"x-forwarded-for", b"203.0.113.7"), (b"x-forwarded-proto", b"https")]
    scope = {"headers": headers, "scheme": "http", "server": ("192.0.2.1", 80), "client": ("192.0.2.9", 5)}
    assert (look(scope, facts).source, look(scope, facts).secure) == ("192.0.2.9", False)
    trusted = scope | {"client": ("::ffff:10.0.0.1", 5)}
    assert (look(trusted, facts).source, look(trusted, facts).secure) == ("203.0.113.7", True)


@pytest.mark.parametrize("header", [b"", b"*", b"q=1", b"fr;q=", b"\xff\xfe", b"en;q=0, fr;q=0", b"," * 300])
def test_a_header_that_names_no_language_gets_french(header: bytes) -> None:
    assert preferred(header) == "fr"


class Time:
    """A clock set by hand."""

    at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_refused_source_is_refused_from_memory_for_a_second() -> None:
    time = Time()
    gate = Gate(time)
    assert gate.refusal("a") is None
    gate.learn("a", Verdict(Answer.SOURCE_LIMIT, 40, fresh=False))
    assert gate.refusal("a") == ("source_busy", 40)
    assert gate.refusal("b") is None
    time.at += 1.1
    assert gate.refusal("a") is None


def test_an_open_breaker_refuses_its_lane_and_lets_one_ask_each_second() -> None:
    time = Time()
    gate = Gate(time)
    gate.learn("a", Verdict(Answer.SITE_LIMIT, 40, fresh=True))
    assert [gate.refusal(name) for name in "abc"] == [("site_busy", 40)] * 3
    gate.failed("old")
    assert gate.refusal("old") is None  # the other lane, which nobody has asked about
    gate.learn("old", Verdict(Answer.SITE_LIMIT, 20, fresh=False))
    assert gate.refusal("old") == ("site_busy", 20)
    time.at += 1.1
    assert [gate.refusal(name) for name in "abc"] == [None, ("site_busy", 39), ("site_busy", 39)]
    time.at += 39
    assert [gate.refusal(name) for name in "abc"] == [None] * 3  # a place is free: all of them are counted
    gate.learn("b", Verdict(Answer.ALLOW))
    assert gate.refusal("c") is None


def test_memory_of_sources_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.gateway.attempts.MOST_SOURCES", 2)
    gate = Gate(Time())
    for name in "abc":
        gate.learn(name, Verdict(Answer.SOURCE_LIMIT, 40))
    assert [gate.refusal(name) is None for name in "abc"] == [True, False, False]


def test_a_bucket_gives_what_has_run_into_it() -> None:
    time = Time()
    bucket = Bucket(10, 20, time)
    assert all(bucket.take(1) for _ in range(20))
    assert not bucket.take(1)
    time.at += 0.5
    assert [bucket.take(1) for _ in range(6)] == [True] * 5 + [False]


def test_relays_get_a_password_as_coturn_checks_it() -> None:
    servers = ice_servers("stun:stun.example:3478\n\nturn:turn.example?transport=udp\nturns:fixed.example me secret\n")
    stun, turn, fixed = for_browser(servers, "shared", 7, NOON)
    assert stun == {"urls": "stun:stun.example:3478"}
    assert turn["urls"] == "turn:turn.example?transport=udp"
    assert turn["username"] == f"{int(NOON.timestamp()) + 3 * 3600}:7"
    expected = hmac.digest(b"shared", turn["username"].encode(), hashlib.sha1)
    assert base64.b64decode(turn["credential"]) == expected
    assert fixed == {"urls": "turns:fixed.example", "username": "me", "credential": "secret"}


def test_there_is_no_server_nobody_named_and_none_without_its_password() -> None:
    assert for_browser(ice_servers(""), "shared", 7, NOON) == []
    assert for_browser(ice_servers("turn:turn.example"), "", 7, NOON) == []


def test_addresses_of_the_page_are_known_in_all_their_spellings() -> None:
    facts = facts_of(Settings(public_url="https://Aide.example/", gateway_url="http://10.0.0.5:8477"))
    assert facts.hosts == {"aide.example", "aide.example:443", "10.0.0.5:8477"}


def test_answers_to_codes_wait_for_the_next_step_which_is_as_long_as_the_disk_is_slow() -> None:
    pace = Pace()
    assert pace.rest(0.001) == pytest.approx(0.029)
    assert pace.rest(0.031) == pytest.approx(0.029)
    for _ in range(50):
        pace.took(0.004)
    assert pace.rest(0.001) == pytest.approx(0.029)
    for _ in range(50):
        pace.took(0.012)
    assert pace.rest(0.001) == pytest.approx(0.039)
    assert pace.rest(0.041) == pytest.approx(0.039)
    for _ in range(50):
        pace.took(5)
    assert pace.rest(0.001) == pytest.approx(0.599)
    for _ in range(50):
        pace.took(0.001)
    assert pace.rest(0.001) == pytest.approx(0.029)


class SlowBus:
    """Keeps what gateways tell each other until it is let through, to all of them in one order."""

    def __init__(self) -> None:
        self.words: list[tuple[int, Side, str]] = []

    def post(self, share_id: int, to_side: Side, body: str) -> None:
        self.words.append((share_id, to_side, body))


def test_whoever_comes_to_another_gateway_stays_there_however_late_the_first_ones_word_arrives() -> None:
    bus = SlowBus()
    one, other = Rooms(bus), Rooms(bus)
    before, after = (Seat(cast("Any", None), "fr") for _ in range(2))
    one.enter(1, Side.CUSTOMER, before, ShareState.LIVE)
    other.enter(1, Side.CUSTOMER, after, ShareState.LIVE)
    for word in bus.words:
        for rooms in (one, other):
            rooms.receive(*word)
    assert (before.closing, after.closing) == (REPLACED, None)
    bus.words.clear()
    back = Seat(cast("Any", None), "fr")
    one.enter(1, Side.CUSTOMER, back, ShareState.LIVE)  # and the other way round, once both have heard
    for word in bus.words:
        for rooms in (one, other):
            rooms.receive(*word)
    assert (after.closing, back.closing) == (REPLACED, None)


def test_a_gateway_that_missed_words_waits_for_none_of_its_own() -> None:
    bus = SlowBus()
    one, other = Rooms(bus), Rooms(bus)
    before, after = (Seat(cast("Any", None), "fr") for _ in range(2))
    one.enter(1, Side.CUSTOMER, before, ShareState.LIVE)
    bus.words.clear()  # lost
    one.lost_words()
    other.enter(1, Side.CUSTOMER, after, ShareState.LIVE)
    for word in bus.words:
        one.receive(*word)
    assert before.closing == REPLACED
