"""What may be typed after `deskctl journal`, and the filter it makes."""

import argparse
from datetime import date, datetime, timedelta

from agent_desk.console.refusal import Refused
from agent_desk.console.values import read_date
from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.review import ReviewState
from agent_desk.rules.session import Channel, Territory
from agent_desk.rules.territories import midnight

TEXTS = {
    "text": ("WORDS", "beginnings of words, as the Journal finds them"),
    "agent": ("NAME", "who opened them"),
    "team": ("NAME", "whose they are"),
    "service": ("CODE", "one of their services, as deskctl catalogue names it"),
    "outcome": ("OUTCOME", "solved, not_solved, home_visit, cancelled …"),
    "rule": ("RULE", "the rule of one of their lines, as deskctl explain names it"),
    "channel": ("CHANNEL", "how one of their consents was given: " + " or ".join(Channel)),
    "mail": ("STATE", "the state of their mails: accepted, read, uncertain …"),
    "review": ("STATE", "the state of their review: waiting, " + ", ".join(ReviewState)),
}
AMOUNTS = {"billed-from": "the least that was billed", "waived-from": "the least that was waived against the price"}
MOST_EUROS = 1_000_000


def add_journal(command: argparse.ArgumentParser, parser: type[argparse.ArgumentParser]) -> None:
    """Add what can be done with the Journal."""
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=parser)
    help_line = "write the sessions wanted to a CSV or XLSX file"
    export = kinds.add_parser("export", help=help_line, description=help_line, allow_abbrev=False)
    help_line = "write everything about one session to a PDF, its log included"
    case = kinds.add_parser("case", help=help_line, description=help_line, allow_abbrev=False)
    case.add_argument("session", metavar="SESSION", help="its number")
    for kind, to in ((export, "its name ends in .csv or .xlsx"), (case, "the PDF")):
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
        # Not required here: the command refuses what is missing by its name, in the reader's language.
        kind.add_argument("--to", metavar="FILE", help=f"{to}; what is there is replaced whole")
    export.add_argument("--since", metavar="YYYY-MM-DD", help="opened on that day or later, on the mainland")
    export.add_argument("--until", metavar="YYYY-MM-DD", help="opened on that day or earlier")
    for name, (value, line) in TEXTS.items():
        export.add_argument(f"--{name}", metavar=value, default="", help=line)
    for name, line in AMOUNTS.items():
        export.add_argument(f"--{name}", metavar="EUROS", help=line)


def read_filter(options: argparse.Namespace) -> JournalFilter:
    """Return what is wanted; Refused names an option that cannot be read."""
    return JournalFilter(
        since=_begins(options.since, "since", timedelta()),
        until=_begins(options.until, "until", timedelta(days=1)),
        billed_from=_cents(options.billed_from, "billed-from"),
        waived_from=_cents(options.waived_from, "waived-from"),
        **{name: getattr(options, name) for name in TEXTS},
    )


def _begins(typed: str | None, name: str, later: timedelta) -> datetime | None:
    if typed is None:
        return None
    day = read_date(typed, name)
    if not date(1970, 1, 1) <= day <= date(9000, 1, 1):
        raise Refused(name)
    return midnight(day + later, Territory.METROPOLE)


def _cents(typed: str | None, name: str) -> int | None:
    """Return euros, with cents after a point or a comma, as cents."""
    if typed is None:
        return None
    euros, point, cents = typed.replace(",", ".").partition(".")
    whole = euros.isascii() and euros.isdigit() and len(euros) < 8
    if not whole or (point and not (cents.isascii() and cents.isdigit() and len(cents) <= 2)):
        raise Refused(name)
    found = int(euros) * 100 + int(cents.ljust(2, "0") or 0)
    if found > MOST_EUROS * 100:
        raise Refused(name)
    return found
