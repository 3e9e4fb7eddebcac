"""A supervisor signs what was found of a commitment and month; its hash goes into the site's chain, and nothing changes after."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.review_access import here, may_review
from agent_desk.rules.controls import Sheet, sign_refusal
from agent_desk.storage.controls import read_sheet, sign
from agent_desk.storage.refused import RefusedByRights


def sign_controls(ctx: Context, commitment: str, month: str) -> Sheet:
    """Sign a sheet and return it; Refusal as `rules.controls.sign_refusal`, `control_not_allowed`."""
    if not may_review(ctx):
        raise Refusal("control_not_allowed")
    with ctx.database.write() as tx:
        sheet = read_sheet(tx, commitment, month)
        code = sign_refusal(sheet)
        if code:
            raise Refusal(code)
        try:
            sign(tx, sheet, ctx.clock.now(), here(ctx)[0])
        except RefusedByRights as refused:
            raise Refusal(refused.code) from refused
        return read_sheet(tx, commitment, month)
