"""The page behind the link in a mail: looking changes nothing, sending the form does, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select

from agent_desk.actions.context import Context
from agent_desk.storage.link_tables import satisfaction
from tests.support.browser import axe_findings, overflow
from tests.support.desks import clock
from tests.support.gateways import Answer, Browser, gateway
from tests.support.links import confirmed, reachable, token_in

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Reader:
    """A customer with their mail."""

    ctx: Context
    browser: Browser
    token: str

    def opens(self, answer: str = "partly", **more: str) -> Answer:
        return self.browser.get(f"/avis?{urlencode({'t': self.token, 'a': answer, **more})}")

    def sends(self, answer: str = "partly", **headers: str) -> Answer:
        body = urlencode({"t": self.token, "a": answer, "lang": "fr"}).encode()
        return self.browser.ask("POST", "/avis", body, FORM | headers)

    @property
    def given(self) -> list[str]:
        with self.ctx.database.read() as tx:
            return list(tx.execute(select(satisfaction.c.answer)).scalars())


@pytest.fixture
def reader(sqlite_ctx: Context) -> Iterator[Reader]:
    """Give a customer whose session was confirmed by mail."""
    with gateway(sqlite_ctx, company="Aide & <Cie>") as running:
        _, letter = confirmed(reachable(sqlite_ctx))
        yield Reader(sqlite_ctx, Browser(running.port), token_in(letter))


def test_the_link_shows_its_answer_chosen_and_the_button_sends_it_once(reader: Reader) -> None:
    for _ in range(2):  # a scanner, then the customer
        shown = reader.opens()
        assert shown.status == 200
        assert b'value="partly" required checked>' in shown.body
        assert shown.body.count(b"checked") == 1
        assert reader.given == []
    assert b"Aide &amp; &lt;Cie&gt;" in shown.body
    assert "Merci" in reader.sends("no").body.decode()
    assert reader.given == ["no"]
    assert "déjà répondu" in reader.sends("yes").body.decode()
    assert "déjà répondu" in reader.opens().body.decode()
    assert "already answered" in reader.opens(lang="en").body.decode()
    assert reader.given == ["no"]


def test_the_page_lets_its_form_come_back_here_and_nothing_else(reader: Reader) -> None:
    headers = reader.opens().headers
    policy = headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "same-origin"  # else a browser sends a form without its origin
    assert headers["cache-control"] == "no-store"
    assert b"<script" not in reader.opens().body
    assert reader.sends(Origin="https://evil.example").error == "wrong_origin"
    assert reader.sends(Origin="null").error == "wrong_origin"
    assert reader.given == []


def test_what_is_no_answer_changes_nothing(reader: Reader) -> None:
    assert reader.sends("perhaps").status == 400
    assert reader.browser.post("/avis", {"t": reader.token, "a": "yes"}).status == 400
    assert reader.browser.ask("POST", "/avis", b"a=yes&" * 50, FORM).status == 400
    assert reader.browser.ask("POST", "/avis", b"x" * 5000, FORM).status == 413
    assert b"checked" not in reader.opens("perhaps").body
    assert b"<script" not in reader.opens('"><script>').body
    assert reader.given == []


def test_expired_and_forged_links_get_one_sentence(reader: Reader) -> None:
    good = reader.token
    clock(reader.ctx).move(days=30)
    over = reader.opens()
    reader.token = "A" * 119
    forged = [reader.opens(), reader.sends()]
    reader.token = ""
    assert {one.status for one in (over, *forged, reader.opens())} == {410}
    assert {one.body for one in (over, *forged, reader.opens())} == {over.body}
    assert "n’est plus valable" in over.body.decode()
    assert good not in over.body.decode()
    assert reader.given == []


def test_a_browser_sends_the_form_without_scripts_and_nothing_is_wrong_with_its_page(
    reader: Reader, chromium: Chromium
) -> None:
    address = f"{reader.browser.origin}/avis?{urlencode({'t': reader.token, 'a': 'no', 'lang': 'fr'})}"
    with chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800}) as visit:
        page = visit.new_page()
        page.goto(address)
        expect(page.get_by_role("radio", name="Non")).to_be_checked()
        page.get_by_role("radio", name="En partie").check()
        page.get_by_role("button", name="Envoyer mon avis").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Merci de votre avis")
    assert reader.given == ["partly"]
    clock(reader.ctx).move(minutes=1)
    _, letter = confirmed(reachable(reader.ctx))
    with chromium.new_context(viewport={"width": 320, "height": 800}) as visit:
        page = visit.new_page()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.goto(address.replace(reader.token, token_in(letter)))
            assert axe_findings(page) == []
            assert overflow(page) <= 0
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Vous avez déjà répondu")
        assert axe_findings(page) == []
