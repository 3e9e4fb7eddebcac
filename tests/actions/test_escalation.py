"""A case goes to another level with all its context and a promise to the customer, which is kept whoever has the case."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from agent_desk.actions.answer_case import answer_case
from agent_desk.actions.context import Context
from agent_desk.actions.destinations import Destination
from agent_desk.actions.errors import Refusal
from agent_desk.actions.escalate_session import Told, escalate_session
from agent_desk.actions.list_destinations import list_destinations
from agent_desk.actions.list_misses import list_misses
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_path import look_at_path
from agent_desk.actions.preview_case import preview_case
from agent_desk.actions.put_off_promise import put_off_promise
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.return_case import return_case
from agent_desk.actions.set_duties import set_duties
from agent_desk.actions.step_promise import step_promise
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.ports import Letter
from agent_desk.rules.commitments import Count
from agent_desk.rules.duties import Duty
from agent_desk.rules.escalation import (
    EscalationState,
    ReturnReason,
    days_to_offer,
    default_promise,
    path,
    promise_refusal,
)
from agent_desk.rules.handover import Words
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Content, Territory
from agent_desk.rules.written import Way, way_of
from agent_desk.storage.events import history
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.callcentre import ADA, KARIM, NADIA, SAM, CallCentre
from tests.support.desks import CLAIRE, NOON, SetClock, content, drafted

WORDS = Words("Redémarrage, nouveau câble", "Le voyant reste rouge", "Rappel mercredi")
METROPOLE = Territory.METROPOLE
DUE = default_promise(NOON, METROPOLE)
TOLD = Told("Karim Benali", DUE)


@dataclass(frozen=True, slots=True)
class Levels:
    """Nadia of level 1, Karim of level 2, Lea of level 3, which takes no calls."""

    nadia: Context
    karim: Context
    lea: Context
    centre: CallCentre


@pytest.fixture
def levels(staffed: CallCentre) -> Levels:
    """Give a call centre with three levels of support."""
    staffed.add("lea", "Lea Roy", Role.AGENT, "Réseau")
    for team, duty in (("Nord", Duty.COMMERCIAL), ("Sud", Duty.TERMINALS), ("Réseau", Duty.PLATFORMS)):
        set_duties(staffed.ctx(ADA), team, [duty])
    return Levels(staffed.ctx(NADIA), staffed.ctx(KARIM), staffed.ctx("lea"), staffed)


def to(ctx: Context, duty: Duty) -> Destination:
    return next(one for one in list_destinations(ctx) if one.duty is duty)


def sent(ctx: Context, duty: Duty, view: SessionView | None = None) -> SessionView:
    view = view or drafted(ctx)
    return escalate_session(ctx, view.id, view.version, to(ctx, duty), WORDS, TOLD)


def story(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def kept(ctx: Context) -> list[tuple[PromiseKind, str]]:
    return [(one.kind, one.person) for one in look_at_next(ctx).promises]


def test_a_case_goes_to_the_next_level_with_its_words_and_is_theirs_to_keep(levels: Levels) -> None:
    assert [one.duty for one in list_destinations(levels.nadia)] == [Duty.TERMINALS, Duty.PLATFORMS]
    view = sent(levels.nadia, Duty.TERMINALS)
    assert kept(levels.nadia) == []
    assert kept(levels.karim) == [(PromiseKind.ESCALATION, "")]
    (handed,) = list_today(levels.karim).handed
    assert (handed.words, handed.from_name) == (WORDS, "Nadia Leroy")
    resume_session(levels.karim, view.id)
    assert kept(levels.karim) == [(PromiseKind.ESCALATION, "Karim Benali")]
    (stretch,) = look_at_path(levels.karim, view.id)
    assert (stretch.from_team, stretch.to_team, stretch.contact) == ("Nord", "Sud", "Karim Benali")
    assert (stretch.state, stretch.promised_at) == (EscalationState.ACCEPTED, DUE)
    now = load_session(levels.karim, view.id)
    answer_case(levels.karim, view.id, now.version, "Box remplacée, le client est prévenu")
    assert kept(levels.karim) == []
    sam, month = levels.centre.ctx(SAM), f"{NOON:%Y-%m}"
    assert Count(1, 1) in {
        one.count for one in report_commitments(sam, month, month).rows if one.commitment.id == "right-team"
    }
    assert load_session(levels.karim, view.id).parked_at is None
    assert story(levels.karim, view.id)[-8:] == [
        "session_escalated",
        "mail_queued",
        "session_handed_over",
        "session_taken_over",
        "case_accepted",
        "promise_taken",
        "promise_kept",
        "case_answered",
    ]
    assert verify_log(levels.centre.ctx(SAM)).fault is None


def test_a_case_returned_is_counted_and_its_promise_stands_where_it_came_from(levels: Levels) -> None:
    view = sent(levels.nadia, Duty.TERMINALS)
    now = load_session(levels.karim, view.id)
    with pytest.raises(Refusal, match="handed_over"):
        return_case(levels.karim, view.id, now.version, ReturnReason.WRONG_TEAM, "ligne coupée")
    resume_session(levels.karim, view.id)
    now = load_session(levels.karim, view.id)
    return_case(levels.karim, view.id, now.version, ReturnReason.WRONG_TEAM, "ligne coupée : niveau 3")
    assert kept(levels.karim) == []
    (promised,) = look_at_next(levels.nadia).promises
    assert (promised.kind, promised.due_at) == (PromiseKind.ANSWER, DUE)
    (stretch,) = look_at_path(levels.nadia, view.id)
    assert (stretch.state, stretch.reason) == (EscalationState.RETURNED, ReturnReason.WRONG_TEAM)
    resume_session(levels.nadia, view.id)
    sent(levels.nadia, Duty.PLATFORMS, load_session(levels.nadia, view.id))
    assert kept(levels.nadia) == [(PromiseKind.ANSWER, "Nadia Leroy")], "one promise, not the one that came back, too"
    assert path(look_at_path(levels.lea, view.id)) == ("Nord", "Sud", "Nord", "Réseau")
    sam, month = levels.centre.ctx(SAM), f"{NOON:%Y-%m}"
    assert read_timeline(sam, view.id).path == ("Nord", "Sud", "Nord", "Réseau")
    (counted,) = (one for one in report_commitments(sam, month, month).rows if one.commitment.id == "right-team")
    assert (counted.count, counted.teams) == (Count(1, 0), {"Nord": Count(1, 0)})
    assert [one.session_id for one in list_misses(sam, "right-team", month, month)] == [view.id]


def test_who_sends_to_those_that_take_no_calls_keeps_the_promise(levels: Levels) -> None:
    view = sent(levels.karim, Duty.PLATFORMS)
    assert kept(levels.karim) == [(PromiseKind.ANSWER, "Karim Benali")]
    assert kept(levels.lea) == [(PromiseKind.ESCALATION, "")]
    resume_session(levels.lea, view.id)
    now = load_session(levels.lea, view.id)
    answer_case(levels.lea, view.id, now.version, "Compte rétabli sur la plateforme")
    assert kept(levels.lea) == []
    (handed,) = list_today(levels.karim).handed
    assert handed.words.tried == "Compte rétabli sur la plateforme"
    (one,) = look_at_next(levels.karim).promises
    assert one.kind is PromiseKind.ANSWER
    step_promise(levels.karim, one.id, one.version, "promise_kept")
    assert kept(levels.karim) == []


def test_who_keeps_a_promise_reaches_the_customer_while_another_team_has_the_case(levels: Levels) -> None:
    sent(levels.karim, Duty.PLATFORMS)
    (one,) = look_at_next(levels.karim).promises
    assert (one.customer, one.phone) == ("Claire Morvan", "0261911234")


def test_a_case_sent_on_leaves_one_promise_for_the_customer(levels: Levels) -> None:
    view = sent(levels.nadia, Duty.TERMINALS)
    resume_session(levels.karim, view.id)
    sent(levels.karim, Duty.PLATFORMS, load_session(levels.karim, view.id))
    assert kept(levels.nadia) == []
    assert kept(levels.karim) == [(PromiseKind.ANSWER, "Karim Benali")]
    assert path(look_at_path(levels.karim, view.id)) == ("Nord", "Sud", "Réseau")


@pytest.mark.parametrize(
    ("due", "code"),
    [
        (NOON - timedelta(minutes=1), "promise_in_the_past"),
        (datetime(2026, 11, 28, 17, tzinfo=UTC), "promise_on_a_day_off"),  # a Saturday
        (datetime(2026, 12, 1, 17, tzinfo=UTC), "promise_too_far"),  # the sixth working day
        (datetime(2026, 11, 30, 17, tzinfo=UTC), ""),  # the fifth
        (DUE, ""),
    ],
)
def test_the_day_promised_is_a_working_day_within_five(due: datetime, code: str) -> None:
    assert promise_refusal(due, NOON, METROPOLE) == code


def test_two_working_days_are_counted_where_the_customer_lives() -> None:
    friday_before_easter = datetime(2026, 4, 3, 10, tzinfo=UTC)
    assert default_promise(friday_before_easter, METROPOLE) == datetime(2026, 4, 8, 16, tzinfo=UTC)
    # Martinique: 22 May is a holiday there (abolition of slavery), the 25th is Whit Monday everywhere.
    assert (
        default_promise(datetime(2026, 5, 21, 12, tzinfo=UTC), Territory.MARTINIQUE).date().isoformat() == "2026-05-27"
    )


def written(centre: CallCentre, session_id: int) -> list[Letter]:
    """Return what the customer was written about their case, in order."""
    with centre.owner.read() as tx:
        ids = [one.id for one in session_mails(tx, session_id) if one.kind.startswith("escalation")]
        return [one for one in (read_letter(tx, each) for each in sorted(ids)) if one is not None]


def plain(letter: Letter) -> str:
    return " ".join(letter.text.replace("’", "'").split())


def reading(**changes: Any) -> Content:
    return content(customer=replace(CLAIRE, **changes))


def test_the_customer_reads_a_name_a_promise_and_its_date_once_for_each_change(levels: Levels) -> None:
    view = sent(levels.nadia, Duty.TERMINALS)
    (first,) = written(levels.centre, view.id)
    assert first.recipient == CLAIRE.email
    for told in ("notre équipe Sud,", "Karim Benali vous appelle", "le mercredi 25 novembre 2026, 18 h"):
        assert told in plain(first)
    resume_session(levels.karim, view.id)
    assert len(written(levels.centre, view.id)) == 1, "accepted: nothing changes for the customer"
    return_case(levels.karim, view.id, load_session(levels.karim, view.id).version, ReturnReason.WRONG_TEAM)
    back = written(levels.centre, view.id)[1]
    assert "revenu à notre équipe Nord" in plain(back)
    assert "Cette équipe vous appelle" in plain(back)
    resume_session(levels.nadia, view.id)
    (one,) = look_at_next(levels.nadia).promises
    later = days_to_offer(NOON, METROPOLE)[3]
    put_off_promise(levels.nadia, one.id, one.version, later, "pièce en commande")
    moved = written(levels.centre, view.id)[2]
    for told in ("des nouvelles le mercredi 25 novembre 2026", "pièce en commande", "Nadia Leroy", "le vendredi 27"):
        assert told in plain(moved)
    assert len(written(levels.centre, view.id)) == 3


def test_an_answer_to_be_passed_on_and_a_return_where_the_sender_calls_anyway_change_nothing(levels: Levels) -> None:
    for end in ("answer", "return"):
        view = sent(levels.karim, Duty.PLATFORMS)
        resume_session(levels.lea, view.id)
        version = load_session(levels.lea, view.id).version
        if end == "answer":
            answer_case(levels.lea, view.id, version, "Compte rétabli")
        else:
            return_case(levels.lea, view.id, version, ReturnReason.WRONG_TEAM)
        assert len(written(levels.centre, view.id)) == 1


@pytest.mark.parametrize(
    ("customer", "way", "told"),
    [
        (
            {"email": "", "callback_number": "06 12 34 56 78"},
            Way.SMS,
            "confié à l'équipe Sud. Karim Benali vous appelle",
        ),
        (
            {"email": "", "callback_number": "06 12 34 56 78", "language": "en"},
            Way.SMS,
            "our Sud team. Karim Benali will",
        ),
        ({"email": "", "language": "en"}, Way.LETTER, "Karim Benali will call you by Wednesday 25 November 2026"),
        ({"email": "", "address": ""}, Way.NONE, ""),
    ],
)
def test_without_an_address_for_mails_it_is_an_sms_else_a_letter(
    levels: Levels, customer: dict[str, Any], way: Way, told: str
) -> None:
    view = sent(levels.nadia, Duty.TERMINALS, drafted(levels.nadia, reading(**customer)))
    assert way_of(replace(CLAIRE, **customer)) is way
    found = written(levels.centre, view.id)
    assert [told in plain(one) for one in found] == ([True] if told else [])
    assert [one.channel.value for one in found] == {Way.SMS: ["sms"], Way.LETTER: ["mail"]}.get(way, [])
    assert [bool(one.recipient) for one in found] == {Way.SMS: [True], Way.LETTER: [False]}.get(way, [])
    if way is Way.SMS:
        assert found[0].text == preview_case(
            levels.nadia, view.number, replace(CLAIRE, **customer), "Sud", "Karim Benali", DUE
        )


def test_an_sms_still_waiting_for_the_morning_gives_way_to_the_next(levels: Levels) -> None:
    centre, night = levels.centre, SetClock(NOON.replace(hour=20))
    nadia, karim = (replace(one, clock=night) for one in (levels.nadia, levels.karim))
    view = sent(nadia, Duty.TERMINALS, drafted(nadia, reading(email="", callback_number="06 12 34 56 78")))
    resume_session(karim, view.id)
    return_case(karim, view.id, load_session(karim, view.id).version, ReturnReason.WRONG_TEAM)
    with centre.owner.read() as tx:
        assert sorted((one.kind, one.state) for one in session_mails(tx, view.id)) == [
            ("escalation", "dropped"),
            ("escalation_back", "queued"),
        ]


def test_a_name_of_any_length_and_alphabet_stops_no_case(levels: Levels) -> None:
    view = drafted(levels.nadia, reading(email="", callback_number="06 12 34 56 78"))
    told = Told("Ελένη " * 30, DUE)
    escalate_session(levels.nadia, view.id, view.version, to(levels.nadia, Duty.TERMINALS), WORDS, told)
    assert len(written(levels.centre, view.id)) == 1


def test_what_is_missing_is_said_and_nothing_goes(levels: Levels) -> None:
    view, terminals = drafted(levels.nadia), to(levels.nadia, Duty.TERMINALS)
    for words, told, code in (
        (Words(), TOLD, "handover_empty"),
        (WORDS, replace(TOLD, contact="  "), "contact_missing"),
        (WORDS, replace(TOLD, promised_at=NOON - timedelta(days=1)), "promise_in_the_past"),
    ):
        with pytest.raises(Refusal, match=code):
            escalate_session(levels.nadia, view.id, view.version, terminals, words, told)
    own = Destination(replace(terminals.team, name="Nord"), terminals.duty)
    with pytest.raises(Refusal, match="escalation_nowhere"):
        escalate_session(levels.nadia, view.id, view.version, own, WORDS, TOLD)
    assert (look_at_path(levels.nadia, view.id), kept(levels.nadia)) == ((), [])
    with pytest.raises(Refusal, match="case_not_here"):
        answer_case(levels.nadia, view.id, view.version, "rien")
    with pytest.raises(Refusal, match="answer_missing"):
        answer_case(levels.nadia, view.id, view.version, " ")


def test_a_path_is_not_changed_by_typing_sql(levels: Levels) -> None:
    sent(levels.nadia, Duty.TERMINALS)
    for login, attempt in (
        (NADIA, "UPDATE escalation SET state = 'answered'"),
        (KARIM, "UPDATE escalation SET promised_at = 0"),
        (KARIM, "DELETE FROM escalation"),
        ("lea", "INSERT INTO escalation SELECT * FROM escalation"),
    ):
        try:
            changed = levels.centre.connect(login).execute(attempt).rowcount
        except psycopg.Error:
            changed = 0
        assert changed == 0, attempt
