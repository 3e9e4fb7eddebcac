"""One mail on its way while the database comes and goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from agent_desk.actions.context import Context
from agent_desk.actions.in_hand import InHand
from agent_desk.actions.renew_leases import renew_leases
from agent_desk.actions.send_next import send_next
from agent_desk.ports import DataBegins, Delivery, Letter, Reply
from agent_desk.rules.mail import HEARTBEAT, LEASE
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from tests.support.desks import clock
from tests.support.mails import ACCEPTED, ScriptedRelay, mail, queued

pytest_plugins = ["tests.support.desks"]


@dataclass(slots=True)
class Away:
    """A database that is away from time to time: `answers` says for each transaction that writes whether it is there."""

    real: Database
    answers: list[bool]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @contextmanager
    def write(self) -> Iterator[Any]:
        if not (self.answers.pop(0) if self.answers else True):
            raise DatabaseFault("unreachable")
        with self.real.write() as tx:
            yield tx


def _with(ctx: Context, *answers: bool) -> Context:
    return Context(
        database=Away(ctx.database, list(answers)),  # type: ignore[arg-type]  # stands in the database's place
        clock=ctx.clock,
        secrets=ctx.secrets,
        reference=ctx.reference,
        printer=ctx.printer,
        settings=ctx.settings,
        code_key=ctx.code_key,
    )


@dataclass(slots=True)
class SlowRelay(ScriptedRelay):
    """Takes its time between DATA and answer: `meanwhile` happens then."""

    meanwhile: list[Any] = field(default_factory=list)

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        delivery = ScriptedRelay.send(self, letter, data_begins)
        for happening in self.meanwhile:
            happening()
        return delivery


def test_what_the_relay_said_is_written_once_the_database_is_back(ctx: Context) -> None:
    one = queued(ctx)
    tries: list[int] = []

    def again() -> bool:
        tries.append(1)
        return True

    gone = _with(ctx, True, True, False, False, True)
    assert send_next(gone, ScriptedRelay(), again=again) == ACCEPTED
    assert (mail(ctx, one.id).state, len(tries)) == ("accepted", 2)


def test_given_up_it_is_uncertain_once_the_lease_is_over(ctx: Context) -> None:
    one = queued(ctx)
    with pytest.raises(DatabaseFault):
        send_next(_with(ctx, True, True, False), ScriptedRelay())
    assert mail(ctx, one.id).state == "sending"


def test_without_its_note_data_does_not_begin(ctx: Context) -> None:
    one = queued(ctx)
    relay = ScriptedRelay()
    delivery = send_next(_with(ctx, True, False, True), relay)
    assert delivery == Delivery(Reply.RETRY, cause="claim_lost")
    assert mail(ctx, one.id).state == "retry"


def test_a_relay_that_takes_its_time_does_not_cost_the_lease(ctx: Context) -> None:
    one = queued(ctx)
    in_hand, lost = InHand(), []

    def beat() -> None:
        clock(ctx).move(seconds=HEARTBEAT.total_seconds())
        lost.append(renew_leases(ctx, in_hand))

    assert send_next(ctx, SlowRelay(meanwhile=[beat] * 30), in_hand) == ACCEPTED
    assert (mail(ctx, one.id).state, set(lost), in_hand.claims) == ("accepted", {0}, ())


def test_a_heartbeat_that_comes_too_late_is_told(ctx: Context) -> None:
    queued(ctx)
    in_hand, lost = InHand(), []

    def oversleep() -> None:
        clock(ctx).move(seconds=LEASE.total_seconds() + 1)
        lost.append(renew_leases(ctx, in_hand))

    send_next(ctx, SlowRelay(meanwhile=[oversleep]), in_hand)
    assert lost == [1]


def test_whoever_holds_mails_is_told_of_each_before_the_relay_is(ctx: Context) -> None:
    queued(ctx)
    happened: list[str] = []

    class Telling(ScriptedRelay):
        def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
            happened.append("relay")
            return ScriptedRelay.send(self, letter, data_begins)

    send_next(ctx, Telling(), InHand(lambda: happened.append("taken")))
    assert happened == ["taken", "relay"]
    assert send_next(ctx, Telling(), InHand()) is None
