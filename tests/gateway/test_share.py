"""A share from the code to the end, as both sides' sockets see it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest

from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.stop_share import stop_share
from agent_desk.gateway.answers import Refused
from agent_desk.gateway.seats import Guest
from agent_desk.gateway.sockets import Sockets
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.wiring.gateway import RunningGateway
from tests.support.gateways import Browser, Line, NoSeat, coded, gateway, right_place


def accepted(ctx: Context, running: RunningGateway) -> tuple[Browser, int, list[str]]:
    """Return a customer who has accepted, the session, and the words to be read aloud."""
    view, digits = coded(ctx)
    customer = Browser(running.port)
    assert customer.post("/code", {"digits": digits}).status == 200
    answer = customer.post("/answer", {"accept": True, "statements": ["early_start", "early_start_waiver"]})
    assert answer.status == 200, answer.body
    return customer, view.id, answer.json["words"]


def admitted(ctx: Context, running: RunningGateway) -> tuple[Browser, int]:
    """Return a customer whose words were right, and the session."""
    customer, session_id, words = accepted(ctx, running)
    choose_words(ctx, session_id, right_place(ctx, session_id, words))
    return customer, session_id


@contextmanager
def seated(ctx: Context, running: RunningGateway, session_id: int) -> Iterator[Line]:
    """Give the agent's view, let in."""
    with Browser(running.port).socket("/viewer/socket") as viewer:
        viewer.raw.send(json.dumps({"token": admit_viewer(ctx, session_id)}))
        viewer.hear("seat")
        yield viewer


def state_of(ctx: Context, session_id: int) -> tuple[ShareState, ShareEnd | None]:
    share = look_at_share(ctx, session_id)
    assert share is not None
    return share.state, share.end_reason


def test_customer_and_agent_meet(ctx: Context) -> None:
    with gateway(ctx) as running:
        customer, session_id, words = accepted(ctx, running)
        with customer.socket() as page:
            state = page.hear("state")
            assert (state["state"], state["words"]) == ("waiting", words)
            choose_words(ctx, session_id, right_place(ctx, session_id, words))
            assert page.until(lambda message: message.get("state") == "admitted")["words"] is None
            assert page.hear("ice")["servers"] == []
            with seated(ctx, running, session_id) as view:
                assert page.hear("viewer")["present"] is True
                assert view.hear("ice")["servers"] == []
                assert view.hear("customer")["present"] is True
                page.say("signal", data={"t": "offer", "sdp": "é" * 9000})
                assert view.hear("signal")["data"]["sdp"] == "é" * 9000
                view.say("signal", data=["answer"])
                assert page.hear("signal")["data"] == ["answer"]
                page.say("started")
                assert page.until(lambda message: message.get("state") == "live")
                assert state_of(ctx, session_id)[0] is ShareState.LIVE
            assert page.hear("viewer")["present"] is False


@pytest.mark.parametrize("who", ["customer's button", "customer's socket", "agent", "agent's view"])
def test_a_stop_reaches_both_sides_within_a_second(ctx: Context, who: str) -> None:
    with gateway(ctx) as running:
        customer, session_id = admitted(ctx, running)
        with customer.socket() as page, seated(ctx, running, session_id) as view:
            page.say("started")
            page.until(lambda message: message.get("state") == "live")
            view.hear("customer")
            began = monotonic()
            if who == "customer's button":
                assert customer.post("/stop").status == 204
            elif who == "customer's socket":
                page.say("stop")
            elif who == "agent":
                stop_share(ctx, session_id)
            else:
                view.say("stop")
            reason = "by_agent" if who.startswith("agent") else "by_customer"
            assert page.hear("ended")["reason"] == reason
            assert view.hear("ended")["reason"] == reason
            assert monotonic() - began < 1
            assert page.closed()[0] == view.closed()[0] == 1000
        if who != "agent's view":  # there the desk writes it
            assert state_of(ctx, session_id) == (ShareState.ENDED, ShareEnd(reason))
            assert customer.get("/share").json == {"state": "ended", "reason": reason}


def test_a_refusal_ends_the_share(ctx: Context) -> None:
    view, digits = coded(ctx)
    with gateway(ctx) as running:
        customer = Browser(running.port)
        customer.post("/code", {"digits": digits})
        with customer.socket() as page:
            assert page.hear("state")["state"] == "opened"
            assert customer.post("/answer", {"accept": False}).json == {"state": "ended", "reason": "refused"}
            assert page.hear("ended")["reason"] == "refused"
    assert state_of(ctx, view.id) == (ShareState.ENDED, ShareEnd.REFUSED)


