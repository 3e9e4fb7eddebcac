"""What becomes of a mail."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_desk.rules.mail import (
    ALLOWED,
    STUCK,
    UNSETTLED,
    MailAction,
    MailChannel,
    MailState,
    ReportKind,
    after,
    after_report,
    allowed,
    next_attempt,
    shown_state,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (16, 240)])
def test_a_mail_is_tried_again_later_and_later(attempts: int, minutes: int) -> None:
    assert next_attempt(attempts, NOW) == NOW + timedelta(minutes=minutes)


def test_a_mail_is_given_up_after_two_days() -> None:
    assert next_attempt(17, NOW) is None
    waits = [next_attempt(attempt, NOW) for attempt in range(1, 17)]
    total = sum(((at - NOW) for at in waits if at), timedelta())
    assert timedelta(hours=48) <= total <= timedelta(hours=50)


@pytest.mark.parametrize("state", list(MailState))
def test_nothing_is_decided_about_a_mail_while_the_relay_takes_it(state: MailState) -> None:
    allowed = {action for action in MailAction if state in ALLOWED[action]}
    assert allowed == set() if state in {MailState.SENDING, MailState.DROPPED} else MailAction.PRINT in allowed


def test_a_mail_that_may_have_arrived_is_sent_again_only_while_uncertain() -> None:
    assert ALLOWED[MailAction.RESEND] == set(STUCK)
    assert ALLOWED[MailAction.SETTLE_ACCEPTED] == {MailState.UNCERTAIN}


@pytest.mark.parametrize(
    ("action", "state", "then"),
    [
        (MailAction.RESEND, MailState.UNCERTAIN, MailState.QUEUED),
        (MailAction.SETTLE_ACCEPTED, MailState.UNCERTAIN, MailState.ACCEPTED),
        (MailAction.PRINT, MailState.HELD, MailState.PRINTED),
        (MailAction.PRINT, MailState.READ, MailState.READ),
        (MailAction.DROP, MailState.REJECTED, MailState.DROPPED),
    ],
)
def test_a_decision_leads_to_one_state(action: MailAction, state: MailState, then: MailState) -> None:
    assert after(action, state) is then


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("state", list(MailState))
def test_a_report_touches_only_mails_that_left_and_none_that_was_read(kind: ReportKind, state: MailState) -> None:
    then = after_report(kind, state)
    if state not in {MailState.ACCEPTED, MailState.UNCERTAIN, MailState.DELIVERED} or kind is ReportKind.DELAYED:
        assert then is None
    assert then not in {state, MailState.QUEUED, MailState.SENDING, MailState.RETRY}


@pytest.mark.parametrize(
    ("kind", "state", "then"),
    [
        (ReportKind.DELIVERED, MailState.ACCEPTED, MailState.DELIVERED),
        (ReportKind.DELIVERED, MailState.REJECTED, None),
        (ReportKind.READ, MailState.DELIVERED, MailState.READ),
        (ReportKind.FAILED, MailState.DELIVERED, MailState.REJECTED),
        (ReportKind.RELAYED, MailState.UNCERTAIN, MailState.ACCEPTED),
        (ReportKind.RELAYED, MailState.DELIVERED, None),
    ],
)
def test_a_report_leads_to_one_state(kind: ReportKind, state: MailState, then: MailState | None) -> None:
    assert after_report(kind, state) is then


def test_a_session_shows_the_worst_of_what_is_not_settled_and_else_its_last_mail() -> None:
    assert shown_state(["accepted", "uncertain", "queued"]) == "uncertain"
    assert shown_state(["rejected", "accepted"]) == "rejected"
    assert shown_state(["printed", "read"]) == "read"
    assert shown_state([]) == ""


def test_what_is_stuck_is_not_settled() -> None:
    assert set(STUCK) < set(UNSETTLED)


def test_a_text_message_is_decided_about_like_a_mail_but_never_printed() -> None:
    assert allowed(MailAction.RESEND, MailState.UNCERTAIN, MailChannel.SMS)
    assert not allowed(MailAction.RESEND, MailState.ACCEPTED, MailChannel.SMS)
    assert allowed(MailAction.PRINT, MailState.HELD, MailChannel.MAIL)
    assert not allowed(MailAction.PRINT, MailState.HELD, MailChannel.SMS)
