"""Both languages say the same things, every code has its words, and French is spaced as French wants."""

import ast
import re
from collections.abc import Iterable
from enum import StrEnum
from string import Formatter

import pytest

from agent_desk.rules.appointment import AppointmentState, CallEnd, Doubt
from agent_desk.rules.billing import Rule
from agent_desk.rules.catalogue import OPERATIONS, VIRUS_REMOVAL, FaultCode, Unit
from agent_desk.rules.catalogue_changes import ChangeFault, ChangeKind, ChangeState, ChangeStep
from agent_desk.rules.clocks import WorkWarning
from agent_desk.rules.complaint import ComplaintChannel, ComplaintState, Level
from agent_desk.rules.credit import CreditState
from agent_desk.rules.duties import Duty
from agent_desk.rules.escalation import EscalationState, ReturnReason
from agent_desk.rules.feasibility import Verdict
from agent_desk.rules.gate_facts import Gate
from agent_desk.rules.gates import COLLECTED
from agent_desk.rules.holidays import SITE_DAY, holidays
from agent_desk.rules.mail import MailAction, MailChannel, MailState
from agent_desk.rules.people import DENIALS, Role
from agent_desk.rules.promise import PromiseEnd, PromiseKind, Urgency
from agent_desk.rules.report import By, Period, Stretch
from agent_desk.rules.review import Mark, ReviewState, ReviewStep
from agent_desk.rules.session import (
    Answer,
    CallChannel,
    Channel,
    ConsentKind,
    Feasibility,
    HomeVisit,
    Outcome,
    Segment,
    State,
    Step,
    Territory,
)
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.rules.visit import VisitFault, VisitState
from agent_desk.rules.visit_rule import VisitRule
from agent_desk.rules.written import Way
from agent_desk.wording import LANGUAGES, Wording, load_wording
from tests.support.source import ROOT
from tests.support.typography import french_mistakes

LONGEST_ERROR = 160
LONGEST_GATE = 60
# The longest value each placeholder of an error can take.
FILLED = {
    "catalogue_start": "2014-01-01",
    "ceiling": "62,39\u00a0€",
    "chain": "1000000",
    "count": "1000",
    "date": "30 septembre 2026",
    "fault": "la chaîne ne correspond plus au point de contrôle",
    "field": "Sosh mobile + Livebox subscription",
    "duty": "feasibility",
    "encoding": "SQL_ASCII",
    "file": "agent-desk.2026-11-23.sqlite3",
    "found": "17",
    "key": "withdrawal_published_days",
    "known": "commercial, terminals, platforms, feasibility",
    "limit": "4000",
    "line": "10000",
    "minutes": "1440",
    "most": "500,00 €",
    "nearest": "withdrawal_published_days",
    "needed": "17",
    "name": "N" * 70,
    "number": "S-2026-004127",
    "path": "lines[39].operations[1]",
    "reply": "550 5.1.1 User unknown",
    "retry_after": "3600",
    "seq": "10000",
    "time": "21 h 05",
    "tool": "pg_restore",
    "version": "14",
}
ENUMS: dict[str, type[StrEnum]] = {
    "answers": Answer,
    "appointment_states": AppointmentState,
    "call_ends": CallEnd,
    "change_kinds": ChangeKind,
    "change_states": ChangeState,
    "change_steps": ChangeStep,
    "change_steps_taken": ChangeStep,
    "channels": CallChannel,
    "channel_costs": CallChannel,
    "consent_channels": Channel,
    "complaint_channels": ComplaintChannel,
    "complaint_levels": Level,
    "complaint_states": ComplaintState,
    "credit_states": CreditState,
    "doubts": Doubt,
    "duties": Duty,
    "escalation_states": EscalationState,
    "faults": FaultCode,
    "feasibilities": Feasibility,
    "gates": Gate,
    "home_visits": HomeVisit,
    "mail_actions": MailAction,
    "mail_told": MailChannel,
    "outcome_hints": Outcome,
    "promise_ends": PromiseEnd,
    "promises": PromiseKind,
    "return_reasons": ReturnReason,
    "outcomes": Outcome,
    "outcomes_for_customer": Outcome,
    "report_by": By,
    "segments": Segment,
    "report_periods": Period,
    "report_stretches": Stretch,
    "roles": Role,
    "reviews.marks": Mark,
    "reviews.states": ReviewState,
    "reviews.told": ReviewStep,
    "share_ends": ShareEnd,
    "share_states": ShareState,
    "states": State,
    "territories": Territory,
    "units": Unit,
    "urgencies": Urgency,
    "verdicts": Verdict,
    "visit_states": VisitState,
    "work_warnings": WorkWarning,
    "written": Way,
}
DETAILED: dict[str, tuple[Iterable[StrEnum], tuple[str, ...]]] = {
    "rules": ((*Rule, *VisitRule), ("title", "reason")),
    "consents": (ConsentKind, ("title", "question")),
    "mail_states": (MailState, ("name", "help", "sms")),
}
# Codes a table may hold beside its enum.
BESIDE = {
    "promises": {"team"},
    "verdicts": {"colon"},
    "outcomes": {"home_visit", "cancelled", "withdrawn"},
    "report_by": {"no_team"},
    "reviews.states": {"waiting"},
    "mail_actions": {"open", "save"},
}
FRENCH, ENGLISH = load_wording("fr"), load_wording("en")
BOTH = pytest.mark.parametrize("wording", [FRENCH, ENGLISH], ids=LANGUAGES)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def literal_arguments(callee: str, place: int) -> set[str]:
    """Return the literal texts the program passes at `place` to a function or method of that name."""
    found = set()
    for path in (ROOT / "agent_desk").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and len(call.args) > place:
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                argument = call.args[place]
                if name == callee and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def test_both_languages_have_the_same_keys() -> None:
    assert FRENCH.entries.keys() == ENGLISH.entries.keys()


