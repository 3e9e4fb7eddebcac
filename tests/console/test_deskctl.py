"""deskctl as it is started: light, in one line where it refuses, quiet when its reader has gone."""

import json
import subprocess
import sys

import pytest

from tests.support.deskctl import deskctl
from tests.support.source import ROOT

PROGRAM = [sys.executable, "-m", "agent_desk.wiring.console"]
HEAVY = {"sqlalchemy", "alembic", "PySide6", "keyring", "reportlab", "cryptography", "psycopg", "jinja2", "smtplib"}


def started(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], input=given, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_it_answers_in_utf8_on_stdout_alone() -> None:
    done = started("catalogue", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 23
    assert "à la Livebox" in done.stdout


def test_it_refuses_on_stderr_alone_with_status_2() -> None:
    done = started("decide", "-", "--json", given='{"territory": "mars"}')
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("deskctl: segment: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("catalogue",), ("deadline", "callback", "--accepted", "x", "--territory", "y")])
def test_a_question_to_the_rules_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys, json; from agent_desk.wiring.console import main; status = main(sys.argv[1:]);"
        "print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    status, loaded = json.loads(done.stderr.splitlines()[-1])
    assert status in {0, 2}
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_a_reader_that_leaves_early_gets_no_complaint() -> None:
    code = "import sys; from agent_desk.wiring.console import main; sys.exit(main(['catalogue', '--json']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("frob",), ("decide",), ("catalogue", "--jso"), ("deadline", "callback"), ("outbox",), ("outbox", "stop"),
     ("explain",), ("catalogue", "two\nlines")],
)  # fmt: skip
def test_a_command_that_is_not_understood_is_refused_in_one_line(arguments: tuple[str, ...]) -> None:
    said = deskctl(*arguments)
    assert said.status == 2
    assert said.out == ""
    assert said.err.startswith("deskctl: ")
    assert said.err.count("\n") == 1


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        deskctl("--help")
    assert left.value.code == 0
    listed = capsys.readouterr().out
    commands = ("catalogue", "decide", "deadline", "explain", "verify-log", "verify-decisions", "outbox", "self-test")
    assert [name for name in (*commands, "sample-data") if name not in listed] == []
