"""Why a session cost what it cost, told and verified from what was kept with the decision."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_from_json, decision_to_json, inputs_to_json, recompute
from agent_desk.actions.errors import Refusal
from agent_desk.actions.explain_decision import explain_decision
from agent_desk.actions.verify_decisions import Mismatch, verify_decisions
from agent_desk.actions.views import SessionView
from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.billing import Case, CaseLine, Rule, decide, needs_visit
from agent_desk.rules.catalogue import MACHINES_MAX, OPERATIONS, Service, Unit
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory
from agent_desk.storage import events
from agent_desk.storage.tables import decision
from tests.support.desks import drafted, finished, type_in

CATALOGUE = load_reference(data_path("db", "seed")).history[-1]
CHEAP = (CaseLine("livebox.connect-device", 1, Outcome.SOLVED),)


def closed(ctx: Context, outcome: Outcome = Outcome.SOLVED, visit: HomeVisit = HomeVisit.NONE) -> SessionView:
    view = finished(ctx, outcome=outcome)
    closing = replace(view.content.closing, home_visit=visit)
    view = type_in(ctx, view, replace(view.content, closing=closing))
    return close_session(ctx, view.id, view.version)


def lines_of(service: Service) -> st.SearchStrategy[CaseLine]:
    operations = OPERATIONS.get(service.code, ())
    return st.builds(
        CaseLine,
        service=st.just(service.code),
        quantity=st.just(1) if service.unit is Unit.SESSION else st.integers(1, 99),
        outcome=st.sampled_from(Outcome),
        operations=st.lists(st.sampled_from(operations), min_size=1, unique=True).map(tuple)
        if operations
        else st.just(()),
        machines=st.integers(1, MACHINES_MAX.get(service.code, 1)),
    )


CASES = st.builds(
    Case,
    territory=st.sampled_from(Territory),
    segment=st.just(Segment.PRO),
    home_visit=st.sampled_from(HomeVisit),
    lines=st.lists(st.sampled_from(list(CATALOGUE.services.values())).flatmap(lines_of), min_size=1, max_size=4).map(
        tuple
    ),
).filter(lambda case: case.home_visit is not HomeVisit.ACCEPTED or needs_visit(line.outcome for line in case.lines))


@given(CASES)
def test_every_decision_follows_again_from_its_inputs_alone(case: Case) -> None:
    made = decide(case, CATALOGUE)
    inputs = inputs_to_json(case, CATALOGUE)
    assert recompute(inputs) == made
    assert decision_from_json(inputs, decision_to_json(made)) == made


def test_an_explanation_gives_each_line_its_rule_article_and_reckoning(ctx: Context) -> None:
    view = closed(ctx, Outcome.NOT_SOLVED, HomeVisit.ACCEPTED)
    told = explain_decision(ctx, view.number)
    assert [(line.rule, line.article, line.amount_cents) for line in told.lines] == [
        (Rule.VIRUS_REMOVAL_ALWAYS_BILLED, "4.9", 7900),
        (Rule.ONLY_HOME_VISIT_BILLED, "4.8", 0),
    ]
    assert [line.reckoning for line in told.lines] == [
        "1 × 79,00\u00a0€ = 79,00\u00a0€",
        "0,00\u00a0€ au lieu de 1 × 29,00\u00a0€",
    ]
    assert (told.total_cents, told.vat_cents, told.travel_ceiling_cents, told.reproduced) == (7900, 1317, 6900, True)
    text = "\n".join(told.text)
    for part in (
        view.number,
        "Nadia Leroy",
        "art. 4.9",
        "art. 4.8",
        "23\u00a0novembre\u00a02026 à 12\u00a0h",
        "69,00\u00a0€ au plus",
    ):
        assert part in text


def test_it_can_be_told_in_english_and_by_a_nameless_agent(sqlite_ctx: Context) -> None:
    ctx = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, agent_name=""))
    told = explain_decision(ctx, closed(ctx).number.lower(), "en")
    assert told.travel_ceiling_cents is None
    assert "€79.00" in "\n".join(told.text)
    assert " by " not in told.text[0]


def test_a_service_no_longer_known_is_told_by_its_code(sqlite_ctx: Context) -> None:
    view = closed(sqlite_ctx)
    catalogue = sqlite_ctx.reference.history[-1]
    services = {code: one for code, one in catalogue.services.items() if code != "livebox.connect-device"}
    later = replace(sqlite_ctx.reference, history=(replace(catalogue, services=services),))
    told = explain_decision(replace(sqlite_ctx, reference=later), view.number)
    assert told.lines[1].label == "livebox.connect-device"


def test_no_session_and_no_decision_are_told_apart(ctx: Context) -> None:
    view = drafted(ctx)
    for number, code in (("S-2026-999999", "not_found"), ("", "not_found"), (view.number, "not_decided")):
        with pytest.raises(Refusal) as refused:
            explain_decision(ctx, number)
        assert refused.value.code == code


def test_all_decisions_verify(ctx: Context) -> None:
    for outcome in Outcome:
        closed(ctx, outcome)
    report = verify_decisions(ctx)
    assert (report.decisions, report.mismatches) == (len(Outcome), ())


def test_a_desk_without_decisions_verifies(ctx: Context) -> None:
    assert verify_decisions(ctx).decisions == 0


def test_they_are_verified_in_batches(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.actions.verify_decisions.BATCH", 2)
    for _ in range(5):
        closed(sqlite_ctx)
    assert verify_decisions(sqlite_ctx).decisions == 5


@pytest.mark.parametrize(
    ("column", "change", "decided"),
    [
        ("total_cents", 0, 10_800),
        ("vat_cents", 1, 10_800),
        ("result", '"total_cents":10800->"total_cents":1', 10_800),
        ("inputs", '"unit_price_cents":2900->"unit_price_cents":3900', 11_800),
        ("inputs", '"outcome":"solved"->"outcome":"not_performed"', 0),
        ("inputs", '"territory":"metropole"->"territory":"atlantis"', None),
        ("inputs", '"lines":->"lanes":', None),
        ("inputs", "{->[", None),
        ("inputs", '"quantity":1->"quantity":0', None),
    ],
)
def test_a_changed_decision_is_reported(
    sqlite_ctx: Context, column: str, change: str | int, decided: int | None
) -> None:
    closed(sqlite_ctx)
    view = closed(sqlite_ctx)
    with sqlite_ctx.database.write() as tx:
        kept = tx.execute(select(decision).where(decision.c.session_id == view.id)).one()
        value: object = change
        if isinstance(change, str) and "->" in change:
            old, new = change.split("->")
            assert old in getattr(kept, column)
            value = getattr(kept, column).replace(old, new)
        tx.execute(update(decision).where(decision.c.session_id == view.id).values({column: value}))
        stored = tx.execute(select(decision.c.total_cents).where(decision.c.session_id == view.id)).scalar_one()
    report = verify_decisions(sqlite_ctx)
    assert report.decisions == 2
    tied = column not in ("inputs", "result") or decided is None
    assert report.mismatches == (Mismatch(view.number, stored, decided, tied),)


@pytest.mark.parametrize("broken", ["result", "inputs"])
def test_an_explanation_says_when_it_does_not_come_out_the_same(sqlite_ctx: Context, broken: str) -> None:
    view = closed(sqlite_ctx)
    with sqlite_ctx.database.write() as tx:
        kept = json.loads(tx.execute(select(getattr(decision.c, broken))).scalar_one())
        if broken == "result":
            kept["total_cents"] = 1
        else:
            kept["lines"][0]["quantity"] = 0
        tx.execute(update(decision).values({broken: json.dumps(kept)}))
    told = explain_decision(sqlite_ctx, view.number)
    assert not told.reproduced
    assert "différente" in told.text[-1]


def test_a_decision_changed_together_with_its_inputs_is_not_the_one_the_log_names(ctx: Context) -> None:
    view = closed(ctx)
    forged = inputs_to_json(Case(Territory.METROPOLE, Segment.RESIDENTIAL, HomeVisit.NONE, CHEAP), CATALOGUE)
    made = recompute(forged)
    with ctx.database.write() as tx:
        changed = {"inputs": forged, "result": decision_to_json(made)}
        totals = {"total_cents": made.total_cents, "vat_cents": made.vat_cents}
        tx.execute(update(decision).where(decision.c.session_id == view.id).values(**changed, **totals))
    assert verify_decisions(ctx).mismatches == (Mismatch(view.number, 2900, 2900, logged=False),)


def test_a_decision_nobody_made_is_reported(ctx: Context) -> None:
    view, other = closed(ctx), drafted(ctx)
    with ctx.database.write() as tx:
        row = tx.execute(select(decision).where(decision.c.session_id == view.id)).one()._asdict()
        del row["id"]
        tx.execute(insert(decision).values(row | {"session_id": other.id}))
    assert [found.session_number for found in verify_decisions(ctx).mismatches] == [other.number]


def test_a_decision_whose_event_was_erased_is_still_decided_again(ctx: Context) -> None:
    view = closed(ctx)
    with ctx.database.write() as tx:
        events.erase(tx, view.id)
    assert verify_decisions(ctx).mismatches == ()


def test_the_log_commits_to_the_text_of_each_consent_and_to_the_price_accepted(ctx: Context) -> None:
    view = closed(ctx)
    with ctx.database.read() as tx:
        told = [one.payload for one in events.history(tx, view.id) if one.kind == "consent_recorded"]
    kept = [(consent.kind, consent.text_sha256, consent.covers) for consent in view.consents]
    assert [(one["kind"], one["sha256"], one.get("covers", "")) for one in told if one] == kept
    assert any(covers for _, _, covers in kept)
