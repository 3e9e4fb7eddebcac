"""The commands that open the desk's database: explain, verify, send, sample data, self-test."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from agent_desk.actions.export_case import session_called
from agent_desk.settings import load_settings, save_settings
from agent_desk.storage.database import Database
from agent_desk.wording import load_wording
from tests.support.deskctl import deskctl
from tests.support.desks import NOON, context
from tests.support.reports import delivery_report, read_receipt
from tests.support.smtp import LOOPBACK, mail_server
from tests.support.visits import visit_done

SAMPLES = 16
DATABASE = "agent-desk.sqlite3"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one data folder with sample sessions, for every test to copy."""
    folder = tmp_path_factory.mktemp("filled") / "desk"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGENT_DESK_HOME", str(folder))
        said = deskctl("sample-data", "--count", str(SAMPLES), "--json")
    assert (said.status, said.json) == (0, {"added": SAMPLES})
    return folder


@pytest.fixture
def home(filled: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a desk with sample sessions."""
    folder = tmp_path / "desk"
    shutil.copytree(filled, folder)
    monkeypatch.setenv("AGENT_DESK_HOME", str(folder))
    return folder


@contextmanager
def forger(home: Path) -> Iterator[sqlite3.Connection]:
    """Open the file behind the program's back, its guards taken away."""
    with closing(sqlite3.connect(home / DATABASE)) as connection, connection:
        guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def decided(home: Path) -> tuple[str, int]:
    """Return the number and total of a session that costs something."""
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        row = connection.execute(
            "SELECT number, decision.total_cents FROM decision JOIN session ON session.id = session_id"
            " WHERE decision.total_cents > 0 LIMIT 1"
        ).fetchone()
    return str(row[0]), int(row[1])


def test_explain_tells_why_a_session_costs_what_it_costs(home: Path) -> None:
    number, total = decided(home)
    said = deskctl("explain", number)
    assert said.status == 0
    assert number in said.out
    assert "art. " in said.out
    assert f"{total // 100},{total % 100:02d}\u00a0€" in said.out
    answer = deskctl("explain", number, "--json").json
    assert (answer["number"], answer["total_cents"], answer["reproduced"]) == (number, total, True)
    assert {"rule", "article", "reason", "amount_cents", "outcome"} <= set(answer["lines"][0])


def test_explain_speaks_english_where_the_terminal_does(home: Path) -> None:
    number, _ = decided(home)
    assert "VAT" in deskctl("explain", number, environment={"LANG": "en_GB"}).out


def test_explain_tells_of_a_visit_after_the_session_why_it_costs_what_it_costs(home: Path) -> None:
    number, _ = decided(home)
    assert deskctl("explain", number, "--json").json["visit"] is None
    with closing(Database.open(f"sqlite:///{home / DATABASE}")) as database:
        ctx = context(database)
        visit_done(ctx, session_called(ctx, number), NOON, 4550)
    said = deskctl("explain", number)
    assert said.status == 0
    told = said.out.replace("\u00a0", " ").partition("Visite à domicile de la session")[2]
    assert f"{number}, lundi 23 novembre 2026, entre 12 h et 13 h" in told
    assert "45,50 €, plafond 69,00 € (Métropole)" in told
    assert "Déplacement du technicien (art. 4.8)" in told
    visit = deskctl("explain", number, "--json").json["visit"]
    assert (visit["rule"], visit["total_cents"], visit["ceiling_cents"]) == ("visit_travel", 4550, 6900)
    assert (visit["vat_cents"], visit["decided_at"], visit["reproduced"]) == (758, "2026-11-23T11:00:00+00:00", True)
    with forger(home) as connection:
        connection.execute("UPDATE visit_decision SET inputs = replace(inputs, '4550', '4551')")
    damaged = deskctl("explain", number)
    assert damaged.status == 1
    assert damaged.out.count(load_wording("fr").text("explain.differs")) == 1


def test_explain_refuses_a_number_nobody_has(home: Path) -> None:
    assert deskctl("explain", "S-1999-000001").refuses("S-1999-000001")


def test_every_decision_comes_out_the_same_again(home: Path) -> None:
    said = deskctl("verify-decisions", "--json")
    assert said.status == 0
    assert said.json["decisions"] > 0
    assert said.json["mismatches"] == []


PRICE = '"unit_price_cents":'
QUANTITY = '"quantity":'


@pytest.mark.parametrize(
    "damage",
    [f"replace(inputs, '{PRICE}', '{PRICE}1')", f"replace(inputs, '{QUANTITY}1', '{QUANTITY}100')", "'{}'"],
    ids=["another amount", "no amount at all", "no inputs"],
)
def test_a_decision_its_inputs_do_not_give_is_named(home: Path, damage: str) -> None:
    number, total = decided(home)
    with forger(home) as connection:
        connection.execute(
            f"UPDATE decision SET inputs = {damage} WHERE session_id = (SELECT id FROM session WHERE number = ?)",
            (number,),
        )
    said = deskctl("verify-decisions")
    assert said.status == 1
    assert number in said.out
    assert f"{total // 100},{total % 100:02d}" in said.out


def test_an_explanation_that_no_longer_holds_says_so(home: Path) -> None:
    number, _ = decided(home)
    with forger(home) as connection:
        connection.execute(
            "UPDATE decision SET inputs = replace(inputs, '\"vat_permille\":200', '\"vat_permille\":55')"
        )
    said = deskctl("explain", number)
    assert said.status == 1
    assert load_wording("fr").text("explain.differs") in said.out


def test_a_whole_log_verifies(home: Path) -> None:
    said = deskctl("verify-log")
    assert said.status == 0
    assert load_wording("fr").text("deskctl.log_whole") in said.out
    assert load_wording("fr").text("deskctl.unsigned") in said.out  # no keyring here
    report = deskctl("verify-log", "--json").json
    assert report["events"] > SAMPLES
    assert (report["chains"], report["uncovered"], report["fault"]) == (SAMPLES, 0, None)


def test_the_first_bad_row_of_the_log_is_named(home: Path) -> None:
    with forger(home) as connection:
        connection.execute("UPDATE event SET kind = 'something_else' WHERE chain = 3 AND seq = 2")
    said = deskctl("verify-log")
    assert said.status == 1
    assert "chaîne 3" in said.out
    assert "ligne 2" in said.out
    assert deskctl("verify-log", "--json").json["fault"] | {"kind": ""} == {
        "kind": "", "chain": 3, "seq": 2, "checkpoint": None,
    }  # fmt: skip


def test_last_weeks_file_is_found_out_by_a_checkpoint_kept_outside(home: Path, filled: Path, tmp_path: Path) -> None:
    assert deskctl("sample-data", "--count", "2", "--add").status == 0
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        (note,) = connection.execute("SELECT note FROM checkpoint ORDER BY id DESC LIMIT 1").fetchone()
    outside = tmp_path / "checkpoint.txt"
    outside.write_text(note, encoding="utf-8")
    assert deskctl("verify-log", "--against", str(outside)).status == 0
    for file in home.glob(f"{DATABASE}*"):
        file.unlink()
    shutil.copyfile(filled / DATABASE, home / DATABASE)
    said = deskctl("verify-log", "--against", str(outside))
    assert said.status == 1
    assert load_wording("fr").text("log_faults.older_than_reference") in said.out


def test_a_reference_that_cannot_be_read_is_refused(home: Path) -> None:
    missing = str(home / "nowhere.txt")
    said = deskctl("verify-log", "--against", missing)
    assert said.status == 2
    assert load_wording("fr").text("errors.file_not_read") in said.err


def test_without_a_relay_mails_wait(home: Path) -> None:
    said = deskctl("outbox", "run")
    assert said.refuses("outbox")
    assert load_wording("fr").text("errors.relay_not_configured") in said.err


def test_outbox_run_hands_waiting_mails_to_the_relay_once(home: Path) -> None:
    with forger(home) as connection:
        connection.execute(
            "UPDATE mail SET state = 'queued', retry_at = NULL WHERE id IN (SELECT id FROM mail LIMIT 2)"
        )
    with mail_server() as server:
        settings = load_settings(home).settings
        save_settings(
            home,
            replace(
                settings, relay_host=LOOPBACK, relay_port=server.port, relay_security="none", relay_state="configured"
            ),
        )
        said = deskctl("outbox", "run", "--json")
        assert said.status == 0
        assert said.json["sent"] == len(server.received) >= 2
        assert deskctl("outbox", "run").out == "Courriels acceptés par le relais\u00a0: 0.\n"


def accepted_mail(home: Path) -> tuple[str, str]:
    """Return the envelope id and the Message-ID of a mail the relay has accepted."""
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        row = connection.execute("SELECT envid, message_id FROM mail WHERE state = 'accepted' LIMIT 1").fetchone()
    return str(row[0]), str(row[1])


def test_outbox_receipts_notes_what_came_back_once(home: Path, tmp_path: Path) -> None:
    envid, message_id = accepted_mail(home)
    report, other = tmp_path / "report.eml", tmp_path / "other.eml"
    report.write_bytes(delivery_report(envid=envid))
    other.write_bytes(delivery_report())  # about a mail of another desk
    said = deskctl("outbox", "receipts", str(report), str(other), "--json")
    assert (said.status, said.json) == (0, {"read": 2, "reports": 2, "matched": 1, "changed": 1})
    given = read_receipt(message_id=message_id)
    assert deskctl("outbox", "--json", "receipts", "-", given=given).json["changed"] == 1
    said = deskctl("outbox", "receipts", str(report), "-", given=given, environment={"LANG": "en_GB"})
    assert said.out == "Messages read: 2; reports: 2; about mails of this desk: 2; mails changed: 0.\n"
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        assert connection.execute("SELECT state FROM mail WHERE envid = ?", (envid,)).fetchone() == ("read",)
    assert deskctl("verify-log").status == 0


def test_a_mailbox_that_cannot_be_read_leaves_everything_as_it_was(home: Path, tmp_path: Path) -> None:
    envid, _ = accepted_mail(home)
    report, missing = tmp_path / "report.eml", str(tmp_path / "nowhere")
    report.write_bytes(delivery_report(envid=envid))
    assert deskctl("outbox", "receipts", str(report), missing).refuses(missing)
    assert deskctl("outbox", "receipts", str(tmp_path)).refuses(str(tmp_path))  # a folder, but no Maildir
    assert accepted_mail(home)[0] == envid


@pytest.mark.parametrize("arguments", [("outbox",), ("outbox", "receipts"), ("outbox", "run", "x"), ("outbox", "x")])
def test_an_unfinished_outbox_command_is_refused(home: Path, arguments: tuple[str, ...]) -> None:
    assert deskctl(*arguments).status == 2


def test_samples_are_not_mixed_with_real_sessions_by_a_slip(home: Path) -> None:
    said = deskctl("sample-data", "--count", "3")
    assert said.refuses("sample-data")
    assert "--add" in said.err
    assert deskctl("verify-log", "--json").json["chains"] == SAMPLES


def test_many_samples_are_added_in_bulk_where_asked(home: Path) -> None:
    said = deskctl("sample-data", "--count", "50", "--add", "--bulk")
    assert (said.status, said.out) == (0, "Sessions d’exemple ajoutées\u00a0: 50.\n")


@pytest.mark.parametrize("count", ["0", "-1", "many", "100001", "1.5"])
def test_a_number_of_samples_out_of_bounds_is_refused(home: Path, count: str) -> None:
    assert deskctl("sample-data", f"--count={count}", "--add").refuses("count")


def test_a_database_that_is_none_is_refused_and_left_alone(home: Path) -> None:
    for file in home.glob(f"{DATABASE}*"):
        file.unlink()
    (home / DATABASE).write_bytes(b"not a database at all, but text" * 100)
    said = deskctl("verify-log")
    assert said.refuses("database")
    assert (home / DATABASE).read_bytes().startswith(b"not a database")


def test_broken_settings_are_told_before_another_database_is_opened(home: Path) -> None:
    (home / "settings.json").write_text("{broken", encoding="utf-8")
    said = deskctl("verify-log")
    assert said.refuses("settings")
    assert "settings.broken-1.json" in said.err


def test_self_test_checks_its_parts_and_touches_nothing_of_the_desk(home: Path) -> None:
    before = sorted(path.name for path in home.iterdir())
    said = deskctl("self-test")
    assert (said.status, said.err) == (0, "")
    assert all(line.startswith("ok ") for line in said.out.splitlines())
    assert sorted(path.name for path in home.iterdir()) == before
    assert deskctl("self-test", "--json").json["passed"] is True


@pytest.mark.parametrize("language", ["fr", "en"])
def test_reports_have_their_words(language: str) -> None:
    wording = load_wording(language)
    assert len(json.dumps(wording.table("deskctl"))) > 100
