"""The page behind "withdraw here": two steps, by keyboard, without scripts, and nothing for scanners of mails."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select

from agent_desk.actions.acknowledge_withdrawals import acknowledge_withdrawals
from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.settle_withdrawals import settle_withdrawals
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import State
from agent_desk.storage.withdrawal_tables import withdrawal
from tests.support.browser import axe_findings, overflow
from tests.support.desks import agreed, clock
from tests.support.gateways import Answer, Browser, gateway
from tests.support.links import reachable
from tests.support.withdrawals import PATH, mails, tokens

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Reader:
    """A customer with the offer in their mailbox."""

    ctx: Context
    view: SessionView
    browser: Browser
    token: str

    def opens(self, lang: str = "fr") -> Answer:
        return self.browser.get(f"{PATH}?{urlencode({'lang': lang, 't': self.token})}")

    def sends(self, step: str, **headers: str) -> Answer:
        body = urlencode({"t": self.token, "step": step, "lang": "fr"}).encode()
        return self.browser.ask("POST", PATH, body, FORM | headers)

    @property
    def declared(self) -> int:
        with self.ctx.database.read() as tx:
            return len(tx.execute(select(withdrawal.c.session_id)).all())


@pytest.fixture
def reader(sqlite_ctx: Context) -> Iterator[Reader]:
    """Give a customer who has accepted the offer."""
    with gateway(sqlite_ctx) as running:
        ctx = reachable(sqlite_ctx)
        view = agreed(ctx)
        (token,) = tokens(ctx)
        yield Reader(ctx, view, Browser(running.port), token)


def test_to_open_it_and_to_press_the_first_button_changes_nothing(reader: Reader) -> None:
    for _ in range(2):  # a scanner, then the customer
        shown = reader.opens()
        assert (shown.status, "Me rétracter ici" in shown.body.decode()) == (200, True)
    assert "Withdraw here" in reader.opens("en").body.decode()
    policy = shown.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert b"<script" not in shown.body
    asked = reader.sends("ask")
    assert "Confirmer ma rétractation" in asked.body.decode()
    assert reader.sends("confirm", Origin="https://evil.example").error == "wrong_origin"
    assert reader.browser.post(PATH, {"t": reader.token, "step": "confirm"}).status == 400
    assert reader.declared == 0
    first = reader.sends("confirm")
    assert "23\u00a0novembre\u00a02026 à 12\u00a0h" in first.body.decode()
    clock(reader.ctx).move(hours=3)
    assert reader.sends("confirm").body == reader.opens().body == first.body
    assert reader.declared == 1


def test_forged_and_expired_links_get_one_sentence(reader: Reader) -> None:
    good = reader.token
    reader.token = good[:-1] + ("A" if good[-1] != "A" else "Q")
    forged = [reader.opens(), reader.sends("ask"), reader.sends("confirm")]
    reader.token = good
    clock(reader.ctx).move(days=90)
    over = [reader.opens(), reader.sends("confirm")]
    assert {(one.status, one.body) for one in (*forged, *over)} == {(410, over[0].body)}
    assert reader.declared == 0


def test_a_period_that_is_over_is_told_with_its_reason(reader: Reader) -> None:
    clock(reader.ctx).move(days=20)
    for shown in (reader.opens(), reader.sends("confirm")):
        assert (shown.status, "le délai de rétractation est passé" in shown.body.decode()) == (200, True)
    assert reader.declared == 0


def test_a_customer_withdraws_by_keyboard_on_a_narrow_screen_without_scripts(
    reader: Reader, chromium: Chromium
) -> None:
    address = f"{reader.browser.origin}{PATH}?{urlencode({'lang': 'fr', 't': reader.token})}"
    titles = ("Vous rétracter", "Confirmer votre rétractation", "Votre rétractation est enregistrée")
    with chromium.new_context(viewport={"width": 320, "height": 800}) as visit:
        page = visit.new_page()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.goto(address)
            assert (axe_findings(page), overflow(page) <= 0) == ([], True)
            page.get_by_role("button", name="Me rétracter ici").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
            assert (axe_findings(page), overflow(page) <= 0) == ([], True)
    with chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800}) as visit:
        page = visit.new_page()
        page.goto(address)
        for title in titles[:2]:
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[2])
        page.reload()  # sends the form once more
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[2])
    assert reader.declared == 1
    assert acknowledge_withdrawals(reader.ctx) == settle_withdrawals(reader.ctx) == 1
    assert load_session(reader.ctx, reader.view.id).state is State.WITHDRAWN
    assert mails(reader.ctx, reader.view.id) == ["withdrawal_receipt", "withdrawal"]
    with chromium.new_context(viewport={"width": 320, "height": 800}) as visit:
        page = visit.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[2])
        assert (axe_findings(page), overflow(page) <= 0) == ([], True)
