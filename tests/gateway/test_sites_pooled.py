"""A site's gateways behind PgBouncer: statements through the pooler, notices on a direct connection of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

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
from tests.support.gateways import Browser, coded, right_place
from tests.support.pgbouncer import pgbouncer
from tests.support.sites import guest_role, home, process


@pytest.fixture
def pooled_desk(postgresql_url: str, tmp_path: Path) -> Iterator[tuple[Context, Path, Path]]:
    """Give a desk behind PgBouncer, the folder of a gateway behind another one, and its credential."""
    path = tmp_path / "credential.json"
    credential = make_credential(path)
    with pgbouncer(postgresql_url) as address, guest_role(postgresql_url) as (role, url):
        database = Database.open(address)
        publish_door_key(database, credential.door_key)
        grant(database, role)
        with pgbouncer(url) as guest:
            assert make_url(guest).username == role
            folder = home(tmp_path / "gateway", guest, signal_database_url=url)
            path.write_text(json.dumps({"door_key": credential.door_key.hex()}))
            yield context(database, clock=SystemClock()), folder, path
        database.close()


def test_a_share_lives_and_ends_across_two_gateways_behind_a_pooler(
    pooled_desk: tuple[Context, Path, Path],
) -> None:
    ctx, folder, credential = pooled_desk
    arguments = ("--credential", str(credential))
    with process(folder, *arguments) as (_, one), process(folder, *arguments) as (_, other):
        view, digits = coded(ctx)
        customer = Browser(one)
        assert customer.post("/code", {"digits": digits}).status == 200
        words = customer.post("/answer", {"accept": True}).json["words"]
        choose_words(ctx, view.id, right_place(ctx, view.id, words))
        with customer.socket() as page, Browser(other).socket("/viewer/socket") as agent:
            agent.raw.send(json.dumps({"token": admit_viewer(ctx, view.id)}))
            agent.hear("seat")
            assert page.until(lambda message: message.get("t") == "viewer" and message["present"])
            page.say("signal", data="offer")
            assert agent.hear("signal")["data"] == "offer"
            agent.say("signal", data="answer")
            assert page.hear("signal")["data"] == "answer"
            stop_share(ctx, view.id)
            assert page.hear("ended")["reason"] == agent.hear("ended")["reason"] == "by_agent"
