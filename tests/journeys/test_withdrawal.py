"""A customer withdraws on the page their mail links to, in a real browser, while the agent has their session on the screen."""

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Playwright, expect
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.mail_row import MailRow
from tests.support.browser import headless
from tests.support.desks import DEVICE, MemorySecrets, SetClock, agreed, content
from tests.support.gateways import gateway
from tests.support.links import reachable
from tests.support.seeing import F9, idle, opened, seen
from tests.support.withdrawals import tokens
from tests.support.workstation import wait_until, workstation


def test_two_clicks_in_the_browser_end_the_session_the_agent_is_looking_at(
    qapp: QApplication, tmp_path: Path, playwright: Playwright
) -> None:
    watch, secrets = SetClock(), MemorySecrets()
    with workstation(qapp, tmp_path, watch) as desk:

        def signing(ctx: Context) -> Context:
            return reachable(replace(ctx, secrets=secrets))

        view = desk.work(lambda ctx: agreed(signing(ctx), content(DEVICE)))
        (token,) = desk.work(lambda ctx: tokens(signing(ctx)))
        opened(desk, view.id)
        desk.settle()  # nothing is left to save, by which the desk would find out
        with gateway(signing(desk.program.desk.context)) as running, headless(playwright) as browser:
            page = browser.new_page()
            address = f"http://127.0.0.1:{running.port}/retractation?lang=fr&t={token}"
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Vous rétracter")
            page.get_by_role("button", name="Me rétracter ici").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer votre rétractation")
            page.get_by_role("button", name="Confirmer ma rétractation").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Votre rétractation est enregistrée")
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Votre rétractation est enregistrée")
        assert "Rétractée" not in seen(desk.window)

        def told() -> bool:
            desk.program.sending.wake()  # the desk's own round, as each few seconds
            return f"{view.number} Rétractée" in seen(desk.window)

        wait_until(told, "the end of the session")
        assert "À facturer 0,00 €" in seen(desk.window)
        assert "Retour à Aujourd’hui F9" in seen(desk.window), "there is nothing left to do"
        desk.press(F9)
        wait_until(lambda: desk.window.current is desk.window.screen_named("today"), "Today")
        idle(desk)
        assert view.number not in seen(desk.window)
        desk.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        journal = desk.window.screen_named("journal")
        assert isinstance(journal, JournalScreen)
        rows = journal.story.findChildren
        kinds = ["offer", "withdrawal", "withdrawal_receipt"]
        wait_until(lambda: sorted(row.mail.kind for row in rows(MailRow)) == kinds, "the mails in the journal")
