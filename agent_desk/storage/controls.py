"""The internal control plan as rows; who signed in to PostgreSQL has functions write them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from agent_desk.rules.controls import Sample, Sheet, Verdict, fingerprint
from agent_desk.storage.acting import under_rights
from agent_desk.storage.control_tables import control_sample, control_sheet
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.refused import refusals
from agent_desk.storage.tables import session

_DRAW = text("SELECT desk_draw_controls(:commitment, :month, :ids)")
_CHECK = text("SELECT desk_check_control(:sample, :verdict, :note)")
_SIGN = text("SELECT desk_sign_controls(:commitment, :month)")
_TELL = text("SELECT desk_tell_commitments(:filter, :form)")


def read_sheet(tx: Connection, commitment: str, month: str) -> Sheet:
    """Return the sample of a commitment and month, by session, and who signed it; without cases where none was drawn."""
    of = control_sample.c
    rows = tx.execute(
        select(control_sample, session.c.number, session.c.agent)
        .join(session, session.c.id == of.session_id)
        .where(of.commitment == commitment, of.month == month)
        .order_by(of.session_id)
    )
    samples = tuple(
        Sample(
            row.id,
            row.session_id,
            row.number,
            row.agent,
            Verdict(row.verdict) if row.verdict else None,
            row.note,
            row.checked_by,
            row.checked_at,
        )
        for row in rows
    )
    signed = tx.execute(
        select(control_sheet).where(control_sheet.c.commitment == commitment, control_sheet.c.month == month)
    ).one_or_none()
    if signed is None:
        return Sheet(commitment, month, samples)
    return Sheet(commitment, month, samples, signed.signed_at, signed.signed_by, bytes(signed.sha256))


def signed_sheets(tx: Connection, first: str, last: str) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return how many cases were checked, and found conform, of each signed commitment and month."""
    found = tx.execute(select(control_sheet).where(control_sheet.c.month >= first, control_sheet.c.month <= last))
    return {(row.commitment, row.month): (row.samples, row.conform) for row in found}


def draw(tx: Connection, sheet: Sheet, session_ids: Sequence[int], at: datetime) -> None:
    """Write which cases are checked, once."""
    if under_rights(tx) is not None:
        tx.execute(_DRAW, {"commitment": sheet.commitment, "month": sheet.month, "ids": list(session_ids)})
        return
    rows = [
        {"commitment": sheet.commitment, "month": sheet.month, "session_id": one, "drawn_at": at} for one in session_ids
    ]
    if rows:
        tx.execute(insert(control_sample), rows)


def check(tx: Connection, sample: Sample, verdict: Verdict, note: str, at: datetime, by: str) -> None:
    """Write what was found of a case; RefusedByRights as `rules.controls.check_refusal`."""
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_CHECK, {"sample": sample.id, "verdict": verdict, "note": note})
        return
    found = {"verdict": verdict, "note": note, "checked_by": by, "checked_at": at}
    tx.execute(update(control_sample).where(control_sample.c.id == sample.id).values(found))


def sign(tx: Connection, sheet: Sheet, at: datetime, by: str) -> None:
    """Sign a sheet: its hash goes into the site's chain; RefusedByRights as `rules.controls.sign_refusal`."""
    place = {"commitment": sheet.commitment, "month": sheet.month}
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_SIGN, place)
        return
    mark = fingerprint(sheet)
    counts = {"samples": len(sheet.samples), "conform": sheet.conform}
    tx.execute(insert(control_sheet).values(**place, **counts, signed_at=at, signed_by=by, sha256=mark))
    said = {"by": by, **place, **counts, "sha256": mark.hex()}
    append(tx, SITE_CHAIN, "controls_signed", said, at=at, actor="agent")


def tell_export(tx: Connection, at: datetime, by: str, asked: Mapping[str, Any], form: str) -> None:
    """Note who took out the report of commitments, of which months and teams, and in which form."""
    if under_rights(tx) is not None:
        tx.execute(_TELL, {"filter": json.dumps(asked, ensure_ascii=False), "form": form})
    else:
        append(tx, SITE_CHAIN, "commitments_exported", {"by": by, "filter": asked, "form": form}, at=at, actor="agent")
