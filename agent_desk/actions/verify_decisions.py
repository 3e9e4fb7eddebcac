"""Every decision is made again from what was stored with it; it must come out the same, and be the one the log names."""

from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_to_json, fingerprint, recompute
from agent_desk.storage.decisions import DecisionRecord, logged_decisions, read_decisions

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
    """Decide every session again from its stored inputs only, and report each that comes out different."""
    count, last = 0, 0
    wrong: list[Mismatch] = []
    while True:
        with ctx.database.reports() as tx:
            batch = read_decisions(tx, last, BATCH)
            logged = logged_decisions(tx, [kept.session_id for _, kept in batch])
        if not batch:
            return DecisionReport(count, tuple(wrong))
        count, last = count + len(batch), batch[-1][0]
        wrong += [found for _, kept in batch if (found := mismatch(kept, logged.get(kept.session_id))) is not None]


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
