"""A supervisor looks at a case of the internal control plan and writes what they found."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.review_access import here, may_review
from agent_desk.rules.controls import Sheet, Verdict, check_refusal
from agent_desk.storage.controls import check, read_sheet
from agent_desk.storage.refused import RefusedByRights


def check_case(ctx: Context, commitment: str, month: str, sample_id: int, verdict: Verdict, note: str = "") -> Sheet:
    """Write what was found of a case and return the sheet; Refusal as `rules.controls.check_refusal`, `control_not_allowed`."""
    if not may_review(ctx):
        raise Refusal("control_not_allowed")
    words, name = " ".join(note.split()), here(ctx)[0]
    with ctx.database.write() as tx:
        sheet = read_sheet(tx, commitment, month)
        sample = next((one for one in sheet.samples if one.id == sample_id), None)
        if sample is None:
            raise Refusal("unknown_case")
        code = check_refusal(sheet, sample, name, verdict, words)
        if code:
            raise Refusal(code)
        try:
            check(tx, sample, verdict, words, ctx.clock.now(), name)
        except RefusedByRights as refused:
            raise Refusal(refused.code) from refused
        return read_sheet(tx, commitment, month)
