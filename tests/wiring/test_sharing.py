"""A desk's own gateway: started at the first code, once, anew when its settings change, and ended with the program."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from agent_desk.actions.context import Context
from agent_desk.wiring.gateway import TURN_SECRET
from agent_desk.wiring.sharing import DeskGateway, keep_turn_secret, load_view

ANY_PORT = "127.0.0.1:0"


@pytest.fixture
def gateway() -> Iterator[DeskGateway]:
    """Give a gateway that nobody has asked for yet."""
    made = DeskGateway()
    yield made
    made.close()


def told(ctx: Context, **settings: Any) -> Context:
    """Return the context with a port of its own and these settings."""
    known: dict[str, Any] = {"gateway_listen": ANY_PORT, **settings}
    return replace(ctx, settings=replace(ctx.settings, **known))


def status(url: str, path: str) -> int:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_serves_the_page_and_the_view_on_this_machine(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    url = gateway.open(told(sqlite_ctx))
    assert url.startswith("http://127.0.0.1:")
    assert (status(url, "/"), status(url, "/viewer")) == (200, 200)


def test_asked_from_several_workers_it_is_started_once(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    ctx = told(sqlite_ctx)
    with ThreadPoolExecutor(4) as workers:
        found = set(workers.map(lambda _: gateway.open(ctx), range(8)))
    assert len(found) == 1


def test_what_it_was_not_started_with_starts_it_anew(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    first = gateway.open(told(sqlite_ctx))
    assert gateway.open(told(sqlite_ctx, agent_name="Ines")) == first
    second = gateway.open(told(sqlite_ctx, company="Autre"))
    assert second != first
    with pytest.raises(OSError, match="refused"):
        status(first, "/")
    assert status(second, "/") == 200


def test_the_end_of_the_program_is_its_end(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    url = gateway.open(told(sqlite_ctx))
    gateway.close()
    with pytest.raises(OSError, match="refused"):
        status(url, "/")


def test_a_site_s_gateway_is_only_named(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    ctx = told(sqlite_ctx, gateway_mode="site", gateway_url="https://aide.example/")
    assert gateway.open(ctx) == "https://aide.example"


def test_a_port_that_is_taken_is_an_answer(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ctx = told(sqlite_ctx, gateway_listen=f"127.0.0.1:{taken.getsockname()[1]}")
        assert gateway.try_page(ctx, ctx.settings) == "not_started"


def test_an_address_of_ours_is_reached_and_another_is_not(sqlite_ctx: Context, gateway: DeskGateway) -> None:
    url = gateway.open(told(sqlite_ctx))
    ctx = told(sqlite_ctx, gateway_listen=url.removeprefix("http://"), public_url=url)
    gateway.close()
    assert gateway.try_page(ctx, ctx.settings) == "ok"
    assert gateway.try_page(ctx, replace(ctx.settings, public_url="")) == "not_set"
    assert gateway.try_page(ctx, replace(ctx.settings, public_url="http://aide.example")) == "not_secure"


def test_the_turn_secret_is_kept_where_the_gateway_looks_for_it(sqlite_ctx: Context) -> None:
    assert keep_turn_secret(sqlite_ctx, "t0rn")
    assert sqlite_ctx.secrets.get(TURN_SECRET) == "t0rn"


@pytest.mark.usefixtures("qapp")
def test_a_desk_without_a_screen_loads_no_browser() -> None:
    with pytest.raises(RuntimeError, match="no screen"):
        load_view()
