"""A closed session decided again: its rows, written together; who signed in to PostgreSQL has a function write them."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from agent_desk.rules.session import Content
from agent_desk.storage.acting import under_rights
from agent_desk.storage.content import to_json
from agent_desk.storage.decisions import DecisionRecord, add_decision, decide_lines
from agent_desk.storage.refused import refusals
from agent_desk.storage.sessions import SessionRecord, change_session, write_draft
from agent_desk.storage.types import microseconds

_CORRECT = text(
    "SELECT desk_correct(:session, :version, :content, :outcome, :amounts, :rules, :at, :catalogue, :inputs, :result,"
    " :total, :vat)"
)


def write_correction(
    tx: Connection,
    session: SessionRecord,
    content: Content,
    outcome: str,
    kept: DecisionRecord,
    decided: Sequence[tuple[int, str]],
) -> None:
    """Write content, outcome, the amount and rule of each line, and the decision, whose event is appended already."""
    if under_rights(tx) is not None:
        _have_written(tx, session, content, outcome, kept, decided)
        return
    write_draft(tx, session.id, content, revision=session.revision + 1)
    decide_lines(tx, session.id, decided)
    add_decision(tx, kept)
    change_session(tx, session.id, version=session.version + 1, outcome=outcome, total_cents=kept.total_cents)


def _have_written(
    tx: Connection,
    session: SessionRecord,
    content: Content,
    outcome: str,
    kept: DecisionRecord,
    decided: Sequence[tuple[int, str]],
) -> None:
    values = {
        "session": session.id,
        "version": session.version,
        "content": to_json(content),
        "outcome": outcome,
        "amounts": [amount for amount, _rule in decided],
        "rules": [str(rule) for _amount, rule in decided],
        "at": microseconds(kept.decided_at),
        "catalogue": kept.catalogue_version,
        "inputs": kept.inputs,
        "result": kept.result,
        "total": kept.total_cents,
        "vat": kept.vat_cents,
    }
    with refusals():
        tx.execute(_CORRECT, values)
