"""The preview says what the customer will receive, and writes nothing."""

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.preview_confirmation import preview_confirmation
from agent_desk.rules.session import Outcome
from tests.support.desks import begun, finished


def test_the_preview_is_word_for_word_what_is_sent(ctx: Context) -> None:
    view = finished(ctx, outcome=Outcome.NOT_SOLVED)
    shown = preview_confirmation(ctx, view.id)
    closed = close_session(ctx, view.id, view.version)
    sent = mail_letter(ctx, closed.mails[-1].id)
    assert (shown.subject, shown.text) == (sent.subject, sent.text)


def test_the_preview_changes_nothing(sqlite_ctx: Context) -> None:
    view = finished(sqlite_ctx)
    before = load_session(sqlite_ctx, view.id)
    preview_confirmation(sqlite_ctx, view.id)
    assert load_session(sqlite_ctx, view.id) == before


def test_a_missing_outcome_is_refused(sqlite_ctx: Context) -> None:
    view = begun(sqlite_ctx)
    with pytest.raises(Refusal) as refused:
        preview_confirmation(sqlite_ctx, view.id)
    assert refused.value.code == "blocked"
