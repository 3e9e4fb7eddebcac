"""The customer accepts: prices are kept, the offer goes out, and other services need another yes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.views import SessionView
from agent_desk.reference import Reference
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.gates import Gate
from agent_desk.rules.session import (
    ConsentKind,
    Content,
    Customer,
    Feasibility,
    Line,
    Outcome,
    Segment,
    State,
    Territory,
)
from agent_desk.storage.tables import mail, session_line
from tests.support.desks import (
    CLAIRE,
    DEVICE,
    NOON,
    READY,
    VIRUS,
    agreed,
    begun,
    clock,
    consent,
    content,
    drafted,
    type_in,
)

PRICED = (ConsentKind.WARRANTY, ConsentKind.PRICE)
STARTING = (ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)


def prices(ctx: Context, view: SessionView) -> list[tuple[str, int, int]]:
    with ctx.database.read() as tx:
        rows = tx.execute(
            select(session_line).where(session_line.c.session_id == view.id).order_by(session_line.c.position)
        )
        return [(row.service, row.quantity, row.unit_price_cents) for row in rows]


def offers(ctx: Context, view: SessionView) -> list[str]:
    with ctx.database.read() as tx:
        query = select(mail.c.key).where(mail.c.session_id == view.id, mail.c.kind == "offer").order_by(mail.c.id)
        return list(tx.execute(query).scalars())


def kinds(ctx: Context, view: SessionView) -> list[str]:
    return [event.kind for event in read_timeline(ctx, view.id).events]


def dearer(reference: Reference, day: date) -> Reference:
    """Return the reference with every price doubled from `day` on."""
    now = reference.history[-1]
    services = {code: replace(one, price_cents=2 * one.price_cents) for code, one in now.services.items()}
    risen: Catalogue = replace(now, version=day.isoformat(), services=services)
    return replace(reference, history=(*reference.history, risen), days=(*reference.days, day))


def test_agreeing_keeps_the_prices_and_queues_the_offer(ctx: Context) -> None:
    view = agreed(ctx)
    assert (view.state, view.agreed_at, view.price_date) == (State.AGREED, NOON, NOON)
    assert prices(ctx, view) == [("security.virus-removal", 1, 7900), ("livebox.connect-device", 1, 2900)]
    (offer,) = view.mails
    assert (offer.kind, offer.state, offer.recipient) == ("offer", "queued", CLAIRE.email)
    assert offers(ctx, view) == [f"session:{view.id}:offer"]


def test_a_draft_is_qualified_on_the_way(ctx: Context) -> None:
    view = agreed(ctx)
    assert kinds(ctx, view)[-3:] == ["session_qualified", "session_agreed", "mail_queued"]


def test_a_qualified_session_is_agreed(ctx: Context) -> None:
    view = drafted(ctx)
    view = qualify_session(ctx, view.id, view.version)
    assert (view.state, view.version) == (State.QUALIFIED, 2)
    view = consent(ctx, view, *PRICED)
    assert agree_session(ctx, view.id, view.version).state is State.AGREED


def test_everything_that_misses_is_named_at_once(ctx: Context) -> None:
    view = drafted(ctx, Content(customer=Customer(surname="Morvan"), lines=(DEVICE,)))
    with pytest.raises(Refusal) as refused:
        agree_session(ctx, view.id, view.version)
    missing = {blocker.code for blocker in refused.value.blockers}
    assert refused.value.code == "blocked"
    assert {Gate.FIRST_NAME, Gate.SUBSCRIPTION, Gate.DISCS, Gate.WARRANTY, Gate.PRICE} <= missing
    assert Gate.SURNAME not in missing
    assert "customer.first_name" in refused.value.fields
    assert load_session(ctx, view.id).state is State.DRAFT


def test_a_second_window_does_not_agree_again(ctx: Context) -> None:
    view = consent(ctx, drafted(ctx), *PRICED)
    agree_session(ctx, view.id, view.version)
    with pytest.raises(Refusal) as refused:
        agree_session(ctx, view.id, view.version)
    assert refused.value.code == "changed_elsewhere"
    assert offers(ctx, view) == [f"session:{view.id}:offer"]


def test_agreeing_what_is_agreed_changes_nothing(ctx: Context) -> None:
    view = agreed(ctx)
    assert agree_session(ctx, view.id, view.version) == view


def test_other_services_need_another_yes(ctx: Context) -> None:
    view = agreed(ctx)
    view = type_in(ctx, view, replace(view.content, lines=(*view.content.lines, Line("tv.advanced-use"))))
    for action in (agree_session, begin_work):
        with pytest.raises(Refusal) as refused:
            action(ctx, view.id, view.version)
        assert Gate.PRICE_CHANGED in {blocker.code for blocker in refused.value.blockers}
    assert len(prices(ctx, view)) == 2


def test_the_new_yes_agrees_the_new_services_with_a_second_offer(ctx: Context) -> None:
    view = agreed(ctx)
    view = type_in(ctx, view, replace(view.content, lines=(*view.content.lines, Line("tv.advanced-use"))))
    after = consent(ctx, view, ConsentKind.PRICE)
    assert prices(ctx, view)[-1] == ("tv.advanced-use", 1, 1900)
    assert offers(ctx, view) == [f"session:{view.id}:offer", f"session:{view.id}:offer:2"]
    assert kinds(ctx, view)[-3:] == ["consent_recorded", "lines_changed", "mail_queued"]
    assert (after.state, after.version, after.agreed_at) == (State.AGREED, view.version + 1, NOON)


def test_another_operation_at_the_same_price_is_agreed_anew(ctx: Context) -> None:
    view = agreed(ctx)
    lines = (replace(VIRUS, operations=("optimisation",)), DEVICE)
    consent(ctx, type_in(ctx, view, replace(view.content, lines=lines)), ConsentKind.PRICE)
    assert len(offers(ctx, view)) == 2


def test_a_service_added_while_working_is_billed_at_closing(ctx: Context) -> None:
    view = begun(ctx)
    lines = (*view.content.lines, Line("tv.advanced-use"))
    view = type_in(ctx, view, replace(view.content, lines=tuple(replace(one, outcome=Outcome.SOLVED) for one in lines)))
    view = consent(ctx, view, ConsentKind.PRICE)
    closed = close_session(ctx, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 7900 + 2900 + 1900


def test_a_yes_comes_before_what_else_misses_and_the_agreement_follows_later(ctx: Context) -> None:
    view = agreed(ctx)
    webcam = Line("devices.computer-peripheral", equipment="Logitech C270")
    view = type_in(ctx, view, replace(view.content, lines=(DEVICE, webcam)))
    view = consent(ctx, view, ConsentKind.PRICE)
    assert len(prices(ctx, view)) == 2
    assert prices(ctx, view)[0][0] == "security.virus-removal"
    answer_feasibility(ctx, view.id, "lines[1]", Feasibility.YES)
    view = agree_session(ctx, view.id, view.version)
    assert [row[0] for row in prices(ctx, view)] == ["livebox.connect-device", "devices.computer-peripheral"]


def test_closing_agrees_first_what_was_accepted_but_not_agreed(ctx: Context) -> None:
    view = begun(ctx)
    webcam = Line("devices.computer-peripheral", equipment="Logitech C270", outcome=Outcome.SOLVED)
    view = type_in(ctx, view, replace(view.content, lines=(replace(DEVICE, outcome=Outcome.SOLVED), webcam)))
    view = consent(ctx, view, ConsentKind.PRICE)
    with pytest.raises(Refusal) as refused:
        close_session(ctx, view.id, view.version)
    assert [blocker.code for blocker in refused.value.blockers] == [Gate.EQUIPMENT_FEASIBILITY]
    answer_feasibility(ctx, view.id, "lines[1]", Feasibility.YES)
    closed = close_session(ctx, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 2900 + 4900
    assert "lines_changed" in kinds(ctx, view)


def test_a_service_added_after_the_withdrawal_period_needs_its_own_early_start(ctx: Context) -> None:
    view = agreed(ctx)
    clock(ctx).move(days=30)
    view = begin_work(ctx, consent(ctx, view, ConsentKind.BACKUP).id, view.version)
    view = type_in(ctx, view, replace(view.content, lines=(*view.content.lines, Line("tv.advanced-use"))))
    view = consent(ctx, view, ConsentKind.PRICE)
    with pytest.raises(Refusal) as refused:
        agree_session(ctx, view.id, view.version)
    assert {blocker.code for blocker in refused.value.blockers} == {Gate.EARLY_START, Gate.EARLY_START_WAIVER}
    view = consent(ctx, view, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    assert len(agree_session(ctx, view.id, view.version).mails) == 2


def test_the_prices_of_the_acceptance_day_are_kept_for_ever(ctx: Context) -> None:
    view = begun(ctx)
    later = replace(ctx, reference=dearer(ctx.reference, (NOON + timedelta(days=1)).date()))
    clock(ctx).move(days=1)
    lines = (*view.content.lines, Line("tv.advanced-use"))
    view = type_in(
        later, view, replace(view.content, lines=tuple(replace(one, outcome=Outcome.SOLVED) for one in lines))
    )
    view = consent(later, view, ConsentKind.PRICE)
    closed = close_session(later, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 7900 + 2900 + 1900


def test_before_the_agreement_the_price_is_that_of_the_day(ctx: Context) -> None:
    view = consent(ctx, drafted(ctx), *PRICED)
    later = replace(ctx, reference=dearer(ctx.reference, (NOON + timedelta(days=1)).date()))
    clock(ctx).move(days=1)
    with pytest.raises(Refusal) as refused:
        agree_session(later, view.id, view.version)
    assert [blocker.code for blocker in refused.value.blockers] == [Gate.PRICE_CHANGED]


def test_without_an_address_the_offer_is_held_to_be_printed(ctx: Context) -> None:
    offline = replace(CLAIRE, email="", no_email_reason="no_address")
    (offer,) = agreed(ctx, content(customer=offline)).mails
    assert (offer.state, offer.recipient) == ("held", "")


def test_a_pro_only_service_is_refused_to_a_residential_customer(ctx: Context) -> None:
    line = Line("network.livebox-integration")
    view = consent(ctx, drafted(ctx, content(line)), *PRICED)
    with pytest.raises(Refusal) as refused:
        agree_session(ctx, view.id, view.version)
    assert [blocker.code for blocker in refused.value.blockers] == [Gate.PRO_ONLY]
    pro = replace(CLAIRE, segment=Segment.PRO, company="SARL Kerzu")
    assert agreed(ctx, content(line, customer=pro)).state is State.AGREED


def test_an_unknown_service_is_named_and_nothing_breaks(ctx: Context) -> None:
    view = agreed(ctx)
    view = type_in(ctx, view, replace(view.content, lines=(Line("no.such-service"),)))
    with pytest.raises(Refusal) as refused:
        agree_session(ctx, view.id, view.version)
    assert Gate.UNKNOWN_SERVICE in {blocker.code for blocker in refused.value.blockers}


def test_the_catalogue_is_that_of_the_customers_own_day(sqlite_ctx: Context) -> None:
    clock(sqlite_ctx).time = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)  # half past one on New Year's Day in Réunion
    ctx = replace(sqlite_ctx, reference=dearer(sqlite_ctx.reference, date(2027, 1, 1)))
    far = replace(CLAIRE, territory=Territory.REUNION)
    assert prices(ctx, agreed(ctx, content(DEVICE, customer=far))) == [(DEVICE.service, 1, 5800)]
    assert prices(ctx, agreed(ctx, content(DEVICE))) == [(DEVICE.service, 1, 2900)]


def test_what_could_not_be_agreed_at_once_is_agreed_and_offered_before_the_work(sqlite_ctx: Context) -> None:
    bare = replace(content(DEVICE), prerequisites=replace(READY, platform=""))
    view = consent(sqlite_ctx, agreed(sqlite_ctx, bare), *STARTING)
    view = type_in(sqlite_ctx, view, replace(view.content, lines=(DEVICE, Line("help.usage"))))
    view = consent(sqlite_ctx, view, ConsentKind.PRICE)
    assert prices(sqlite_ctx, view) == [(DEVICE.service, 1, 2900)]
    view = type_in(sqlite_ctx, view, replace(view.content, prerequisites=READY))
    begin_work(sqlite_ctx, view.id, view.version)
    assert prices(sqlite_ctx, view) == [(DEVICE.service, 1, 2900), ("help.usage", 1, 4900)]
    assert len(offers(sqlite_ctx, view)) == 2
