"""The operator's feasibility answers per equipment: an earlier answer for the same equipment serves (3.3, 4.4)."""

from collections.abc import Iterable

from sqlalchemy import Connection

from agent_desk.rules.identity import equipment_key
from agent_desk.rules.session import Feasibility
from agent_desk.storage.site import read_site, write_site

PREFIX = "feasibility:"


def known_answers(tx: Connection, equipment: Iterable[str]) -> dict[str, Feasibility]:
    """Return the answers known for these equipment names, by `equipment_key`."""
    keys = {equipment_key(name) for name in equipment} - {""}
    if not keys:
        return {}
    found = read_site(tx, [PREFIX + key for key in keys])
    return {name.removeprefix(PREFIX): Feasibility(value) for name, value in found.items()}


def remember_answer(tx: Connection, equipment: str, answer: Feasibility) -> None:
    """Keep a yes or no for this equipment, so that the next session need not ask."""
    key = equipment_key(equipment)
    if key and answer in (Feasibility.YES, Feasibility.NO):
        write_site(tx, PREFIX + key, answer)