def test_both_languages_fill_the_same_places() -> None:
    assert [
        key for key in FRENCH.entries if placeholders(FRENCH.entries[key]) != placeholders(ENGLISH.entries[key])
    ] == []


@BOTH
def test_each_refusal_for_who_somebody_is_has_words_for_the_log(wording: Wording) -> None:
    assert wording.table("denials").keys() == DENIALS
    assert wording.table("errors").keys() >= DENIALS


@BOTH
@pytest.mark.parametrize("table", ENUMS)
def test_a_table_has_words_for_each_code_and_for_no_other(table: str, wording: Wording) -> None:
    assert wording.table(table).keys() == {str(code) for code in ENUMS[table]} | BESIDE.get(table, set())


@BOTH
def test_every_reason_to_refuse_a_change_or_a_visit_has_its_sentence(wording: Wording) -> None:
    assert {str(fault) for faults in (ChangeFault, VisitFault) for fault in faults} <= wording.table("errors").keys()


@BOTH
@pytest.mark.parametrize("table", DETAILED)
def test_a_table_has_every_part_of_each_code_and_of_no_other(table: str, wording: Wording) -> None:
    codes, parts = DETAILED[table]
    assert wording.table(table).keys() == {f"{code}.{part}" for code in codes for part in parts}


@BOTH
def test_each_step_has_a_name_a_title_and_a_sentence_to_say(wording: Wording) -> None:
    steps = {step.name.lower() for step in Step}
    assert wording.table("steps").keys() == steps
    assert wording.table("step_titles").keys() == steps
    assert wording.table("step_subtitles").keys() == steps
    assert steps <= wording.table("say").keys()


@BOTH
def test_each_thing_to_collect_is_named(wording: Wording) -> None:
    assert {code for code, *_ in COLLECTED} | {"todo", "done", "nothing_blocks", "code"} == wording.table(
        "collect"
    ).keys()


@BOTH
def test_each_day_off_is_named(wording: Wording) -> None:
    found = {name for territory in Territory for name in holidays(2026, territory).values()}
    assert wording.table("holidays").keys() == found | {SITE_DAY, "sunday"}


