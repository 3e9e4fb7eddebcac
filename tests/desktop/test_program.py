"""The whole program: from the first paint to the database, one desk per folder, nothing lost at the end."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import get_ident
from typing import Any
from weakref import finalize

import pytest
from pytestqt.qtbot import QtBot

from agent_desk.actions.close_session import close_session
from agent_desk.actions.end_leases import end_leases
from agent_desk.actions.list_today import list_today
from agent_desk.desktop.fault_panel import FaultPanel
from agent_desk.desktop.today import TodayScreen
from agent_desk.rules.mail import HEARTBEAT
from agent_desk.settings import DATABASE_NAME, Settings, load_settings, save_settings
from agent_desk.storage import checkpoints
from agent_desk.wiring.context import code_key, open_context, relay_of
from agent_desk.wiring.desktop import Program
from agent_desk.wiring.only_instance import OnlyInstance
from agent_desk.wiring.site import sentence
from agent_desk.wording import load_wording
from tests.support.desks import MemorySecrets, clock, finished
from tests.support.mails import mail, queued
from tests.support.smtp import LOOPBACK, mail_server
from tests.support.source import ROOT

Starter = Callable[..., Program]


class Ring:
    """Holds itself, so that only a collection takes it apart."""

    def __init__(self) -> None:
        self.me = self


def test_today_is_filled_from_an_empty_folder(start: Starter, folder: Path) -> None:
    program = start()
    assert isinstance(program.window.current, TodayScreen)
    assert program.window.current._view is not None
    assert (folder / DATABASE_NAME).exists()


def test_the_painting_thread_may_not_touch_the_database(start: Starter) -> None:
    program = start()
    with pytest.raises(RuntimeError), program.desk.context.database.read():
        pass


def test_a_truncated_database_is_told_and_left_alone(start: Starter, folder: Path) -> None:
    broken = b"SQLite format 3\x00" + bytes(50)
    (folder / DATABASE_NAME).write_bytes(broken)
    program = start()
    panel = program.window.ui.screens.currentWidget()
    assert isinstance(panel, FaultPanel)
    codes = ("truncated", "corrupt")
    assert panel.sentence.text() in {program.desk.wording.text(f"errors.{code}") for code in codes}
    assert (folder / DATABASE_NAME).read_bytes() == broken


def test_a_broken_settings_file_is_told_once_the_window_is_there(start: Starter, folder: Path) -> None:
    (folder / "settings.json").write_text("{", encoding="utf-8")
    program = start()
    assert program.window._notice.sentence.text().startswith("Le fichier de réglages est illisible")


def test_the_first_start_asks_before_anything_else(start: Starter, folder: Path) -> None:
    save_settings(folder, replace(load_settings(folder).settings, first_start_done=False))
    program = start()
    current = program.window.current
    assert type(current).__name__ == "FirstStart"


def test_a_checkpoint_is_made_at_the_end(start: Starter, in_worker: Callable[..., Any], qtbot: QtBot) -> None:
    program = start()
    ctx = program.desk.context
    in_worker(finished, ctx)
    program.window.close()
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=20_000)

    def noted() -> str:
        with ctx.database.read() as tx:
            return checkpoints.last_note(tx)

    assert in_worker(noted)


def test_mails_wait_while_no_relay_is_set(start: Starter, in_worker: Callable[..., Any], qtbot: QtBot) -> None:
    program = start()
    ctx = program.desk.context
    view = in_worker(finished, ctx)
    closed = in_worker(close_session, ctx, view.id, view.version)
    program.desk.sessionChanged.emit(view.id)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=20_000)
    assert {mail.state for mail in closed.mails} == {"queued"}
    assert in_worker(list_today, ctx).stuck == ()
    assert relay_of(ctx) is None


def test_where_a_mail_worker_sends_the_desk_never_does(
    start: Starter, folder: Path, in_worker: Callable[..., Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        relay: dict[str, Any] = {"relay_state": "configured", "relay_host": LOOPBACK, "relay_port": server.port}
        sends = replace(load_settings(folder).settings, relay_security="none", mail_sender="worker", **relay)
        save_settings(folder, sends)
        program = start()
        view = in_worker(finished, program.desk.context)
        in_worker(close_session, program.desk.context, view.id, view.version)
        program.desk.sessionChanged.emit(view.id)
        program.sending.wake()
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=20_000)
        assert (server.connections, server.received) == (0, [])
        program.desk.change_settings(replace(program.desk.settings, mail_sender="desk"))
        program.sending.wake()
        qtbot.waitUntil(lambda: len(server.received) == 2, timeout=20_000)


def test_a_relay_that_takes_its_time_does_not_cost_the_desk_its_lease(
    start: Starter, folder: Path, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    with mail_server() as server:
        relay: dict[str, Any] = {"relay_state": "configured", "relay_host": LOOPBACK, "relay_port": server.port}
        save_settings(folder, replace(load_settings(folder).settings, relay_security="none", **relay))
        program = start()
        ctx = program.desk.context
        one = in_worker(queued, ctx)
        server.faults["end"] = "hang"
        program.sending.wake()
        qtbot.waitUntil(server.hung.is_set, timeout=20_000)
        assert program.sending._heartbeat.isActive()
        for _ in range(5):
            clock(program.desk.context).move(seconds=HEARTBEAT.total_seconds())
            program.sending._beat()
            qtbot.waitUntil(lambda: len(program.desk.background._askers) == 1, timeout=20_000)
        in_worker(end_leases, program.desk.context)
        assert in_worker(mail, ctx, one.id).state == "sending"
        server.release()
        qtbot.waitUntil(lambda: not program.sending._sending, timeout=20_000)
        assert not program.sending._heartbeat.isActive()
        assert in_worker(mail, ctx, one.id).state == "accepted"


def test_closing_a_session_wakes_the_outbox(
    start: Starter, in_worker: Callable[..., Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    woken: list[object] = []

    def send_outbox(_ctx: object, relay: object, _in_hand: object) -> int:
        woken.append(relay)
        return 0

    monkeypatch.setattr("agent_desk.actions.send_outbox.send_outbox", send_outbox)
    program.desk.sessionChanged.emit(1)
    qtbot.waitUntil(lambda: woken == [None], timeout=20_000)


def test_a_relay_in_the_settings_is_used(tmp_path: Path, in_worker: Callable[..., Any]) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'desk.sqlite3'}", relay_state="configured", relay_host="smtp.example.org"
    )
    ctx = in_worker(open_context, settings)
    assert relay_of(ctx) is not None
    ctx.database.close()


def test_the_key_of_codes_outlives_the_program_only_in_a_keyring() -> None:
    secrets = MemorySecrets()
    key = code_key(secrets)
    assert len(key) == 32
    assert code_key(secrets) == key
    assert code_key(MemorySecrets()) != key


def test_a_second_desk_on_the_same_folder_calls_the_first(
    start: Starter, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = OnlyInstance(folder)
    assert first.first
    program = start()
    called: list[bool] = []
    monkeypatch.setattr(program.window, "activateWindow", lambda: called.append(True))
    monkeypatch.setattr(program.window, "raise_", lambda: None)  # the offscreen platform cannot
    first.answer(program.window)
    environment = os.environ | {"AGENT_DESK_HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    second = subprocess.Popen([sys.executable, "-m", "agent_desk"], cwd=ROOT, env=environment)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: called == [True])


def test_the_lock_of_a_crashed_desk_is_taken_over(folder: Path) -> None:
    code = "import sys, os; from pathlib import Path; from agent_desk.wiring.only_instance import OnlyInstance; "
    code += "assert OnlyInstance(Path(sys.argv[1])).first; os._exit(9)"
    died = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == 9
    assert OnlyInstance(folder).first


def test_an_error_without_a_sentence_of_its_own_still_gets_one() -> None:
    words = load_wording("fr")
    assert sentence(ZeroDivisionError(), words) == words.text("errors.unexpected")
    refused = ValueError()
    refused.code = "no_such_code"  # type: ignore[attr-defined]
    assert sentence(refused, words) == words.text("errors.unexpected")


@pytest.mark.parametrize("content", [None, b"no database " * 1000], ids=["loaded", "no database"])
def test_garbage_is_collected_by_the_painting_thread_alone(
    qtbot: QtBot, start: Starter, folder: Path, content: bytes | None
) -> None:
    if content is not None:
        (folder / DATABASE_NAME).write_bytes(content)
    try:
        program = start()
        taken_apart: list[int] = []
        finalize(Ring(), lambda: taken_apart.append(get_ident()))
        program.desk.background.run(lambda: [Ring() for _ in range(10_000)] and None)  # enough to make Python collect
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
        program._garbage._timer.setInterval(1)
        qtbot.waitUntil(lambda: taken_apart != [])
        assert taken_apart == [get_ident()]
    finally:
        gc.unfreeze()
