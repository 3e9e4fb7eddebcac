"""deskctl, the command line: builds what a command needs, prints its answer, returns the exit status."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from agent_desk import late
from agent_desk.clock import SystemClock
from agent_desk.console.answer import Answer
from agent_desk.console.arguments import LIMITS, parse
from agent_desk.console.case_file import BYTES_MAX
from agent_desk.console.catalogue import show_catalogue
from agent_desk.console.complaint_deadline import RECEIVED, show_complaint, show_level
from agent_desk.console.deadline import WORKING, show_callback, show_withdrawal, show_working_days
from agent_desk.console.decide import show_decision
from agent_desk.console.moment_deadline import MOMENTS, show_moment
from agent_desk.console.refusal import REFUSED, Refused
from agent_desk.console.values import given, read_choice, read_date, read_whole
from agent_desk.paths import data_path
from agent_desk.reference import Reference, load_reference
from agent_desk.rules.complaint import Level
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wording import Wording, load_wording


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command reads, writes and takes its language from."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]


Command = Callable[[argparse.Namespace, Terminal, Wording], Answer]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of deskctl and return its exit status: 2 when it was refused and nothing changed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    terminal = Terminal(sys.stdin.buffer, sys.stdout, sys.stderr, os.environ)
    try:
        return run(sys.argv[1:] if arguments is None else arguments, terminal)
    except BrokenPipeError:
        # The reader has seen enough; without this Python complains again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run(arguments: Sequence[str], terminal: Terminal) -> int:
    """Run one command on `terminal`; a refusal is one line on its stderr."""
    wording = load_wording(_language(terminal.environment))
    try:
        options = parse(arguments)
        answer = COMMANDS[options.command](options, terminal, wording)
    except Refused as refusal:
        print(f"deskctl: {refusal.line(wording)}", file=terminal.stderr)
        return REFUSED
    text = json.dumps(answer.value, ensure_ascii=False, indent=2) if options.json else "\n".join(answer.lines)
    print(text, file=terminal.stdout, flush=True)
    return answer.status


def _language(environment: Mapping[str, str]) -> str:
    chosen = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "en" if chosen.startswith("en") else "fr"


def _reference() -> Reference:
    """Return the site's catalogue; what ships where no database is made yet, and then none is loaded."""
    shipped = load_reference(data_path("db", "seed"))
    url = read_settings().database_url
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).exists():
        return shipped
    found: Reference = late.load("agent_desk.wiring.console_catalogue:site_reference")(url, shipped)
    return found


def _day(text: str | None) -> date:
    return local(SystemClock().now(), Territory.METROPOLE).date() if text is None else read_date(text, "date")


def _catalogue(options: argparse.Namespace, terminal: Terminal, wording: Wording) -> Answer:
    if options.what is not None:
        return _late("catalogue", "console_catalogue")(options, terminal, wording)
    return show_catalogue(_reference(), _day(options.date), wording)


def _decide(options: argparse.Namespace, terminal: Terminal, wording: Wording) -> Answer:
    raw = _read(options.file, terminal)
    return show_decision(raw, options.file, _reference(), _day(options.date), load_wording("fr"), wording)


def _deadline(options: argparse.Namespace, _terminal: Terminal, wording: Wording) -> Answer:
    days_off = [read_date(text, "day-off") for text in options.day_off]
    limit, territory = read_choice(options.limit, "limit", LIMITS), options.territory
    if limit in RECEIVED:
        return _received(limit, options, days_off, wording)
    accepted, territory = given(options.accepted, "accepted"), given(territory, "territory")
    if limit == "callback":
        return show_callback(accepted, territory, days_off, wording, explain=options.explain)
    if limit in MOMENTS:
        return show_moment(limit, accepted, territory, options.begins, wording, explain=options.explain)
    if limit in WORKING:
        return show_working_days(limit, accepted, territory, days_off, wording, explain=options.explain)
    published = read_whole(options.published_days, "published-days", range(7, 61))
    return show_withdrawal(accepted, territory, days_off, published, wording, explain=options.explain)


def _received(limit: str, options: argparse.Namespace, days_off: Collection[date], wording: Wording) -> Answer:
    received, territory = given(options.received, "received"), given(options.territory, "territory")
    if limit == "complaint":
        channel = given(options.channel, "channel")
        return show_complaint(received, channel, territory, days_off, wording, explain=options.explain)
    rules = _reference().appeals
    return show_level(Level(limit), received, territory, days_off, rules, wording, explain=options.explain)


def _late(function: str, module: str = "console_desk") -> Command:
    """Return the command of that name, loaded with the database only when it is asked for."""

    def command(options: argparse.Namespace, terminal: Terminal, wording: Wording) -> Answer:
        run_late: Callable[[argparse.Namespace, Wording], Answer]
        options.stdin = terminal.stdin
        run_late = late.load(f"agent_desk.wiring.{module}:{function}")
        return run_late(options, wording)

    return command


def _read(name: str, terminal: Terminal) -> bytes:
    # One byte more than is accepted: too long is noticed without reading all of it.
    if name == "-":
        return terminal.stdin.read(BYTES_MAX + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise Refused(name, "errors.file_not_read") from error


COMMANDS: Mapping[str, Command] = {
    "catalogue": _catalogue,
    "decide": _decide,
    "deadline": _deadline,
    "self-test": _late("self_test"),
    "database": _late("database", "console_database"),
    "gateway": _late("gateway", "console_gateway"),
    "people": _late("people", "console_people"),
    "mailer": _late("mailer", "console_mailer"),
    "health": _late("health", "console_operation"),
    "support-bundle": _late("support_bundle", "console_operation"),
    **dict.fromkeys(
        (
            "explain",
            "verify-log",
            "verify-decisions",
            "outbox",
            "sample-data",
            "billing",
            "journal",
            "report",
            "commitments",
        ),
        _late("answer"),
    ),
}

if __name__ == "__main__":
    sys.exit(main())
