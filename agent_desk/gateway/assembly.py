"""Puts a gateway together; called in its loop's thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent_desk import late
from agent_desk.gateway.attempts import Gate, Tries
from agent_desk.gateway.facts import Facts
from agent_desk.gateway.figures import figures
from agent_desk.gateway.guests import Guests
from agent_desk.gateway.pages import Pages
from agent_desk.gateway.post import Mail, Post
from agent_desk.gateway.rooms import NoBus, Rooms
from agent_desk.gateway.routes import Parts
from agent_desk.gateway.server import Service
from agent_desk.gateway.shield import Gateway
from agent_desk.gateway.sockets import Sockets
from agent_desk.gateway.watch import Watch

if TYPE_CHECKING:
    from agent_desk.actions.door import Door

# Starts listening: given what takes a notice and what to do when the connection is back, returns how to end it.
Listen = Callable[[Callable[[str, str], None], Callable[[], None]], Callable[[], None]]


def assemble(door: "Door", facts: Facts, pages: Pages, listen: Listen | None = None) -> Service:
    """Return a gateway over `door`; with `listen` it shares its database with others."""
    guests = Guests(door)
    post = Post(door) if listen else None
    rooms = Rooms(post or NoBus())
    sockets = Sockets(facts, guests, rooms)
    watch = Watch(guests, rooms, sockets, told=listen is not None)
    tries = Tries(
        lambda sources: late.count_attempts(door, sources),
        lambda digits, source, browser, later: late.try_code(door, digits, source, browser, later),
    )
    mail = Mail(guests, rooms, watch)
    deaf = listen(mail.take, mail.back) if listen else None

    async def close() -> None:
        await sockets.close()
        if deaf is not None:
            deaf()
        if post is not None:
            post.close()
        tries.close()
        guests.close()

    parts = Parts(facts, pages, guests, Gate(), tries, rooms, sockets)
    gateway = Gateway(parts)
    jobs = [watch.look, watch.reap, watch.sweep, guests.warm_up]
    return Service(gateway, jobs + ([mail.sort] if listen else []), close, lambda: figures(gateway.answers, rooms))
