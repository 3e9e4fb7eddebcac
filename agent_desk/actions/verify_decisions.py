"""Every decision is made again from what was stored with it; it must come out the same, and be the one the log names."""

from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_to_json, fingerprint, recompute
from agent_desk.actions.visit_decisions import recompute_visit, visit_result
from agent_desk.storage.decisions import DecisionRecord, logged_decisions, read_decisions
from agent_desk.storage.visits import DECIDED, VisitDecisionRecord, read_visit_decisions

BATCH = 500


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A decision that is not what its inputs give, or not the one the log names (`logged` False).

    `kept_cents` stands in the database; `decided_cents` is None where nothing can be decided.
    """

    session_number: str
    kept_cents: int
    decided_cents: int | None
    logged: bool = True


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """The result of deciding everything again."""

    decisions: int
    mismatches: tuple[Mismatch, ...]


def verify_decisions(ctx: Context) -> DecisionReport:
    """Decide every session and visit again from its stored inputs only, and report each that comes out different."""
    count, last = 0, 0
    wrong: list[Mismatch] = []
    while True:
        with ctx.database.reports() as tx:
            batch = read_decisions(tx, last, BATCH)
            logged = logged_decisions(tx, [kept.session_id for _, kept in batch])
        if not batch:
            break
        count, last = count + len(batch), batch[-1][0]
        wrong += [found for _, kept in batch if (found := mismatch(kept, logged.get(kept.session_id))) is not None]
    visited, wrong_visits = _verify_visits(ctx)
    return DecisionReport(count + visited, (*wrong, *wrong_visits))


def _verify_visits(ctx: Context) -> tuple[int, list[Mismatch]]:
    """Decide every visit again; return how many there were, and those that come out different."""
    count, last = 0, 0
    wrong: list[Mismatch] = []
    while True:
        with ctx.database.reports() as tx:
            batch = read_visit_decisions(tx, last, BATCH)
            logged = logged_decisions(tx, [kept.session_id for _, kept in batch], DECIDED)
        if not batch:
            return count, wrong
        count, last = count + len(batch), batch[-1][0]
        wrong += [found for _, kept in batch if (found := _visit_mismatch(kept, logged.get(kept.session_id)))]


def _visit_mismatch(kept: VisitDecisionRecord, logged: frozenset[str] | None) -> Mismatch | None:
    try:
        again = recompute_visit(kept.inputs)
    except (KeyError, TypeError, ValueError):
        return Mismatch(kept.session_number, kept.total_cents, None)
    told = (visit_result(again), again.amount_cents, again.vat_cents)
    named = logged is None or fingerprint(kept.inputs, kept.result) in logged
    if named and told == (kept.result, kept.total_cents, kept.vat_cents):
        return None
    return Mismatch(kept.session_number, kept.total_cents, again.amount_cents, named)


def mismatch(kept: DecisionRecord, logged: frozenset[str] | None) -> Mismatch | None:
    """Return what is wrong; `logged` are the fingerprints in the log, None where one was erased."""
    try:
        decision = recompute(kept.inputs)
    except (KeyError, TypeError, ValueError):  # damaged, or a case today's rules refuse
        return Mismatch(kept.session_number, kept.total_cents, None)
    told = (decision_to_json(decision), decision.total_cents, decision.vat_cents)
    named = logged is None or fingerprint(kept.inputs, kept.result) in logged
    if named and told == (kept.result, kept.total_cents, kept.vat_cents):
        return None
    return Mismatch(kept.session_number, kept.total_cents, decision.total_cents, named)
