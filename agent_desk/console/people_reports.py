"""What `deskctl people` answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agent_desk.console.answer import Answer, columns
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.turn_keys import TurnedKeys
    from agent_desk.storage.people import PersonRecord


def show_people(people: "Sequence[PersonRecord]", wording: Wording) -> Answer:
    """Return everybody, those who left with the day they did."""
    rows = [
        (
            one.login,
            one.name,
            wording.text(f"roles.{one.role}"),
            one.team,
            "" if one.left_at is None else f"† {one.left_at:%Y-%m-%d}",
        )
        for one in people
    ]
    lines = columns(rows) if rows else (wording.text("deskctl.nobody"),)
    return Answer([_value(one) for one in people], lines)


def show_change(one: "PersonRecord", wording: Wording) -> Answer:
    """Return somebody's role and team after a change."""
    role = wording.text(f"roles.{one.role}")
    return Answer(
        _value(one), (wording.text("deskctl.person_changed", login=one.login, role=role, team=one.team or "—"),)
    )


def show_duties(duties: "Mapping[str, Sequence[str]]", wording: Wording) -> Answer:
    """Return every team with what it is there for."""
    rows = [(team, ", ".join(wording.text(f"duties.{duty}") for duty in of)) for team, of in duties.items()]
    lines = columns(rows) if rows else (wording.text("deskctl.no_teams"),)
    return Answer([{"team": team, "duties": list(of)} for team, of in duties.items()], lines)


def show_turned(turned: "TurnedKeys", wording: Wording) -> Answer:
    """Return the new key, and how many codes were put out."""
    return Answer(asdict(turned), (wording.text("deskctl.keys_turned", key=turned.door_key, codes=turned.codes),))


def _value(one: "PersonRecord") -> dict[str, Any]:
    moments = {key: None if (at := getattr(one, key)) is None else at.isoformat() for key in ("joined_at", "left_at")}
    return asdict(one) | moments
