"""`deskctl report`: the figures of the screen Pilotage. Loaded when it is asked for."""

import argparse

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.console.answer import Answer
from agent_desk.console.refusal import Refused
from agent_desk.console.report import show_report
from agent_desk.console.values import YEARS, read_choice, read_date
from agent_desk.rules.report import LONGEST_DAYS, By, Period, day_of, first_day
from agent_desk.wording import Wording


def report(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    """Return the figures of the days asked for, after counting all anew where that is wanted."""
    by = None if options.by is None else By(read_choice(options.by, "by", [one.value for one in By]))
    today = day_of(ctx.clock.now())
    last = today if options.last is None else read_date(options.last, "to")
    first = first_day(Period.MONTH, min(last, today)) if options.first is None else read_date(options.first, "from")
    if last.year not in YEARS or not 0 <= (last - first).days < LONGEST_DAYS:
        raise Refused("to", "errors.invalid_period")
    if options.rebuild:
        late.report_rebuild(ctx)
    services = ctx.reference.catalogue_on(today).services.values()
    names = {one.code: one.short_fr if wording.language == "fr" else one.short_en for one in services}
    return show_report(late.report(ctx, first, last), by, names, wording)
