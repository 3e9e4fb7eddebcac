"""What a personal link says comes back as it was, and nothing else is one."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.actions.link_seal import opened, sign
from agent_desk.rules.links import (
    LIFETIME,
    PATHS,
    Link,
    Purpose,
    filled,
    link_of,
    marks,
    packed,
    unpacked,
    without_links,
)
from agent_desk.rules.satisfaction import satisfied_permille
from agent_desk.storage.notes import verifier_key

AT = datetime(2026, 11, 27, 1, 2, 3, 456789, tzinfo=UTC)
NUMBERS = st.integers(0, 2**63 - 1)


@given(st.sampled_from(Purpose), NUMBERS, NUMBERS, st.binary(min_size=32, max_size=32))
def test_any_key_signs_any_link_and_only_whole_tokens_of_known_keys_open(
    purpose: Purpose, session_id: int, mail_id: int, seed: bytes
) -> None:
    link, key = link_of(purpose, session_id, mail_id, AT), Ed25519PrivateKey.from_private_bytes(seed)
    token, known = sign(key, link), verifier_key("a+site/1", key.public_key()).replace("a+site/1", "site/1")
    assert token == sign(key, link)
    assert opened(token, ["garbage", "a+b+c", known]) == link
    assert opened(token, []) is None
    assert opened(token[::-1], [known]) is None


@given(st.binary(max_size=40))
def test_bytes_that_are_no_link_are_none(content: bytes) -> None:
    found = unpacked(content)
    assert found is None or packed(found) == content


def test_every_purpose_has_an_end_and_a_page() -> None:
    assert set(LIFETIME) == set(PATHS) == set(Purpose)
    assert link_of(Purpose.SATISFACTION, 1, 2, AT) == Link(
        Purpose.SATISFACTION, 1, 2, AT.replace(microsecond=0) + timedelta(days=30)
    )


def test_marks_are_filled_or_go_with_the_paragraph_they_stand_in() -> None:
    text = "Bonjour\n\nAVIS : @link.satisfaction@&a=yes\nou @link.satisfaction@\n\n@link.other@ Fin @a\n"
    assert marks(text) == {Purpose.SATISFACTION}
    assert filled(text, str.upper) == "Bonjour\n\nAVIS : SATISFACTION&a=yes\nou SATISFACTION\n\n@link.other@ Fin @a\n"
    assert without_links(text) == "Bonjour\n\n@link.other@ Fin @a\n"
    page = '<p>a</p>\n<!--link-->\n<a href="@link.satisfaction@">x</a>\n<!--/link-->\n<p>b</p>'
    assert filled(page, str) == '<p>a</p>\n<a href="satisfaction">x</a>\n<p>b</p>'
    assert without_links(page) == "<p>a</p>\n<p>b</p>"


def test_satisfaction_is_the_share_of_those_who_say_yes() -> None:
    assert satisfied_permille({}) is None
    assert satisfied_permille({"yes": 2, "partly": 0, "no": 1}) == 667
    assert satisfied_permille({"partly": 3}) == 0
