"""`deskctl decide`: the amount, and the reason and article of each line."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent_desk.rules.catalogue import FaultCode
from agent_desk.wording import load_wording
from tests.support.deskctl import deskctl

EXAMPLES = json.loads((Path(__file__).parents[1] / "cases" / "billing.json").read_text(encoding="utf-8"))
VIRUS = {"service": "security.virus-removal", "quantity": 1, "outcome": "not_solved", "operations": ["removal"]}


def case(*lines: dict[str, Any], **others: str) -> bytes:
    values = {"territory": "metropole", "segment": "residential", "home_visit": "none", "lines": list(lines)}
    return json.dumps(values | others).encode()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["expect"]["lines"][0]["rule"])
def test_the_examples_of_the_terms_hold_on_the_command_line(example: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(example["case"]), encoding="utf-8")
    for said in (deskctl("decide", str(file), "--json"), deskctl("decide", "-", "--json", given=file.read_bytes())):
        answer, expected = said.json, example["expect"]
        assert (said.status, said.err) == (0, "")
        assert list(answer) == ["lines", "total_cents", "vat_cents", "travel_ceiling_cents", "reasons"]
        assert {key: answer[key] for key in expected if key != "lines"} == {
            key: value for key, value in expected.items() if key != "lines"
        }
        names = ("service", "rule", "article", "amount_cents")
        assert [{name: line[name] for name in names} for line in answer["lines"]] == expected["lines"]
        assert all(set(line) == {*names, "unit_price_cents", "quantity"} for line in answer["lines"])


def test_reasons_are_french_sentences_one_a_line_whatever_the_terminal_speaks() -> None:
    given = case(VIRUS, {"service": "tv.advanced-use", "quantity": 1, "outcome": "solved"})
    for environment in ({}, {"LANG": "en_GB.UTF-8"}):
        reasons = deskctl("decide", "-", "--json", given=given, environment=environment).json["reasons"]
        french = load_wording("fr")
        assert reasons == [
            french.text("rules.virus_removal_always_billed.reason"),
            french.text("rules.solved.reason"),
        ]


def test_the_table_shows_price_reason_article_total_vat_and_ceiling() -> None:
    said = deskctl("decide", "-", given=case(VIRUS, home_visit="accepted", territory="guyane"))
    text = said.out.replace("\u00a0", " ").replace("\u202f", " ")
    assert said.status == 0
    assert "1 × 79,00 €  79,00 €  art. 4.9" in text
    assert load_wording("fr").text("rules.virus_removal_always_billed.reason") in said.out
    assert "13,17 €" in text
    assert "57,50 €" in text


def test_the_table_speaks_english_where_the_terminal_does() -> None:
    said = deskctl("decide", "-", given=case(VIRUS), environment={"LC_ALL": "en_IE.UTF-8"})
    assert "€79.00" in said.out
    assert load_wording("en").text("rules.virus_removal_always_billed.reason") in said.out


ACCOUNT = {"service": "mail.account", "quantity": 1, "outcome": "solved"}
UNSELLABLE = [
    (case(), "lines", FaultCode.NO_LINES),
    (case(*[ACCOUNT] * 100), "lines", FaultCode.TOO_MANY_LINES),
    (case(ACCOUNT | {"service": "mail.unknown"}), "lines[0].service", FaultCode.UNKNOWN_SERVICE),
    (case(ACCOUNT | {"service": "mail.account-own-domain"}), "lines[0].service", FaultCode.PRO_ONLY),
    (case(ACCOUNT | {"quantity": 0}), "lines[0].quantity", FaultCode.QUANTITY_OUT_OF_RANGE),
    (case(ACCOUNT, ACCOUNT | {"quantity": 100}), "lines[1].quantity", FaultCode.QUANTITY_OUT_OF_RANGE),
    (case(ACCOUNT | {"quantity": -(10**30)}), "lines[0].quantity", FaultCode.QUANTITY_OUT_OF_RANGE),
    (case(ACCOUNT | {"service": "tv.advanced-use", "quantity": 2}), "lines[0].quantity", FaultCode.QUANTITY_ALWAYS_ONE),
    (case(VIRUS | {"operations": []}), "lines[0].operations", FaultCode.OPERATIONS_MISSING),
    (case(VIRUS | {"operations": ["format"]}), "lines[0].operations", FaultCode.OPERATIONS_UNKNOWN),
    (case(VIRUS | {"operations": ["removal", "removal"]}), "lines[0].operations", FaultCode.OPERATIONS_TWICE),
    (case(ACCOUNT | {"machines": 2}), "lines[0].machines", FaultCode.MACHINES_OUT_OF_RANGE),
    (case(ACCOUNT, home_visit="accepted"), "home_visit", FaultCode.HOME_VISIT_WITHOUT_NEED),
]


@pytest.mark.parametrize(("given", "path", "code"), UNSELLABLE, ids=[code for _, _, code in UNSELLABLE])
def test_what_cannot_be_sold_is_refused_by_its_path(given: bytes, path: str, code: FaultCode) -> None:
    said = deskctl("decide", "-", "--json", given=given)
    assert said.refuses(path)
    assert load_wording("fr").text(f"faults.{code}") in said.err


def test_a_refusal_of_the_reader_is_told_the_same_way() -> None:
    assert deskctl("decide", "-", given=case(ACCOUNT | {"quantity": True})).refuses("lines[0].quantity")
    assert deskctl("decide", "-", given=b"{").refuses("-")


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b", "x" * 300])
def test_a_file_that_cannot_be_read_is_named(name: str) -> None:
    said = deskctl("decide", name, "--json")
    assert said.status == 2
    assert said.err.startswith("deskctl: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("day", ["2014-01-01", "2026-11-22", "2099-12-31"])
def test_the_catalogue_of_the_day_decides(day: str) -> None:
    assert deskctl("decide", "-", "--json", "--date", day, given=case(ACCOUNT)).json["total_cents"] == 2900


@pytest.mark.parametrize("day", ["2013-12-31", "2026-02-30", "yesterday", "", "2026-11-22T10:00"])
def test_a_day_without_catalogue_is_refused(day: str) -> None:
    assert deskctl("decide", "-", "--date", day, given=case(ACCOUNT)).refuses("date")
