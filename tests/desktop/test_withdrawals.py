"""A desk open by itself turns what a customer declared on the page into its receipt, its end and its mail."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.actions.declare_withdrawal import declare_withdrawal
from agent_desk.actions.door import door_of
from agent_desk.actions.load_session import load_session
from agent_desk.rules.session import State
from tests.support.desks import MemorySecrets, SetClock, agreed
from tests.support.links import reachable
from tests.support.withdrawals import mails, tokens
from tests.support.workstation import wait_until, workstation


def test_what_is_declared_on_the_page_ends_the_session_without_anybodys_doing(
    qapp: QApplication, tmp_path: Path
) -> None:
    with workstation(qapp, tmp_path, SetClock()) as desk:

        def declared(ctx: Context) -> int:
            ctx = reachable(replace(ctx, secrets=MemorySecrets()))
            view = agreed(ctx)
            declare_withdrawal(door_of(ctx), tokens(ctx)[-1])
            return view.id

        of = desk.work(declared)
        desk.program.sending.wake()
        wait_until(lambda: not desk.program.desk.background.busy, "the desk's turn")
        assert desk.work(lambda ctx: load_session(ctx, of)).state is State.WITHDRAWN
        assert desk.work(lambda ctx: mails(ctx, of)) == ["withdrawal_receipt", "withdrawal"]
