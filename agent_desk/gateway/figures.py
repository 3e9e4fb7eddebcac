"""What a gateway counts about itself, for its metrics page: numbers only."""

from collections import Counter

from agent_desk.gateway.rooms import Rooms
from agent_desk.ports import Metric


def figures(answers: Counter[int], rooms: Rooms) -> tuple[Metric, ...]:
    """Return answers by status, and the shares somebody is connected to; from any thread."""
    counted = tuple((("status", str(status)), float(count)) for status, count in sorted(dict(answers).items()))
    return (
        Metric("agent_desk_gateway_answers_total", "Requests answered, by status.", "counter", counted),
        Metric("agent_desk_gateway_shares", "Shares connected now.", "gauge", ((None, len(rooms.share_ids)),)),
    )
