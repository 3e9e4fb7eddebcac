"""Every decision is made again from what was stored with it, and must come out the same."""

from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_to_json, recompute
from agent_desk.storage.sessions import DecisionRecord, read_decisions

BATCH = 500


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A decision its inputs do not give: `kept_cents` stands in the database, `decided_cents` is None if undecidable."""

    session_number: str
    kept_cents: int
    decided_cents: int | None


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
        with ctx.database.read() as tx:
            batch = read_decisions(tx, last, BATCH)
        if not batch:
            return DecisionReport(count, tuple(wrong))
        count, last = count + len(batch), batch[-1][0]
        wrong += [found for _, kept in batch if (found := _mismatch(kept)) is not None]


def _mismatch(kept: DecisionRecord) -> Mismatch | None:
    try:
        decision = recompute(kept.inputs)
    except (KeyError, TypeError, ValueError):  # damaged, or a case today's rules refuse
        return Mismatch(kept.session_number, kept.total_cents, None)
    told = (decision_to_json(decision), decision.total_cents, decision.vat_cents)
    if told == (kept.result, kept.total_cents, kept.vat_cents):
        return None
    return Mismatch(kept.session_number, kept.total_cents, decision.total_cents)
