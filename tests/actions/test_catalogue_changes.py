"""New prices and texts: two people decide, the day comes, and whoever was agreed before keeps theirs."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from agent_desk.actions.act_on_change import act_on_change
from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.change_values import subjects, value_on
from agent_desk.actions.close_session import close_session
from agent_desk.actions.consent_texts import latest_text
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.explain_decision import explain_decision
from agent_desk.actions.list_changes import list_changes
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_catalogue import look_at_catalogue
from agent_desk.actions.preview_change import preview_change
from agent_desk.actions.propose_change import propose_change
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import JournalFilter, SessionView
from agent_desk.gateway.shares import told_share
from agent_desk.rules.catalogue_changes import PARTS, ChangeFault, ChangeKind, ChangeState, ChangeStep, Proposal
from agent_desk.rules.gate_facts import Gate
from agent_desk.rules.people import Role
from agent_desk.rules.search import Index
from agent_desk.rules.session import ConsentKind, Line, Outcome, State, Territory
from agent_desk.storage.acting import Acting
from agent_desk.storage.events import SITE_CHAIN, history
from tests.support.changes import ADA, DEARER, SAM, TOMORROW, approved, as_person
from tests.support.desks import CLAIRE, DEVICE, agreed, begun, clock, consent, content, drafted, type_in
from tests.support.shares import entered

WORDS = {
    "fr": "Cette assistance vous coûtera {total}.\n\nQuestion : d’accord ?",
    "en": "This will cost {total}.\n\nQuestion: do you agree?",
}
ASKED = {"question_fr": "Et ?", "answer_fr": "Rien.", "question_en": "And?", "answer_en": "Nothing."}
REWORDED = Proposal(ChangeKind.CONSENT, "price", WORDS, TOMORROW, "Plus court")


def refused(ctx: Context, proposed: Proposal) -> str:
    with pytest.raises(Refusal) as found:
        propose_change(ctx, proposed)
    return found.value.code


def not_taken(ctx: Context, number: int, step: ChangeStep, reason: str = "") -> str:
    with pytest.raises(Refusal) as found:
        act_on_change(ctx, number, step, reason)
    return found.value.code


def told(ctx: Context) -> list[tuple[str, str, str]]:
    """Return kind, actor and price of each event of the site about changes."""
    with ctx.database.read() as tx:
        events = [one for one in history(tx, SITE_CHAIN) if one.kind.startswith("change_")]
    return [(one.kind, one.actor, str((one.payload or {})["value"].get("cents"))) for one in events]


def state(ctx: Context) -> ChangeState:
    return list_changes(ctx).changes[0].state


def billed(ctx: Context, view: SessionView) -> int:
    """Close a session in progress, all solved, and return what it costs."""
    lines = tuple(replace(line, outcome=Outcome.SOLVED) for line in view.content.lines)
    view = type_in(ctx, view, replace(view.content, lines=lines))
    closed = close_session(ctx, view.id, view.version)
    assert closed.decision is not None
    return closed.decision.total_cents


def test_a_price_two_people_decided_on_holds_from_its_day_on(ctx: Context) -> None:
    approved(ctx)
    assert billed(ctx, begun(ctx, content(DEVICE))) == 2900
    clock(ctx).move(days=1)
    assert state(ctx) is ChangeState.IN_FORCE
    view = begun(ctx, content(DEVICE))
    assert billed(ctx, view) == 3150
    assert explain_decision(ctx, view.number).catalogue_version == TOMORROW.isoformat()
    assert verify_decisions(ctx).mismatches == ()
    assert verify_log(ctx).fault is None


def test_a_session_agreed_before_keeps_its_prices_also_for_what_is_added(ctx: Context) -> None:
    view = begun(ctx, content(Line("tv.advanced-use")))
    approved(ctx)
    clock(ctx).move(days=1)
    view = type_in(ctx, view, replace(view.content, lines=(*view.content.lines, DEVICE)))
    view = consent(ctx, view, ConsentKind.PRICE)
    assert billed(ctx, load_session(ctx, view.id)) == 1900 + 2900


def test_a_price_told_the_day_before_has_to_be_accepted_anew(ctx: Context) -> None:
    view = consent(ctx, drafted(ctx, content(DEVICE)), ConsentKind.WARRANTY, ConsentKind.PRICE)
    approved(ctx)
    clock(ctx).move(days=1)
    with pytest.raises(Refusal) as found:
        agree_session(ctx, view.id, view.version)
    assert [blocker.code for blocker in found.value.blockers] == [Gate.PRICE_CHANGED]
    view = consent(ctx, view, ConsentKind.PRICE)
    assert agree_session(ctx, view.id, view.version).state is State.AGREED


def test_the_day_is_the_customers_own(sqlite_ctx: Context) -> None:
    approved(sqlite_ctx)
    clock(sqlite_ctx).move(hours=8, minutes=59)  # 23:59 in Réunion
    far = content(DEVICE, customer=replace(CLAIRE, territory=Territory.REUNION))
    assert agreed(sqlite_ctx, far).mails[0].state == "queued"
    clock(sqlite_ctx).move(minutes=1)
    prices = [
        look_at_catalogue(sqlite_ctx).catalogue_on(day).services[DEVICE.service].price_cents for day in (TOMORROW,)
    ]
    assert prices == [3150]
    offers = [billed_price(sqlite_ctx, agreed(sqlite_ctx, one)) for one in (far, content(DEVICE))]
    assert offers == [3150, 2900]


def billed_price(ctx: Context, view: SessionView) -> int:
    with ctx.database.read() as tx:
        asked = text("SELECT unit_price_cents FROM session_line WHERE session_id = :of")
        return int(tx.execute(asked, {"of": view.id}).scalar_one())


def test_a_text_reworded_is_read_and_kept_from_its_day_on(ctx: Context) -> None:
    number = approved(ctx, REWORDED)
    before = consent(ctx, drafted(ctx), ConsentKind.PRICE).consents[-1]
    assert before.text_sha256 == latest_text(ConsentKind.PRICE, "fr").sha256
    running = agreed(ctx)
    clock(ctx).move(days=1)
    after = consent(ctx, drafted(ctx), ConsentKind.PRICE).consents[-1]
    assert (after.text_version, after.text_sha256 == before.text_sha256) == (1000 + number, False)
    assert consent(ctx, running, ConsentKind.PRICE).consents[-1].text_version == before.text_version


def test_a_service_renamed_is_found_by_its_new_name_and_by_the_one_before(ctx: Context) -> None:
    names = {"label_fr": "Raccorder un gadget", "label_en": "Link a gadget", "short_fr": "Gadget", "short_en": "Gadget"}
    approved(ctx, Proposal(ChangeKind.NAME, DEVICE.service, names, TOMORROW, "Plus simple"))
    of = drafted(ctx, content(DEVICE)).id
    for typed in ("gadget", "appareil"):
        assert [row.id for row in search_journal(ctx, JournalFilter(text=typed)).rows] == [of]
    index = Index(look_at_catalogue(ctx).catalogue_on(TOMORROW).services.values())
    assert {index.find(typed)[0] for typed in ("raccorder un gadget", "link a gadget")} == {DEVICE.service}
    assert DEVICE.service in index.find("brancher un appareil")


def test_one_person_alone_changes_nothing(sqlite_ctx: Context) -> None:
    sam = as_person(sqlite_ctx, SAM)
    number = propose_change(sam, DEARER)
    assert not_taken(sam, number, ChangeStep.APPROVE) == ChangeFault.FOUR_EYES
    clock(sqlite_ctx).move(days=1)
    assert look_at_catalogue(sqlite_ctx) is sqlite_ctx.reference
    assert state(sqlite_ctx) is ChangeState.LAPSED
    assert not_taken(as_person(sqlite_ctx, ADA), number, ChangeStep.APPROVE) == ChangeFault.STATE


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_who_sells_or_only_looks_on_proposes_nothing(sqlite_ctx: Context, role: Role) -> None:
    ctx = as_person(sqlite_ctx, Acting("x", "aaaa0003", "X", role))
    assert refused(ctx, DEARER) == "change_not_allowed"
    assert list_changes(ctx).refused == "change_not_allowed"


def test_where_nobody_signs_in_there_are_no_two_people(sqlite_ctx: Context) -> None:
    assert refused(sqlite_ctx, DEARER) == "change_alone"
    assert not_taken(sqlite_ctx, 1, ChangeStep.APPROVE) == "change_alone"
    assert (list_changes(sqlite_ctx).refused, list_changes(sqlite_ctx).changes) == ("change_alone", ())


def test_every_step_is_an_event_with_who_what_old_and_new(sqlite_ctx: Context) -> None:
    number = propose_change(as_person(sqlite_ctx, SAM), DEARER)
    act_on_change(as_person(sqlite_ctx, ADA), number, ChangeStep.APPROVE)
    act_on_change(as_person(sqlite_ctx, SAM), number, ChangeStep.ASK_REVOCATION, "Trop tôt")
    act_on_change(as_person(sqlite_ctx, ADA), number, ChangeStep.KEEP)
    act_on_change(as_person(sqlite_ctx, ADA), number, ChangeStep.ASK_REVOCATION, "Non, retirons")
    act_on_change(as_person(sqlite_ctx, SAM), number, ChangeStep.REVOKE)
    sam, ada = SAM.mark, ADA.mark
    assert told(sqlite_ctx) == [
        ("change_proposed", sam, "3150"),
        ("change_approved", ada, "3150"),
        ("change_revocation_asked", sam, "3150"),
        ("change_kept", ada, "3150"),
        ("change_revocation_asked", ada, "3150"),
        ("change_revoked", sam, "3150"),
    ]
    assert [step.by for step in list_changes(sqlite_ctx).changes[0].steps] == [
        one.name for one in (ADA, SAM, ADA, ADA, SAM)
    ]
    clock(sqlite_ctx).move(days=1)
    assert look_at_catalogue(sqlite_ctx) is sqlite_ctx.reference
    assert verify_log(sqlite_ctx).fault is None


def test_what_was_given_up_frees_its_day(sqlite_ctx: Context) -> None:
    sam = as_person(sqlite_ctx, SAM)
    first = propose_change(sam, DEARER)
    assert refused(sam, replace(DEARER, value={"cents": 3300})) == ChangeFault.DAY_TAKEN
    act_on_change(sam, first, ChangeStep.WITHDRAW)
    second = propose_change(sam, replace(DEARER, value={"cents": 3300}))
    ada = as_person(sqlite_ctx, ADA)
    assert not_taken(ada, second, ChangeStep.REJECT) == ChangeFault.REASON
    act_on_change(ada, second, ChangeStep.REJECT, "Trop cher")
    assert not_taken(ada, second, ChangeStep.APPROVE) == ChangeFault.STATE
    assert propose_change(ada, DEARER) == second + 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"valid_from": date(2026, 11, 23)}, "change_day_past"),
        ({"valid_from": date(2014, 1, 1)}, "change_day_past"),
        ({"valid_from": date(2013, 1, 1)}, "change_day_past"),
        ({"valid_from": date(2206, 1, 1)}, "change_day_far"),
        ({"subject": "no.such-service"}, "change_subject"),
        ({"subject": "x' OR '1'='1"}, "change_subject"),
        ({"kind": ChangeKind.CONDITION}, "change_subject"),
        ({"kind": ChangeKind.CONSENT}, "change_subject"),
        ({"value": {"cents": 2900}}, "change_same"),
        ({"value": {"cents": -1}}, "change_price"),
        ({"value": {"cents": 1_000_000}}, "change_price"),
        ({"reason": " "}, "change_reason"),
        ({"reason": "x" * 10_000}, "change_reason"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(sqlite_ctx: Context, changed: dict, code: str) -> None:  # type: ignore[type-arg]  # the table names fields
    ctx = as_person(sqlite_ctx, SAM)
    assert refused(ctx, replace(DEARER, **changed)) == code
    assert preview_change(ctx, replace(DEARER, **changed), "fr").fault == code
    assert list_changes(ctx).changes == ()
    assert told(ctx) == []


def test_there_is_no_change_of_that_number(sqlite_ctx: Context) -> None:
    assert not_taken(as_person(sqlite_ctx, SAM), 7, ChangeStep.APPROVE) == "change_unknown"


def test_each_is_offered_the_steps_that_are_theirs(sqlite_ctx: Context) -> None:
    propose_change(as_person(sqlite_ctx, SAM), DEARER)
    assert list_changes(sqlite_ctx).changes[0].may == (ChangeStep.WITHDRAW,)
    as_person(sqlite_ctx, ADA)
    assert list_changes(sqlite_ctx).changes[0].may == (ChangeStep.APPROVE, ChangeStep.REJECT)
    as_person(sqlite_ctx, None)
    assert list_changes(sqlite_ctx).changes[0].may == ()


def test_the_file_itself_keeps_what_was_decided_and_wants_two_people(sqlite_ctx: Context) -> None:
    number = propose_change(as_person(sqlite_ctx, SAM), DEARER)
    step = "INSERT INTO catalogue_step (change_id, ordinal, step, reason, by_mark, by_name, at) VALUES ({}, {}, '{}', '', '{}', '', 0)"
    for statement in (
        "UPDATE catalogue_change SET value = '{}'",
        "DELETE FROM catalogue_change",
        step.format(number, 1, "approve", SAM.mark),
        step.format(number, 2, "approve", ADA.mark),
    ):
        with pytest.raises(IntegrityError, match="stays as it was decided"), sqlite_ctx.database.write() as tx:
            tx.exec_driver_sql(statement)
    with sqlite_ctx.database.write() as tx:
        tx.exec_driver_sql(step.format(number, 1, "approve", ADA.mark))
    for statement in ("UPDATE catalogue_step SET step = 'revoke'", "DELETE FROM catalogue_step"):
        with pytest.raises(IntegrityError, match="stays as it was decided"), sqlite_ctx.database.write() as tx:
            tx.exec_driver_sql(statement)


def test_the_preview_sets_what_people_read_today_beside_what_they_would_read(sqlite_ctx: Context) -> None:
    shown = preview_change(sqlite_ctx, DEARER, "fr")
    assert (shown.fault, shown.before) == (None, {"cents": 2900})
    places = {one.place: (one.before, one.after) for one in shown.places}
    assert places.keys() == {"catalogue", "aloud", "page", "offer", "confirmation"}
    assert places["page"] == (("29,00\u00a0€",), ("31,50\u00a0€",))
    assert any("5,25\u00a0€" in line for line in places["catalogue"][1])  # the VAT in it
    assert any("31,50\u00a0€" in line for line in places["confirmation"][1])
    assert not any("29,00" in line for place in places.values() for line in place[1])


def test_the_preview_of_words_shows_where_they_are_said(sqlite_ctx: Context) -> None:
    name = {"label_fr": "Mettre en ligne", "label_en": "Go online", "short_fr": "En ligne", "short_en": "Online"}
    named = preview_change(sqlite_ctx, replace(DEARER, kind=ChangeKind.NAME, value=name), "en")
    assert {one.place for one in named.places} >= {"catalogue", "offer", "confirmation"}
    said = preview_change(sqlite_ctx, replace(DEARER, kind=ChangeKind.CONDITION, subject="visit", value=ASKED), "en")
    assert said.places[0].after == ("And? Nothing.",)
    assert [one.place for one in said.places] == ["aloud", "offer"]  # which names the conditions by their date
    read = preview_change(sqlite_ctx, REWORDED, "en")
    assert [one.place for one in read.places] == ["consent_en", "consent_fr"]
    assert read.places[0].after[-1] == "Question: do you agree?"
    assert preview_change(sqlite_ctx, replace(REWORDED, value={"fr": "", "en": ""}), "fr").places == ()


def test_a_change_for_later_lets_an_earlier_one_through(ctx: Context) -> None:
    approved(ctx, replace(DEARER, valid_from=TOMORROW + timedelta(days=9)))
    approved(ctx, replace(DEARER, value={"cents": 3000}))
    reference = look_at_catalogue(ctx)
    days = (TOMORROW, TOMORROW + timedelta(days=9))
    assert [reference.catalogue_on(day).services[DEVICE.service].price_cents for day in days] == [3000, 3150]


def test_the_customers_page_shows_the_sites_own_words_and_keeps_their_fingerprint(ctx: Context) -> None:
    texts = {
        "fr": "Votre conseiller verra votre écran.\n\nQuestion : d’accord ?",
        "en": "Your adviser sees your screen.\n\nQuestion: agreed?",
    }
    number = approved(ctx, replace(REWORDED, subject="screen_sharing", value=texts))
    shown = told_share(entered(ctx).look())
    assert shown["consent"] == latest_text(ConsentKind.SCREEN_SHARING, "fr").text
    clock(ctx).move(days=1)
    visitor = entered(ctx)
    assert told_share(visitor.look())["consent"] == texts["fr"]
    statement = told_share(visitor.look())["statements"][0]
    assert statement["text"] == latest_text(statement["kind"], "fr").text  # which nobody has reworded
    visitor.accept()
    given = load_session(ctx, visitor.view.id).consents[-1]
    assert (given.text_version, given.text_sha256) == (
        1000 + number,
        hashlib.sha256(texts["fr"].encode()).hexdigest(),
    )


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_everything_that_can_be_changed_has_a_value_today(sqlite_ctx: Context, kind: ChangeKind) -> None:
    approved(sqlite_ctx, replace(DEARER, kind=ChangeKind.CONDITION, subject="visit", value=ASKED))
    reference = look_at_catalogue(sqlite_ctx)
    found = {one: value_on(reference, kind, one, TOMORROW) for one in subjects(reference, kind, TOMORROW)}
    assert len(found) >= 7
    parts = set(PARTS[kind]) or {"cents"}
    assert all(value is not None and value.keys() == parts for value in found.values())
    assert found.get("visit", ASKED) == ASKED
