"""The header of a session: name, numbers, where it stands, and the running cost of the call (3.2)."""

from PySide6.QtCore import QCoreApplication

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Chip, Header
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.steps_pane import NAMES
from agent_desk.desktop.session.texts import customer_name, grouped_number
from agent_desk.formats import format_cents, format_duration
from agent_desk.rules.call_cost import cost_cents
from agent_desk.rules.presence import Colleague
from agent_desk.rules.session import ENDED, State, Step
from agent_desk.rules.share import ShareState

MOST_NAMED, LONGEST_NAME = 2, 24
_TONES = {State.CLOSED: "ok", State.CANCELLED: "warn", State.WITHDRAWN: "warn"}


def session_header(desk: Desk, editor: Editor | None, step: Step, colleagues: tuple[Colleague, ...] = ()) -> Header:
    """Return what stands above the session now."""
    wording = desk.wording
    if editor is None:
        return Header(QCoreApplication.translate("SessionHeading", "No session open"))
    customer = editor.content.customer
    chips = []
    if customer.customer_number.strip():
        number = grouped_number(customer.customer_number)[:20]
        chips.append(Chip(QCoreApplication.translate("SessionHeading", "customer no. %1").replace("%1", number)))
    chips.append(Chip(editor.view.number))
    state, shared = editor.view.state, _shared_chip(editor)
    if shared is not None:
        chips.append(shared)
    elif state in ENDED:
        chips.append(Chip(wording.text(f"states.{state}"), _TONES[state]))
    else:
        chips.append(Chip(wording.text(f"steps.{NAMES[step]}"), "acc"))
    chips += _colleague_chips(colleagues)
    status, amount = call_status(desk, editor)
    name = customer_name(customer, wording) or QCoreApplication.translate("SessionHeading", "New session")
    return Header(name, tuple(chips), status, amount)


def _colleague_chips(colleagues: tuple[Colleague, ...]) -> list[Chip]:
    """Return who else is in the session, and at which step; of many the first ones."""
    translate = QCoreApplication.translate
    chips = []
    for one in colleagues[:MOST_NAMED]:
        name = one.name.strip()[:LONGEST_NAME] or translate("SessionHeading", "Another desk")
        text = translate("SessionHeading", "%1 is in this session, step %2")
        chips.append(Chip(text.replace("%2", str(int(one.step))).replace("%1", name), "warn"))
    if len(colleagues) > MOST_NAMED:
        chips.append(Chip(f"+{len(colleagues) - MOST_NAMED}", "warn"))
    return chips


def _shared_chip(editor: Editor) -> Chip | None:
    """Return what says, at every step, that the customer's screen is seen; None while it is not."""
    state = editor.share.state if editor.share is not None else None
    translate = QCoreApplication.translate
    if state is ShareState.LIVE:
        return Chip("● " + translate("SessionHeading", "Screen shared"), "bad")
    if state is ShareState.LOST:
        return Chip("○ " + translate("SessionHeading", "Screen lost"), "warn")
    return None


def call_status(desk: Desk, editor: Editor) -> tuple[str, str]:
    """Return channel and duration, and what it costs; where we cannot know, which price list applies."""
    call = editor.content.call
    if call.started_at is None:
        return "", ""
    ended = call.ended_at or editor.view.ended_at or desk.clock.now()
    seconds = int((ended - call.started_at).total_seconds())
    status = f"{desk.wording.text(f'channels.{call.channel}')} · {format_duration(max(seconds, 0))}"
    cents = cost_cents(desk.reference.channels[call.channel], seconds)
    if cents is None or (cents == 0 and seconds > 0):
        return status, desk.wording.text(f"channel_costs.{call.channel}").split(",")[0]
    return status, format_cents(cents, desk.language)
