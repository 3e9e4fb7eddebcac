"""Two gateways of one site, each a process with no right to any table: customer and agent may sit at different ones."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import pytest

from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.publish_door_key import publish_door_key
from agent_desk.actions.stop_share import stop_share
from agent_desk.clock import SystemClock
from agent_desk.storage.database import Database
from agent_desk.storage.guest import grant
from agent_desk.wiring.credential import make_credential
from tests.support.desks import context
from tests.support.gateways import Browser, Line, coded, right_place
from tests.support.sites import guest_role, home, process


@dataclass(frozen=True, slots=True)
class Site:
    """A desk, and where a gateway of its site starts from."""

    ctx: Context
    folder: Path
    credential: Path


@pytest.fixture
def site(postgresql_url: str, tmp_path: Path) -> Iterator[Site]:
    """Give a site whose gateway's key is published and whose role has its rights."""
    credential = make_credential(tmp_path / "credential.json")
    database = Database.open(postgresql_url)
    publish_door_key(database, credential.door_key)
    with guest_role(postgresql_url) as (role, url):
        grant(database, role)
        folder = home(tmp_path / "gateway", url, ice_servers="turn:turn.example")
        path = tmp_path / "credential.json"
        path.write_text(json.dumps({"door_key": credential.door_key.hex(), "turn_secret": "shared with coturn"}))
        yield Site(context(database, clock=SystemClock()), folder, path)
        database.close()


@contextmanager
def two(site: Site) -> Iterator[tuple[int, int]]:
    """Give the ports of two gateways."""
    arguments = ("--credential", str(site.credential))
    with process(site.folder, *arguments) as (_, one), process(site.folder, *arguments) as (_, other):
        yield one, other


def admitted(site: Site, port: int) -> tuple[Browser, int]:
    """Return a customer at `port` whose words were right, and the session."""
    view, digits = coded(site.ctx)
    customer = Browser(port)
    assert customer.post("/code", {"digits": digits}).status == 200
    words = customer.post("/answer", {"accept": True}).json["words"]
    choose_words(site.ctx, view.id, right_place(site.ctx, view.id, words))
    return customer, view.id


@contextmanager
def seated(site: Site, port: int, session_id: int) -> Iterator[Line]:
    with Browser(port).socket("/viewer/socket") as view:
        view.raw.send(json.dumps({"token": admit_viewer(site.ctx, session_id)}))
        view.hear("seat")
        yield view


def test_customer_and_agent_meet_across_two_gateways(site: Site) -> None:
    with two(site) as (one, other):
        customer, session_id = admitted(site, one)
        with customer.socket() as page, seated(site, other, session_id) as view:
            (relay,) = page.hear("ice")["servers"]
            assert relay["urls"] == "turn:turn.example"
            assert relay["username"].partition(":")[0].isdigit()
            assert page.until(lambda message: message.get("t") == "viewer" and message["present"])
            assert view.until(lambda message: message.get("t") == "customer" and message["present"])
            long = "é" * 20_000  # more than a notice of PostgreSQL holds
            for number in range(20):
                page.say("signal", data=[number, long])
                view.say("signal", data=-number)
            assert [view.hear("signal")["data"] for _ in range(20)] == [[number, long] for number in range(20)]
            assert [page.hear("signal")["data"] for _ in range(20)] == [-number for number in range(20)]
            page.say("started")
            assert page.until(lambda message: message.get("state") == "live")
            began = monotonic()
            stop_share(site.ctx, session_id)
            assert page.hear("ended")["reason"] == view.hear("ended")["reason"] == "by_agent"
            assert monotonic() - began < 1


def test_a_customer_who_comes_back_to_another_gateway_keeps_the_share(site: Site) -> None:
    with two(site) as (one, other):
        customer, session_id = admitted(site, one)
        with seated(site, one, session_id) as view, customer.socket() as page:
            page.say("started")
            page.until(lambda message: message.get("state") == "live")
            customer.port, customer.host = other, f"127.0.0.1:{other}"
            with customer.socket() as again:
                assert page.closed()[0] == 4001
                assert again.hear("state")["state"] == "live"
                again.until(lambda message: message.get("present") is True)
                again.say("signal", data="back")
                assert view.hear("signal")["data"] == "back"
                assert customer.post("/stop").status == 204
                assert view.hear("ended")["reason"] == again.hear("ended")["reason"] == "by_customer"


def test_a_killed_gateway_leaves_its_shares_to_the_other(site: Site) -> None:
    arguments = ("--credential", str(site.credential))
    with process(site.folder, *arguments) as (_, other):
        with process(site.folder, *arguments) as (killed, one):
            customer, session_id = admitted(site, one)
            with customer.socket() as page:
                page.say("started")
                page.until(lambda message: message.get("state") == "live")
                killed.send_signal(signal.SIGKILL)
                assert page.closed()[0] == 1006
        customer = replace(customer, port=other)
        with customer.socket() as page, seated(site, other, session_id):
            assert page.hear("state")["state"] == "live"
            assert page.until(lambda message: message.get("present") is True)


def test_guesses_at_one_gateway_count_at_the_other(site: Site) -> None:
    with two(site) as (one, other):
        for _ in range(5):
            assert Browser(one).post("/code", {"digits": "4079152632"}).status == 403
        answer = Browser(other).post("/code", {"digits": "4079152632"})
        assert (answer.status, answer.error) == (429, "source_busy")
        assert 0 < int(answer.headers["retry-after"]) <= 60
