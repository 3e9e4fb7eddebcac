"""A gateway that ends lets go of every connection, whatever it is just doing."""

import asyncio
from typing import Any

from uvicorn.server import ServerState
from websockets.asyncio.client import connect
from websockets.frames import CloseCode, Frame, Opcode

from agent_desk.gateway.protocol import GatewayProtocol
from agent_desk.gateway.server import _config, _farewell

GOODBYE = Frame(Opcode.CLOSE, int(CloseCode.NORMAL_CLOSURE).to_bytes(2, "big")).serialize(mask=True)


async def listen(_scope: Any, receive: Any, send: Any) -> None:
    """Accept a WebSocket and hear it out."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def end_while_a_page_says_goodbye() -> int:
    """Return how many connections are left."""
    loop, state = asyncio.get_running_loop(), ServerState()
    server = await loop.create_server(lambda: GatewayProtocol(_config(listen), state, {}, loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with connect(f"ws://127.0.0.1:{port}/", compression=None) as page:
        (connection,) = state.connections
        connection.data_received(GOODBYE)
        server.close()
        await _farewell(state)
        await page.wait_closed()
    return len(state.connections)


def test_a_page_that_says_goodbye_as_the_gateway_ends_holds_nobody_up() -> None:
    assert asyncio.run(asyncio.wait_for(end_while_a_page_says_goodbye(), 20)) == 0
