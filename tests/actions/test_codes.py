"""The life of a one-time code: ten minutes, once, three failures, and nobody can read it anywhere."""

import hmac
import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.code_seal import free_locator, opens, public_key, seal
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.end_dead_codes import end_dead_codes
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.publish_door_key import publish_door_key
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.redeem_code import redeem_code
from agent_desk.actions.revoke_code import revoke_code
from agent_desk.actions.try_code import try_code
from agent_desk.actions.views import CodeView, SessionView
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.code import build, is_well_formed
from agent_desk.storage import codes
from agent_desk.storage.database import Database
from agent_desk.storage.site import write_site
from agent_desk.storage.tables import code as code_table
from tests.support.desks import NOON, MemorySecrets, agreed, begun, clock, context, drafted, finished
from tests.support.shares import wrong


def state(ctx: Context, view: SessionView) -> str:
    code = load_session(ctx, view.id).code
    assert code is not None
    return code.state


def refused(ctx: Context, digits: str) -> Refusal:
    with pytest.raises(Refusal) as found:
        redeem_code(ctx, digits, "page")
    return found.value


def told(ctx: Context, view: SessionView) -> list[str]:
    return [event.kind for event in read_timeline(ctx, view.id).events if event.kind.startswith("code")]


def test_a_code_opens_its_session_once(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    assert is_well_formed(code.digits, 3)
    assert len(code.digits) == 10
    assert code.expires_at == NOON + timedelta(minutes=10)
    assert load_session(ctx, view.id).code == CodeView("live", NOON, code.expires_at, 0)
    assert redeem_code(ctx, f" {code.digits[:3]} {code.digits[3:6]}-{code.digits[6:]} ", "page") == view.id
    assert load_session(ctx, view.id).code == CodeView("redeemed", NOON, code.expires_at, 0)
    assert refused(ctx, code.digits).code == "code_refused"
    assert told(ctx, view) == ["code_issued", "code_redeemed", "code_reused"]


def test_no_code_before_the_agreement_nor_after_the_end(ctx: Context) -> None:
    view = drafted(ctx)
    with pytest.raises(Refusal) as early:
        issue_code(ctx, view.id)
    assert early.value.code == "code_not_allowed"
    cancel_session(ctx, view.id, view.version, "Rappellera")
    with pytest.raises(Refusal) as late:
        issue_code(ctx, view.id)
    assert late.value.code == "already_ended"


def test_a_new_code_kills_the_old_one(ctx: Context) -> None:
    view = agreed(ctx)
    old = issue_code(ctx, view.id)
    new = issue_code(ctx, view.id)
    if old.digits[:9] != new.digits[:9]:
        refused(ctx, old.digits)
    assert redeem_code(ctx, new.digits, "page") == view.id
    assert told(ctx, view)[:3] == ["code_issued", "code_replaced", "code_issued"]


def test_after_ten_minutes_it_is_over(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    clock(ctx).move(minutes=10)
    assert state(ctx, view) == "expired"
    refused(ctx, code.digits)
    assert told(ctx, view) == ["code_issued", "code_expired"]


def test_a_second_before_it_is_still_good(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    clock(ctx).move(minutes=9, seconds=59)
    assert redeem_code(ctx, code.digits, "page") == view.id


def test_a_clock_moved_back_does_not_lengthen_its_life(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    clock(ctx).move(hours=-1)
    refused(ctx, code.digits)
    assert state(ctx, view) == "expired"


def test_three_failures_burn_it(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    for failures in (1, 2):
        refused(ctx, wrong(code))
        assert load_session(ctx, view.id).code == CodeView("live", NOON, code.expires_at, failures)
    refused(ctx, wrong(code))
    assert load_session(ctx, view.id).code == CodeView("burned", NOON, code.expires_at, 3)
    refused(ctx, code.digits)
    assert told(ctx, view) == ["code_issued", "code_failed", "code_failed", "code_failed", "code_burned"]


def test_two_failures_do_not(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    refused(ctx, wrong(code))
    refused(ctx, wrong(code))
    assert redeem_code(ctx, code.digits, "page") == view.id


def test_an_attempt_is_counted_even_when_the_program_dies_before_comparing(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    with monkeypatch.context() as dying:
        dying.setattr(hmac, "compare_digest", lambda *_sides: (_ for _ in ()).throw(KeyboardInterrupt))
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                redeem_code(ctx, code.digits, "page")
    refused(ctx, code.digits)


def test_every_refusal_is_the_same(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    locator = f"{(int(code.digits[:3]) + 1) % 1000:03d}"
    answers = [
        refused(ctx, digits) for digits in (wrong(code), build(locator, "123456"), "", "1" * 10, "x" * 5000, "٤٠٧")
    ]
    redeem_code(ctx, code.digits, "page")
    answers.append(refused(ctx, code.digits))
    assert {(one.code, one.fields, one.blockers, tuple(one.values)) for one in answers} == {
        ("code_refused", (), (), ())
    }


def test_a_wrong_locator_counts_against_nobody(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    locator = f"{(int(code.digits[:3]) + 1) % 1000:03d}"
    refused(ctx, build(locator, "123456"))
    assert load_session(ctx, view.id).code == CodeView("live", NOON, code.expires_at, 0)


def test_the_agent_can_put_it_out(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    revoked = revoke_code(ctx, view.id)
    assert revoked.code is not None
    assert revoked.code.state == "revoked"
    refused(ctx, code.digits)
    assert revoke_code(ctx, view.id) == revoked
    assert told(ctx, view) == ["code_issued", "code_revoked"]


@pytest.mark.parametrize(
    ("prepare", "end"),
    [
        (finished, lambda ctx, view: close_session(ctx, view.id, view.version)),
        (agreed, lambda ctx, view: cancel_session(ctx, view.id, view.version, "Rappellera")),
        (agreed, lambda ctx, view: withdraw_session(ctx, view.id, view.version)),
        (begun, lambda ctx, view: withdraw_session(ctx, view.id, view.version)),
    ],
    ids=["closing", "cancelling", "withdrawing", "withdrawing while working"],
)
def test_the_end_of_the_session_kills_it(
    ctx: Context, prepare: Callable[[Context], SessionView], end: Callable[[Context, SessionView], Any]
) -> None:
    view = prepare(ctx)
    code = issue_code(ctx, view.id)
    ended = end(ctx, view)
    assert ended.code.state == state(ctx, view) == "revoked"
    refused(ctx, code.digits)
    assert told(ctx, view) == ["code_issued", "code_revoked"]


def test_a_code_that_lapsed_unnoticed_ends_as_expired_at_closing(ctx: Context) -> None:
    view = finished(ctx)
    issue_code(ctx, view.id)
    clock(ctx).move(minutes=11)
    closed = close_session(ctx, view.id, view.version)
    assert closed.code is not None
    assert closed.code.state == state(ctx, view) == "expired"


def test_live_codes_never_share_a_locator(ctx: Context) -> None:
    views = [agreed(ctx) for _ in range(5)]
    locators = [issue_code(ctx, view.id).digits[:3] for view in views]
    assert len(set(locators)) == 5


def fill_locators(ctx: Context, view: SessionView, numbers: range, digits: int = 3) -> None:
    with ctx.database.write() as tx:
        rows = [
            {
                "session_id": view.id,
                "locator": f"{number:0{digits}d}",
                "mac": b"x",
                "issued_at": clock(ctx).now(),
                "expires_at": clock(ctx).now() + timedelta(minutes=10),
                "state": "live",
            }
            for number in numbers
        ]
        tx.execute(insert(code_table), rows)


def test_the_last_free_locator_is_found_and_then_there_is_none(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    others, view, late = agreed(ctx), agreed(ctx), agreed(ctx)
    fill_locators(ctx, others, range(999))
    assert issue_code(ctx, view.id).digits[:3] == "999"
    with pytest.raises(Refusal) as found:
        issue_code(ctx, late.id)
    assert found.value.code == "code_none_free"
    assert load_session(ctx, late.id).code is None


def test_a_locator_taken_between_looking_and_writing_is_given_up(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = agreed(ctx), agreed(ctx)
    taken = issue_code(ctx, first.id).digits[:3]
    drawn = iter([taken, taken, f"{(int(taken) + 1) % 1000:03d}"])
    monkeypatch.setattr("agent_desk.actions.issue_code.free_locator", lambda _taken, _digits: next(drawn))
    code = issue_code(ctx, second.id)
    assert redeem_code(ctx, code.digits, "page") == second.id


def test_expired_codes_free_their_locators_and_end_in_their_own_log(ctx: Context) -> None:
    first, second = agreed(ctx), agreed(ctx)
    issue_code(ctx, first.id)
    clock(ctx).move(minutes=11)
    issue_code(ctx, second.id)
    assert told(ctx, first) == ["code_issued", "code_expired"]
    with ctx.database.read() as tx:
        assert [code.session_id for code in codes.live_codes(tx)] == [second.id]


def test_a_free_locator_is_any_that_nobody_has() -> None:
    taken = {f"{number:03d}" for number in range(0, 1000, 2)}
    drawn = {free_locator(taken, 3) for _ in range(200)}
    assert not drawn & taken
    assert len(drawn) > 100


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_the_site_may_want_longer_codes(sqlite_ctx: Context, digits: int) -> None:
    view = agreed(sqlite_ctx)
    with sqlite_ctx.database.write() as tx:
        write_site(tx, "code_locator_digits", "4")
        write_site(tx, "code_locator_digits", str(digits))
    code = issue_code(sqlite_ctx, view.id)
    assert len(code.digits) == digits + 7
    assert redeem_code(sqlite_ctx, code.digits, "page") == view.id


def test_without_a_word_from_the_site_the_workstation_decides(sqlite_ctx: Context) -> None:
    ctx = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, locator_digits=5))
    assert len(issue_code(ctx, agreed(ctx).id).digits) == 12


def test_without_a_keyring_codes_die_with_the_program(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    views = [agreed(ctx), agreed(ctx)]
    live = [issue_code(ctx, view.id) for view in views]
    restarted = replace(ctx, secrets=MemorySecrets(usable=False), code_key=bytes(32))
    assert end_dead_codes(restarted) == 2
    assert [state(restarted, view) for view in views] == ["revoked", "revoked"]
    for code in live:
        refused(restarted, code.digits)
    assert end_dead_codes(restarted) == 0


def test_the_codes_of_other_desks_are_left_alone(postgresql_url: str) -> None:
    with closing(Database.open(postgresql_url)) as database:
        ctx = context(database)
        view = agreed(ctx)
        code = issue_code(ctx, view.id)
        assert end_dead_codes(replace(ctx, secrets=MemorySecrets(usable=False))) == 0
        assert redeem_code(ctx, code.digits, "page") == view.id


def test_with_a_keyring_they_live_on(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    assert end_dead_codes(ctx) == 0
    assert redeem_code(ctx, code.digits, "page") == view.id


def test_a_seal_opens_for_its_door_its_session_and_its_code_only() -> None:
    private = bytes(range(32))
    sealed = seal(public_key(private), 1, "407", "915263")
    assert opens(private, 1, "407", "915263", sealed)
    others = [
        opens(bytes(32), 1, "407", "915263", sealed),
        opens(private, 2, "407", "915263", sealed),
        opens(private, 1, "408", "915263", sealed),
        opens(private, 1, "407", "915264", sealed),
        opens(private, 1, "407", "915263", None),
        opens(private, 0, "000", "000000", None),
    ]
    assert not any(others)


def test_the_same_code_is_never_sealed_alike_twice() -> None:
    public = public_key(bytes(range(32)))
    assert len({seal(public, 1, "407", "915263") for _ in range(50)}) == 50


@pytest.mark.parametrize("broken", [b"", b"x", bytes(32), bytes(200), bytes(range(32)), "flipped"])
def test_what_is_no_seal_of_ours_opens_nothing(broken: bytes | str) -> None:
    private = bytes(range(32))
    sealed = seal(public_key(private), 1, "407", "915263")
    text = sealed[:-1] + bytes([sealed[-1] ^ 1]) if isinstance(broken, str) else broken
    assert not opens(private, 1, "407", "915263", text)


def test_codes_are_sealed_to_the_gateway_that_has_published_its_door(ctx: Context) -> None:
    gateway = bytes(range(1, 33))
    assert publish_door_key(ctx.database, gateway) == public_key(gateway).hex()
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    refused(ctx, code.digits)  # the desk itself cannot open it
    assert try_code(replace(door_of(ctx), key=gateway), code.digits, "page", "browser").session_id == view.id


def test_codes_of_a_gateway_outlive_a_desk_without_a_keyring(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    publish_door_key(ctx.database, bytes(range(1, 33)))
    view = agreed(ctx)
    issue_code(ctx, view.id)
    assert end_dead_codes(replace(ctx, secrets=MemorySecrets(usable=False), code_key=bytes(32))) == 0
    assert state(ctx, view) == "live"


def test_a_code_that_an_older_desk_sealed_is_refused_like_any_wrong_one(ctx: Context) -> None:
    view = agreed(ctx)
    with ctx.database.write() as tx:
        later = clock(ctx).now() + timedelta(minutes=10)
        codes.add_code(tx, view.id, "407", bytes(32), clock(ctx).now(), later, "")
    assert refused(ctx, build("407", "915263")).code == "code_refused"


def test_a_stolen_database_and_all_logs_reveal_no_digit_of_the_secret(
    sqlite_ctx: Context, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    drawn = iter((840_617, 73_958, 996_031, 358_664))  # fixed: six digits of chance would be met by chance elsewhere
    monkeypatch.setattr("agent_desk.actions.issue_code.secrets", SimpleNamespace(randbelow=lambda _most: next(drawn)))
    view = agreed(sqlite_ctx)
    secrets = []
    for _ in range(3):
        code = issue_code(sqlite_ctx, view.id)
        refused(sqlite_ctx, wrong(code))
        secrets += [code.digits[3:9], code.digits, wrong(code)[3:9]]
    code = issue_code(sqlite_ctx, view.id)
    redeem_code(sqlite_ctx, code.digits, "page")
    secrets += [code.digits[3:9], code.digits]
    path = sqlite_ctx.database.file
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        # Blobs come as hexadecimal, in which six digits in a row are chance: only text columns are searched for them.
        dump = "\n".join(line for line in connection.iterdump() if "X'" not in line)
        columns = [
            (table, column[1])
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for column in connection.execute(f"PRAGMA table_info({table})").fetchall()
        ]
        texts = [
            str(value)
            for table, column in columns
            for (value,) in connection.execute(f'SELECT "{column}" FROM "{table}" WHERE typeof("{column}") = \'text\'')
        ]
    shown = repr(code) + repr(read_timeline(sqlite_ctx, view.id))
    everything = dump + "\n".join(texts) + caplog.text + shown
    raw = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    for secret in secrets:
        assert secret not in everything
        assert secret.encode() not in raw


def test_a_traceback_that_shows_the_context_shows_no_key(sqlite_ctx: Context) -> None:
    assert repr(sqlite_ctx.code_key) not in repr(sqlite_ctx)


@pytest.mark.parametrize("attempts", [200])
def test_of_two_hundred_simultaneous_attempts_exactly_one_wins(ctx: Context, attempts: int) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    start = threading.Barrier(attempts)
    outcomes: Counter[object] = Counter()
    turn = threading.Lock()

    def attempt() -> None:
        start.wait()
        try:
            result: object = redeem_code(ctx, code.digits, "page")
        except Refusal as refusal:
            result = refusal.code
        with turn:
            outcomes[result] += 1

    threads = [threading.Thread(target=attempt) for _ in range(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {view.id: 1, "code_refused": attempts - 1}
    assert state(ctx, view) == "redeemed"
    assert told(ctx, view)[:2] == ["code_issued", "code_redeemed"]
    assert told(ctx, view)[2:] in ([], ["code_reused"])  # whoever came after the first warns the agent, once
    assert all(event.chain_ok for event in read_timeline(ctx, view.id).events)


def test_a_session_has_one_live_code_however_many_are_asked_for_at_once(ctx: Context) -> None:
    view = agreed(ctx)
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        issue_code(ctx, view.id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ctx.database.read() as tx:
        live = select(func.count()).select_from(code_table).where(code_table.c.state == "live")
        assert tx.execute(live).scalar_one() == 1
    assert Counter(told(ctx, view)) == {"code_issued": 8, "code_replaced": 7}
