"""One grep for a rule's name shows the rule, its test and its text."""

from pathlib import Path

import pytest

from agent_desk.rules.billing import ARTICLE, Rule
from agent_desk.wording import load_wording
from tests.support.source import ROOT


@pytest.mark.parametrize("rule", list(Rule), ids=str)
def test_each_billing_rule_cites_its_article(rule: Rule) -> None:
    assert ARTICLE[rule]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("rule", list(Rule), ids=str)
def test_each_billing_rule_is_said_in_words(rule: Rule, language: str) -> None:
    wording = load_wording(language)
    assert wording.text(f"rules.{rule}.title")
    assert wording.text(f"rules.{rule}.reason")


@pytest.mark.parametrize("rule", list(Rule), ids=str)
def test_each_billing_rule_is_named_by_a_test(rule: Rule) -> None:
    files: list[Path] = sorted((ROOT / "tests" / "rules").glob("test_billing*.py"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert rule.value in text or rule.name in text
