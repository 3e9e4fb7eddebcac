"""What came back about mails, on both engines where the database decides."""

import pytest

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.context import Context
from agent_desk.actions.note_reports import NotedReports, note_reports
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.verify_log import verify_log
from agent_desk.ports import Report
from agent_desk.rules.mail import MailView, ReportKind
from agent_desk.storage.mails import stuck_mails
from tests.support.mails import SILENCE, ScriptedRelay, mail, queued, shown, told

pytest_plugins = ["tests.support.desks"]


def sent(ctx: Context, relay: ScriptedRelay | None = None) -> MailView:
    one = queued(ctx)
    send_outbox(ctx, relay or ScriptedRelay())
    return mail(ctx, one.id)


def report(
    kind: ReportKind, one: MailView, *, envid: bool = True, status: str = "", mark: str = "", cut: int = 0
) -> Report:
    """Return a report that names the mail, its id shortened by `cut` characters."""
    name = f"{one.session_number}.confirmation.00112233"
    name = name[: len(name) - cut]
    return Report(kind, name if envid else "", "" if envid else f"<{name}@assistance.example>", status, mark or kind)


@pytest.mark.parametrize("envid", [True, False])
def test_a_mail_becomes_delivered_then_read_with_an_event_each(ctx: Context, envid: bool) -> None:
    one = sent(ctx)
    for kind in (ReportKind.DELIVERED, ReportKind.READ):
        assert note_reports(ctx, [report(kind, one, envid=envid)]) == NotedReports(1, 1, 1)
        assert (mail(ctx, one.id).state, shown(ctx, one.session_id)) == (kind, kind)
    assert told(ctx, one.session_id)[-2:] == ["mail_delivered", "mail_read"]
    assert verify_log(ctx).fault is None


def test_a_late_or_repeated_report_changes_nothing(ctx: Context) -> None:
    one = sent(ctx)
    note_reports(ctx, [report(ReportKind.READ, one)])
    before = told(ctx, one.session_id)
    late = [report(kind, one, mark="late") for kind in ReportKind]
    assert note_reports(ctx, late) == NotedReports(len(late), len(late), 0)
    assert (mail(ctx, one.id).state, told(ctx, one.session_id)) == ("read", before)


def test_a_returned_mail_waits_for_a_person_with_its_cause(ctx: Context) -> None:
    one = sent(ctx)
    note_reports(ctx, [report(ReportKind.FAILED, one, status="5.1.1")])
    with ctx.database.read() as tx:
        (stuck,) = stuck_mails(tx)
    assert (stuck.id, stuck.state, stuck.last_reply) == (one.id, "rejected", "returned: 5.1.1")
    assert (shown(ctx, one.session_id), told(ctx, one.session_id)[-1]) == ("rejected", "mail_returned")


def test_an_old_report_read_again_does_not_call_back_a_mail_sent_anew(ctx: Context) -> None:
    relay = ScriptedRelay()
    one = sent(ctx, relay)
    returned = report(ReportKind.FAILED, one, mark="first")
    note_reports(ctx, [returned])
    assert mail(ctx, one.id).last_reply == "returned"
    act_on_mail(ctx, one.id, "resend")
    assert note_reports(ctx, [returned]).changed == 0  # it waits in the outbox
    send_outbox(ctx, relay)
    assert note_reports(ctx, [returned]).changed == 0
    assert mail(ctx, one.id).state == "accepted"
    assert note_reports(ctx, [report(ReportKind.FAILED, one, mark="second")]).changed == 1
    assert len(relay.sent) == 2  # no report ever sends


@pytest.mark.parametrize(
    ("kind", "state", "event"),
    [
        (ReportKind.RELAYED, "accepted", "mail_accepted"),
        (ReportKind.DELIVERED, "delivered", "mail_delivered"),
        (ReportKind.READ, "read", "mail_read"),
        (ReportKind.FAILED, "rejected", "mail_returned"),
        (ReportKind.DELAYED, "uncertain", "mail_uncertain"),
    ],
)
def test_a_report_settles_an_uncertain_mail(sqlite_ctx: Context, kind: ReportKind, state: str, event: str) -> None:
    one = sent(sqlite_ctx, ScriptedRelay([SILENCE]))
    note_reports(sqlite_ctx, [report(kind, one)])
    assert (mail(sqlite_ctx, one.id).state, told(sqlite_ctx, one.session_id)[-1]) == (state, event)


@pytest.mark.parametrize("envid", [True, False])
@pytest.mark.parametrize("cut", [1, 8, 9])
def test_only_the_very_id_names_a_mail(ctx: Context, envid: bool, cut: int) -> None:
    one = sent(ctx)
    assert note_reports(ctx, [report(ReportKind.READ, one, envid=envid, cut=cut)]) == NotedReports(1, 0, 0)
    assert note_reports(ctx, [Report(ReportKind.READ, "%", "<%>", "", "x")]) == NotedReports(1, 0, 0)
    assert mail(ctx, one.id).state == "accepted"


def test_a_report_overtaken_by_another_changes_nothing(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    one = sent(ctx)
    write = ctx.database.write

    def overtaken() -> object:
        monkeypatch.undo()
        note_reports(ctx, [report(ReportKind.READ, one, mark="other")])
        return write()

    monkeypatch.setattr(type(ctx.database), "write", lambda _database: overtaken())
    assert note_reports(ctx, [report(ReportKind.DELIVERED, one)]) == NotedReports(1, 1, 0)
    assert mail(ctx, one.id).state == "read"
