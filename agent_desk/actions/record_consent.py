"""What the customer agreed to or stated, word for word: one row per answer, none is ever changed."""

from collections.abc import Mapping
from contextlib import suppress

from agent_desk.actions.agreement import is_settled, settle_lines
from agent_desk.actions.consent_texts import text_on
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import Standing, standing
from agent_desk.actions.load_session import view
from agent_desk.actions.page_facts import STATEMENTS, refresh_page
from agent_desk.actions.record import AGREED, LIVE, Held, take
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import SessionView
from agent_desk.rules.gates import current, price_fingerprint
from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind, State
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.consents import add_consent, read_consents

_YES_NO = frozenset({Answer.YES, Answer.NO})
ANSWERS: Mapping[ConsentKind, frozenset[Answer]] = dict.fromkeys(ConsentKind, _YES_NO) | {
    ConsentKind.BACKUP: frozenset({Answer.DONE, Answer.NONE_ACCEPTED, Answer.NO}),
}
# Statements are given as soon as they make sense; these only once there is something agreed or begun.
STATES: Mapping[ConsentKind, frozenset[State]] = {
    ConsentKind.SCREEN_SHARING: AGREED,
    ConsentKind.AFTER_HOURS: frozenset({State.IN_PROGRESS}),
}


def record_consent(ctx: Context, session_id: int, kind: ConsentKind, answer: Answer, channel: Channel) -> SessionView:
    """Record one answer with the version and SHA-256 of the text that was read; a price is tied to these services.

    In an agreed session, accepting the new price of other services agrees them in the same transaction; Refusal
    `blocked` where only operations changed and something they need is missing.
    """
    if answer not in ANSWERS[kind]:
        raise Refusal("consent_answer", fields=(f"consents.{kind}",))
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if held.record.state not in STATES.get(kind, LIVE):
            raise Refusal("consent_not_allowed", fields=(f"consents.{kind}",))
        before = current(read_consents(tx, session_id), kind)
        given = write_consent(held, kind, answer, channel)
        if kind is ConsentKind.PRICE and answer is Answer.YES and held.record.state in AGREED:
            _settle(held, anew=before is None or before.covers != given.covers)
        return view(ctx, tx, session_id)


def _settle(held: Held, *, anew: bool) -> None:
    """Agree what was accepted; where the lines have changed the answer is kept even if something else misses."""
    ground = standing(held)
    if is_settled(held, ground):
        settle_lines(held, ground, anew=anew)  # refused, or nothing would notice later that the operations changed
        return
    with suppress(Refusal):  # beginning and closing come back to it
        settle_lines(held, ground)


def write_consent(held: Held, kind: ConsentKind, answer: Answer, channel: Channel) -> Consent:
    """Insert the answer and its event; what the customer gives on the page is the customer's act.

    A no to showing the screen, or taking the yes back, ends the share at once.
    """
    ground = standing(held)
    text = text_on(kind, held.record.content.customer.language, ground.reference.changes, ground.day)
    by_customer = channel is Channel.PAGE
    given = Consent(
        kind=kind,
        answer=answer,
        at=held.now,
        channel=channel,
        recorded_by="" if by_customer else held.ctx.settings.agent_name,
        text_version=text.version,
        text_sha256=text.sha256,
        covers=_covered(held, ground) if kind is ConsentKind.PRICE else "",
    )
    add_consent(held.tx, held.id, given)
    held.note(
        "consent_withdrawn" if answer is Answer.WITHDRAWN else "consent_recorded",
        actor="customer" if by_customer else "agent",
        kind=kind,
        answer=answer,
        channel=channel,
        version=text.version,
        sha256=text.sha256,
        **({"covers": given.covers} if given.covers else {}),
    )
    if kind is ConsentKind.SCREEN_SHARING and answer is not Answer.YES:
        end_session_share(held, ShareEnd.BY_CUSTOMER, actor="customer" if by_customer else "agent")
    if kind in STATEMENTS:
        refresh_page(held)
    return given


def _covered(held: Held, ground: Standing) -> str:
    return price_fingerprint(held.record.content.lines, ground.catalogue)
