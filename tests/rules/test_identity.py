"""3.2: numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.identity import equipment_key, is_callback_number, is_customer_number, is_email, normal_number


@pytest.mark.parametrize("text", ["482915307", "482 915 307", "482\u202f915\u00a0307", " 482-915.307 "])
def test_nine_digits_are_a_customer_number_however_spaced(text: str) -> None:
    assert is_customer_number(text)
    assert normal_number(text) == "482915307"


@pytest.mark.parametrize("text", ["", "48291530", "4829153070", "48291530a", "٤٨٢٩١٥٣٠٧", "²82915307", "+482915307"])
def test_anything_else_is_none(text: str) -> None:
    assert not is_customer_number(text)


@pytest.mark.parametrize("text", ["01 99 00 12 34", "+33 1 99 00 12 34", "(0)199001234", "123456", "123456789012345"])
def test_a_number_to_call_back(text: str) -> None:
    assert is_callback_number(text)


@pytest.mark.parametrize("text", ["", "12345", "1234567890123456", "01 99 zero", "++33199001234", "33+199001234"])
def test_a_number_nobody_can_dial(text: str) -> None:
    assert not is_callback_number(text)


@pytest.mark.parametrize(
    "text", ["claire.morvan@example.org", "a@b.fr", "o'neil+sosh@mail.example.co.uk", "renée@exemple.fr", "x@é.example"]
)
def test_an_address_a_mail_can_go_to(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "claire",
        "@example.org",
        "claire@",
        "claire@example",
        "claire@@example.org",
        "cla ire@example.org",
        "claire@example..org",
        "claire..m@example.org",
        "claire@-example.org",
        "claire@example-.org",
        "claire@example.org\r\nBcc: x@y.fr",
        "claire@exam_ple.org,x@y.fr",
        "Claire <claire@example.org>",
        "a" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org",
    ],
)
def test_an_address_no_mail_can_go_to(text: str) -> None:
    assert not is_email(text)


@given(st.text(max_size=300))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert {is_email(text), is_customer_number(text), is_callback_number(text)} <= {True, False}
    assert all(letter.isalnum() for letter in equipment_key(text))


def test_spellings_of_the_same_equipment_are_alike() -> None:
    assert equipment_key("HP Désk-Jet 3630") == equipment_key("hp deskjet  3630") == "hpdeskjet3630"
    assert equipment_key(" - ") == ""
