"""What three hundred desks with Today in front cost their server: each listens, looks when told of a hand-over, and each minute at promises."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic

from agent_desk.actions.context import Context
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_waiting import look_at_waiting
from agent_desk.rules.people import Role
from agent_desk.storage import rights
from agent_desk.storage.database import Database
from agent_desk.storage.people import PersonRecord, add_person
from agent_desk.storage.upgrade import upgrade
from agent_desk.wiring.hearing import listen
from tests.benchmarks.centre import desk_at
from tests.benchmarks.figure import Figure
from tests.benchmarks.mailing import DURABLE
from tests.support.servers import DATABASE, Node, node

DESKS = 300
SECONDS = 24.0
APART = 12.0  # seconds between two hand-overs; each is told to all desks
PAUSE = 60.0 / DESKS  # each desk looks each minute at what has to be kept next
AIM = 5.0


def measure() -> list[Figure]:
    """Return the share of one core that all processes of the server take together."""
    with ExitStack() as stack:
        server = stack.enter_context(node(**DURABLE | {"max_connections": str(2 * DESKS + 20)}))
        with closing(Database.open(server.url())) as database:
            upgrade(database)
            rights.apply(database)
            with database.write() as tx:
                for number in range(1, DESKS + 1):
                    record = PersonRecord(f"agent{number}", f"Agent {number}", "", Role.AGENT, "Nord", f"{number:08x}")
                    add_person(tx, record)
        hands = stack.enter_context(ThreadPoolExecutor(2))  # whoever looks takes a turn: they are many machines
        desks = [stack.enter_context(desk_at(server.url(user=f"agent{number}"))) for number in range(1, DESKS + 1)]
        for ctx in desks:
            _seat(stack, ctx, hands)
        threading.Event().wait(2.0)  # until all have looked for the first time
        share = _share_of_a_core(server, lambda turn: hands.submit(look_at_next, desks[turn % DESKS]))
    return [Figure(f"{DESKS} idle desks on the server", share * 100, "% of a core", AIM)]


def _seat(stack: ExitStack, ctx: Context, hands: ThreadPoolExecutor) -> None:
    """Let a desk listen, and look whenever it is told."""

    def look(*_told: str) -> None:
        hands.submit(look_at_waiting, ctx)

    stop = listen(ctx, look, look)
    assert stop is not None
    stack.callback(stop)


def _share_of_a_core(server: Node, look_at_promises: Callable[[int], object]) -> float:
    begun, before = monotonic(), _used(server)
    turn = 0
    while monotonic() - begun < SECONDS:
        if turn % (APART / PAUSE) == 0:
            server.sql("SELECT pg_notify('agent_desk_handover', '0')", database=DATABASE)
        look_at_promises(turn)
        turn += 1
        threading.Event().wait(PAUSE)
    return (_used(server) - before) / (monotonic() - begun)


def _used(server: Node) -> float:
    """Return the processor seconds of the postmaster and its children."""
    main = (server.data / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if main in (place.parent.name, fields[1]):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