def test_the_page_goes_on_also_when_the_agents_view_is_quicker_than_the_watch(
    sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_desk.gateway.watch.POLL_SECONDS", 3600)
    with gateway(sqlite_ctx) as running:
        customer, session_id, words = accepted(sqlite_ctx, running)
        with customer.socket() as page:
            page.hear("viewer")
            choose_words(sqlite_ctx, session_id, right_place(sqlite_ctx, session_id, words))
            with seated(sqlite_ctx, running, session_id):
                assert page.until(lambda message: message.get("t") == "state")["state"] == "admitted"


def test_a_page_that_could_not_be_told_is_told_later(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []
    look = Sockets._look

    async def late(sockets: Sockets, guest: Guest) -> object:
        if len(refused) < 2 and "opened" in seen:
            refused.append("once more")
            raise Refused("unavailable")
        return await look(sockets, guest)

    seen: list[str] = []
    monkeypatch.setattr(Sockets, "_look", late)
    with gateway(sqlite_ctx) as running:
        customer, session_id, words = accepted(sqlite_ctx, running)
        with customer.socket() as page:
            page.hear("viewer")
            seen.append("opened")
            choose_words(sqlite_ctx, session_id, right_place(sqlite_ctx, session_id, words))
            assert page.until(lambda message: message.get("state") == "admitted")
        assert len(refused) == 2


def test_signals_pass_only_once_the_words_were_right(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        customer, session_id, words = accepted(sqlite_ctx, running)
        with customer.socket() as page:
            page.hear("viewer")
            page.say("signal", data="too early")
            choose_words(sqlite_ctx, session_id, right_place(sqlite_ctx, session_id, words))
            page.until(lambda message: message.get("state") == "admitted")
            with seated(sqlite_ctx, running, session_id) as view:
                page.until(lambda message: message.get("present") is True)
                page.say("signal", data="now")
                assert view.hear("signal")["data"] == "now"


def test_wrong_words_end_it_for_the_page(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        customer, session_id, words = accepted(sqlite_ctx, running)
        with customer.socket() as page:
            choose_words(sqlite_ctx, session_id, (right_place(sqlite_ctx, session_id, words) + 1) % 3)
            assert page.hear("ended")["reason"] == "wrong_words"


def test_a_view_needs_a_token_that_nobody_has_used(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        _, session_id = admitted(sqlite_ctx, running)
        token = admit_viewer(sqlite_ctx, session_id)
        for first, code in (({"token": "forged"}, 4003), ({}, 4003), ({"token": 5}, 4003)):
            with Browser(running.port).socket("/viewer/socket") as view:
                view.raw.send(json.dumps(first))
                assert view.closed() == (code, "Cette vue n’est plus permise. Demandez-la de nouveau.")
        with Browser(running.port).socket("/viewer/socket") as view:
            view.raw.send(json.dumps({"token": token}))
            view.hear("seat")
        with Browser(running.port).socket("/viewer/socket") as view:
            view.raw.send(json.dumps({"token": token}))
            assert view.closed()[0] == 4003


def test_the_newest_socket_of_each_side_has_the_seat(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        customer, session_id = admitted(sqlite_ctx, running)
        with customer.socket() as old:
            old.hear("viewer")
            with customer.socket() as new:
                assert old.closed() == (4001, "Ce partage continue dans une autre fenêtre.")
                new.hear("viewer")
                with seated(sqlite_ctx, running, session_id) as first, seated(sqlite_ctx, running, session_id):
                    assert first.closed()[0] == 4001
                    assert new.hear("viewer")["present"] is True


def test_a_live_share_survives_a_lost_socket_without_a_new_code(ctx: Context) -> None:
    with gateway(ctx) as running:
        customer, session_id = admitted(ctx, running)
        with seated(ctx, running, session_id) as view:
            with customer.socket() as page:
                page.say("started")
                page.until(lambda message: message.get("state") == "live")
            view.until(lambda message: message.get("present") is False)
            with customer.socket() as page:
                assert page.hear("state")["state"] == "live"
                assert view.until(lambda message: message.get("present") is True)["t"] == "customer"
                page.say("signal", data=1)
                assert view.hear("signal")["data"] == 1


def test_a_page_that_leaves_is_lost_at_once_and_may_come_back(ctx: Context) -> None:
    with gateway(ctx) as running:
        customer, session_id = admitted(ctx, running)
        with customer.socket() as page:
            page.say("started")
            page.until(lambda message: message.get("state") == "live")
            assert customer.ask("POST", "/leave", b"", {"Content-Type": "text/plain"}).status == 204
            assert state_of(ctx, session_id)[0] is ShareState.LOST
        with customer.socket() as page:
            assert page.hear("state")["state"] == "lost"
            page.say("started")
            assert page.until(lambda message: message.get("state") == "live")
        assert state_of(ctx, session_id)[0] is ShareState.LIVE


@pytest.mark.parametrize("goodbye", ["a request", "the close of its socket"])
def test_a_page_that_stays_away_has_closed_its_browser(
    sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch, goodbye: str
) -> None:
    monkeypatch.setattr("agent_desk.gateway.sockets.AWAY_SECONDS", 0.1)
    with gateway(sqlite_ctx) as running:
        customer, session_id = admitted(sqlite_ctx, running)
        with seated(sqlite_ctx, running, session_id) as view:
            with customer.socket() as page:
                page.hear("viewer")
                page.say("started")
                page.until(lambda message: message.get("state") == "live")
                if goodbye == "the close of its socket":
                    page.raw.close(1001)
            if goodbye == "a request":
                customer.post("/leave")
            assert view.hear("ended")["reason"] == "browser_closed"
        assert state_of(sqlite_ctx, session_id) == (ShareState.ENDED, ShareEnd.BROWSER_CLOSED)


def test_a_dropped_network_makes_a_live_share_lost(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.gateway.sockets.GRACE_SECONDS", 0.05)
    with gateway(sqlite_ctx) as running:
        customer, session_id = admitted(sqlite_ctx, running)
        with seated(sqlite_ctx, running, session_id) as view:
            with customer.socket() as page:
                page.say("started")
                page.until(lambda message: message.get("state") == "live")
            view.until(lambda message: message.get("present") is False)
            end = monotonic() + 5
            while state_of(sqlite_ctx, session_id)[0] is not ShareState.LOST and monotonic() < end:
                pass
            assert state_of(sqlite_ctx, session_id)[0] is ShareState.LOST


def test_a_silent_socket_is_closed(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.gateway.sockets.SILENCE", 0.1)
    monkeypatch.setattr("agent_desk.gateway.watch.SWEEP_SECONDS", 0.05)
    with gateway(sqlite_ctx) as running:
        customer, _, _ = accepted(sqlite_ctx, running)
        with customer.socket() as page:
            assert page.closed() == (4002, "Sans nouvelles, la liaison a été coupée.")


def test_a_restarted_gateway_knows_its_shares_and_their_browsers(ctx: Context) -> None:
    with gateway(ctx) as running:
        customer, session_id = admitted(ctx, running)
        with customer.socket() as page:
            page.say("started")
            page.until(lambda message: message.get("state") == "live")
            running.close()
            assert page.closed()[0] == 1012
    assert state_of(ctx, session_id)[0] is ShareState.LIVE
    with gateway(ctx) as running:
        customer.port = running.port
        with customer.socket() as page, seated(ctx, running, session_id):
            assert page.hear("state")["state"] == "live"
            assert page.until(lambda message: message.get("present") is True)


def test_a_token_of_another_browser_opens_nothing(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        customer, _ = admitted(sqlite_ctx, running)
        thief = Browser(running.port, cookie=customer.cookie, name="Another/1.0")
        assert thief.get("/share").json == {"state": "none"}
        assert thief.post("/stop").error == "share_gone"
        with pytest.raises(NoSeat) as refused, thief.socket():
            pass
        assert refused.value.status == 403
        assert refused.value.text.startswith("Ce partage est terminé.")
        assert customer.get("/share").json["state"] == "admitted"


def test_closing_with_people_connected_takes_less_than_a_second(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        customer, session_id = admitted(sqlite_ctx, running)
        with customer.socket() as page, seated(sqlite_ctx, running, session_id):
            page.hear("viewer")
            began = monotonic()
            running.close()
            assert monotonic() - began < 1