@BOTH
def test_each_operation_is_named(wording: Wording) -> None:
    assert wording.table("operations").keys() == set(OPERATIONS[VIRUS_REMOVAL])


@BOTH
def test_each_digit_of_a_code_can_be_dictated(wording: Wording) -> None:
    assert list(wording.table("digits")) == list("0123456789")


@BOTH
def test_each_key_named_in_the_program_has_a_text(wording: Wording) -> None:
    keys = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
    named = {key for key in literal_arguments("text", 0) | literal_arguments("has", 0) if keys.fullmatch(key)}
    assert len(named) > 30
    assert named - wording.entries.keys() == set()


@BOTH
@pytest.mark.parametrize(
    ("maker", "place"), [("Refusal", 0), ("DatabaseFault", 0), ("Adjusted", 1), ("RefusedByRights", 0)]
)
def test_each_refusal_and_adjustment_has_its_sentence(maker: str, place: int, wording: Wording) -> None:
    codes = literal_arguments(maker, place)
    assert codes
    assert codes - wording.table("errors").keys() == set()


@BOTH
def test_each_reason_a_step_of_a_review_is_refused_for_has_its_sentence(wording: Wording) -> None:
    source = (ROOT / "agent_desk" / "rules" / "review.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"(review_[a-z_]+)"', source))
    assert len(codes) == 8
    assert codes - wording.table("errors").keys() == set()


@BOTH
def test_an_error_is_one_short_line_of_what_happened_what_was_kept_and_what_to_do(wording: Wording) -> None:
    for key, text in [*wording.table("errors").items(), *wording.table("faults").items()]:
        filled = text.format_map({name: FILLED[name] for name in placeholders(text)})
        assert len(filled) <= LONGEST_ERROR, key
        assert "\n" not in filled, key
        assert len(re.split(r"[.;\u202f]+ ", filled)) >= 2, key
        assert filled.endswith("."), key


@BOTH
def test_a_gate_says_what_to_do_in_a_few_words(wording: Wording) -> None:
    assert [code for code, text in wording.table("gates").items() if len(text) > LONGEST_GATE] == []


def test_french_wording_is_set_as_french_wants() -> None:
    assert [(key, french_mistakes(text)) for key, text in FRENCH.entries.items() if french_mistakes(text)] == []


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("Qui appelle\u202f?", 0),
        ("Qui appelle ?", 1),
        ("Qui appelle?", 1),
        ("Réponse\u00a0: oui", 0),
        ("Réponse : oui", 1),
        ("l'adresse", 1),
        ("«\u00a0box\u00a0»…", 0),
        ("« box »", 1),
        ("79,00\u00a0€, TVA 20\u202f%.", 0),
        ("Voyez http://livebox/ puis...", 1),
    ],
)
def test_the_typographer_sees_what_is_wrong(text: str, mistakes: int) -> None:
    assert len(french_mistakes(text)) == mistakes


def test_english_uses_curly_marks_and_no_french_spaces() -> None:
    wrong = re.compile(r"['\"«»\u00a0\u202f]|\.\.\.| [;:!?]")
    assert [text for text in ENGLISH.entries.values() if wrong.search(text)] == []


def test_french_counts_zero_as_singular_and_english_does_not() -> None:
    assert FRENCH.count("log.events", 0) == "0 événement"
    assert FRENCH.count("log.events", 2) == "2 événements"
    assert ENGLISH.count("log.events", 0) == "0 events"
    assert ENGLISH.count("log.events", 1) == "1 event"


def test_a_missing_key_or_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        FRENCH.text("errors.no_such_error")
    with pytest.raises(KeyError):
        FRENCH.text("errors.too_long")
    with pytest.raises(KeyError):
        FRENCH.table("no_such_table")


def test_only_the_languages_we_write_can_be_loaded() -> None:
    with pytest.raises(KeyError):
        load_wording("../../secret")


def test_typed_braces_are_not_filled() -> None:
    assert "{limit}" in FRENCH.text("say.holder", holder="{limit}")
