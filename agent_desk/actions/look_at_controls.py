"""The sample of the internal control plan: cases of a commitment are drawn once its month is over, when a supervisor looks."""

from agent_desk.actions.context import Context
from agent_desk.actions.list_misses import find_commitment
from agent_desk.actions.report_commitments import last_day
from agent_desk.actions.report_counting import check_may_report
from agent_desk.actions.review_access import may_review
from agent_desk.rules.commitments import first_of
from agent_desk.rules.controls import Sheet, drawn, is_over
from agent_desk.storage.commitments import sessions_of
from agent_desk.storage.controls import draw, read_sheet
from agent_desk.storage.reviews import review_key


def look_at_controls(ctx: Context, commitment: str, month: str) -> Sheet:
    """Return the sample of a commitment and month, drawn now where nobody has and who looks may; Refusal `no_rights`.

    Of a month that is not over nothing is drawn.
    """
    check_may_report(ctx)
    found, now = find_commitment(commitment), ctx.clock.now()
    with ctx.database.read() as tx:
        sheet = read_sheet(tx, commitment, month)
    if sheet.samples or not is_over(month, now) or not may_review(ctx):
        return sheet
    with ctx.database.read() as tx:
        cases = sessions_of(tx, found, first_of(month), last_day(month), now)
        chosen = drawn(review_key(tx), commitment, month, cases)
    with ctx.database.write() as tx:
        if not read_sheet(tx, commitment, month).samples:
            draw(tx, sheet, chosen, now)
        return read_sheet(tx, commitment, month)
