"""`deskctl deadline` for what ends, or leaves, at one moment: a decision, a code, a link, a reminder, an SMS in the night."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from agent_desk.console.answer import Answer
from agent_desk.console.deadline import said_at, spoken
from agent_desk.console.values import given, read_moment, read_territory
from agent_desk.rules.clocks import CODE_LIFE, callback_day, feasibility_due
from agent_desk.rules.credit import decision_due
from agent_desk.rules.links import LIFETIME, Purpose
from agent_desk.rules.pro import effective_by
from agent_desk.rules.session import Territory
from agent_desk.rules.sms import after_quiet_hours
from agent_desk.rules.territories import local, utc
from agent_desk.rules.visit import Window, reminder_at
from agent_desk.wording import Wording

# By when each is over, from its moment on; `deadline_steps.<limit>` says why.
ENDS: Mapping[str, Callable[[datetime, Territory], datetime]] = {
    "feasibility": lambda asked, _where: feasibility_due(asked),
    "credit": lambda proposed, _where: decision_due(proposed),
    "pro": effective_by,
    "code": lambda issued, _where: utc(issued) + CODE_LIFE,
    "opinion-link": lambda sent, _where: utc(sent) + LIFETIME[Purpose.SATISFACTION],
    "withdrawal-link": lambda sent, _where: utc(sent) + LIFETIME[Purpose.WITHDRAWAL],
}
MOMENTS = (*ENDS, "reminder", "sms")


def show_moment(
    limit: str, accepted: str, territory: str, begins: str | None, wording: Wording, *, explain: bool = False
) -> Answer:
    """Return when one of `MOMENTS` is over, or leaves, in the customer's time; with `explain` why.

    A reminder depends on when its visit `begins`; there is none, and no deadline, where its hour had passed by then.
    """
    where, begun = read_territory(territory, "territory"), read_moment(accepted, "accepted")
    value: dict[str, object] = {"accepted": accepted, "territory": territory}
    if limit == "reminder":
        value["begins"] = given(begins, "begins")
        steps, due = _reminder(read_moment(given(begins, "begins"), "begins"), begun, where, wording)
    elif limit == "sms":
        steps, due = _sms(begun, where, wording)
    else:
        due = ENDS[limit](begun, where)
        until = wording.text("counted_days.until", limit=_spoken(due, where, wording))
        steps = (wording.text(f"deadline_steps.{limit}", at=said_at(begun, where, wording)), until)
    value["deadline"] = None if due is None else local(due, where).isoformat()
    if not explain:
        return Answer(value, (steps[-1] if due is None else _spoken(due, where, wording),))
    return Answer(value | {"steps": list(steps)}, steps)


def _reminder(
    begins: datetime, agreed: datetime, where: Territory, wording: Wording
) -> tuple[tuple[str, ...], datetime | None]:
    due = reminder_at(Window(begins, begins + timedelta(hours=1)), agreed, where)
    visit = wording.text("deadline_steps.visit", at=said_at(begins, where, wording))
    if due is None:
        return (visit, wording.text("deadline_steps.no_reminder", at=said_at(agreed, where, wording))), None
    agreed_at = wording.text("deadline_steps.agreed", at=said_at(agreed, where, wording))
    return (visit, agreed_at, wording.text("deadline_steps.reminder", at=_spoken(due, where, wording))), due


def _sms(written: datetime, where: Territory, wording: Wording) -> tuple[tuple[str, ...], datetime]:
    due = after_quiet_hours(written, where)
    why = "sms_at_once" if due == utc(written) else "sms_waits"
    return (
        wording.text("deadline_steps.sms", at=said_at(written, where, wording)),
        wording.text(f"deadline_steps.{why}"),
        wording.text("deadline_steps.leaves", at=_spoken(due, where, wording)),
    ), due


def _spoken(due: datetime, where: Territory, wording: Wording) -> str:
    return spoken(local(due, where), callback_day(due, where), wording.language)
