"""The internal control plan: drawn once a month is over, checked by supervisors but not of their own work, signed once."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from agent_desk.actions.check_case import check_case
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_controls import look_at_controls
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.actions.sign_controls import sign_controls
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.controls import SAMPLE, Sheet, Verdict, drawn, fingerprint
from agent_desk.storage.tables import payload
from tests.support.callcentre import NADIA, OLGA, SAM, CallCentre
from tests.support.desks import clock, finished

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

OF, MONTH = "price-first", "2026-11"


def refused(job: object, *arguments: object) -> str:
    with pytest.raises(Refusal) as told:
        job(*arguments)  # type: ignore[operator]  # an action
    return told.value.code


def closed(ctx: Context, count: int) -> None:
    for _ in range(count):
        done = finished(ctx)
        close_session(ctx, done.id, done.version)


def plan(agent: Context, supervisor: Context) -> Sheet:
    """Play a month's control from the first look to the signature, and return the sheet."""
    closed(agent, SAMPLE + 3)
    assert look_at_controls(supervisor, OF, MONTH).samples == ()  # the month is not over
    clock(agent).move(days=10)
    sheet = look_at_controls(supervisor, OF, MONTH)
    assert len(sheet.samples) == SAMPLE
    assert look_at_controls(supervisor, OF, MONTH) == sheet
    first = sheet.samples[0]
    assert refused(sign_controls, supervisor, OF, MONTH) == "control_open"
    assert refused(check_case, supervisor, OF, MONTH, first.id, Verdict.NOT_CONFORM, " ") == "control_note"
    assert refused(check_case, supervisor, OF, MONTH, first.id, Verdict.CONFORM, "x" * 401) == "control_note_long"
    assert refused(check_case, supervisor, OF, MONTH, 999, Verdict.CONFORM) == "unknown_case"
    assert refused(check_case, supervisor, "none", MONTH, first.id, Verdict.CONFORM) == "unknown_case"
    check_case(supervisor, OF, MONTH, first.id, Verdict.CONFORM)
    for one in sheet.samples:
        verdict = Verdict.NOT_CONFORM if one == first else Verdict.CONFORM
        check_case(supervisor, OF, MONTH, one.id, verdict, "  l’accord\n manque ")
    signed = sign_controls(supervisor, OF, MONTH)
    assert (signed.conform, signed.open, signed.samples[0].note) == (SAMPLE - 1, 0, "l’accord manque")
    assert signed.sha256 == fingerprint(signed)
    assert refused(sign_controls, supervisor, OF, MONTH) == "control_signed"
    assert refused(check_case, supervisor, OF, MONTH, first.id, Verdict.CONFORM) == "control_signed"
    (row,) = (one for one in report_commitments(supervisor, MONTH, "2026-12").rows if one.commitment.id == OF)
    assert row.controls == {MONTH: (SAMPLE, SAMPLE - 1)}
    return signed


def told(ctx: Context, kind: str) -> list[dict[str, object]]:
    query = text("SELECT p.body FROM event e JOIN payload p USING (chain, seq) WHERE e.chain = 0 AND e.kind = :kind")
    with ctx.database.read() as tx:
        return [json.loads(body) for body in tx.execute(query, {"kind": kind}).scalars()]


def test_a_months_sample_is_drawn_checked_and_signed_into_the_sites_chain(sqlite_ctx: Context) -> None:
    supervisor = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, agent_name="Sam Petit"))
    signed = plan(sqlite_ctx, supervisor)
    (said,) = told(sqlite_ctx, "controls_signed")
    assert said == {
        "by": "Sam Petit",
        "commitment": OF,
        "month": MONTH,
        "samples": SAMPLE,
        "conform": SAMPLE - 1,
        "sha256": signed.sha256.hex(),
    }
    assert verify_log(sqlite_ctx).fault is None
    with sqlite_ctx.database.read() as tx:
        assert tx.execute(select(payload).where(payload.c.chain == 0)).first()


def test_nobody_checks_their_own_case(sqlite_ctx: Context) -> None:
    closed(sqlite_ctx, 1)
    clock(sqlite_ctx).move(days=10)
    (sample,) = look_at_controls(sqlite_ctx, OF, MONTH).samples
    assert refused(check_case, sqlite_ctx, OF, MONTH, sample.id, Verdict.CONFORM) == "control_own"


def test_in_a_call_centre_the_database_keeps_the_plan_an_auditor_reads_it_and_agents_do_not(
    staffed: CallCentre,
) -> None:
    supervisor = staffed.ctx(SAM)
    agent = replace(staffed.ctx(NADIA), clock=supervisor.clock)
    auditor = replace(staffed.ctx(OLGA), clock=supervisor.clock)
    signed = plan(agent, supervisor)
    assert look_at_controls(auditor, OF, MONTH) == signed
    (said,) = told(supervisor, "controls_signed")
    assert (said["by"], said["sha256"]) == ("Sam Petit", signed.sha256.hex())
    assert verify_log(staffed.own).fault is None
    assert refused(sign_controls, auditor, OF, "2026-10") == "control_not_allowed"
    first = signed.samples[0].id
    typed = {
        SAM: (
            "UPDATE control_sample SET verdict = 'conform'",
            "DELETE FROM control_sample",
            "INSERT INTO control_sheet SELECT 'x', month, signed_at, signed_by, 1, 1, sha256 FROM control_sheet",
            f"SELECT desk_check_control({first}, 'perhaps', '')",
            f"SELECT desk_check_control({first}, 'conform', '')",
        ),
        OLGA: (
            "SELECT desk_draw_controls('bill-right', '2026-11', '{1}')",
            "SELECT desk_sign_controls('x', '2026-11')",
        ),
        NADIA: ("SELECT * FROM control_sample", "SELECT desk_draw_controls('x', '2026-11', '{1}')"),
    }
    for login, statements in typed.items():
        for statement in statements:
            with pytest.raises(Exception, match=r"permission denied|control_signed|not for this role"):
                staffed.connect(login).execute(statement.encode())
    # A second draw of the same month adds nothing.
    staffed.connect(SAM).execute(f"SELECT desk_draw_controls('{OF}', '{MONTH}', '{{1,2,3}}')".encode())
    assert look_at_controls(auditor, OF, MONTH) == signed


def test_the_draw_is_the_same_for_everybody_and_another_with_another_key() -> None:
    ids = range(1, 500)
    chosen = drawn(b"k" * 32, OF, MONTH, ids)
    assert chosen == drawn(b"k" * 32, OF, MONTH, reversed(ids))
    assert len(chosen) == SAMPLE
    others = {drawn(b"k" * 32, OF, "2026-12", ids), drawn(b"k" * 32, "x", MONTH, ids), drawn(b"l" * 32, OF, MONTH, ids)}
    assert len(others | {chosen}) == 4
    assert drawn(b"k", OF, MONTH, [7]) == (7,)
