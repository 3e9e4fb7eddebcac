"""What may be typed after `deskctl`."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from agent_desk.console.catalogue_arguments import add_catalogue
from agent_desk.console.commitments import add_commitments
from agent_desk.console.database_arguments import add_database
from agent_desk.console.journal_arguments import add_journal
from agent_desk.console.operation_arguments import add_billing, add_mailer, add_metrics, add_support_bundle
from agent_desk.console.people_arguments import add_people
from agent_desk.console.refusal import Refused
from agent_desk.console.report import add_report

LIMITS = (
    *("callback", "withdrawal", "feasibility", "escalation", "visit", "reminder", "complaint", "appeal", "mediator"),
    *("credit", "pro", "code", "opinion-link", "withdrawal-link", "sms"),
)


class _Parser(argparse.ArgumentParser):
    """Refuses in one line, as every command does."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line; argparse says in `message` what it does not understand."""
        raise Refused(message, "errors.invalid_arguments")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `command` names what to do. Raises Refused, or SystemExit after --help."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="deskctl", description="Agent Desk without a screen.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, help_line: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        command.add_argument("--json", action="store_true", help="print JSON instead of a table")
        return command

    catalogue = add("catalogue", "services and prices in force, and how they are changed")
    decide = add("decide", "what a case costs and why")
    decide.add_argument("file", metavar="FILE", help="the case as JSON; - reads it from standard input")
    for command in (catalogue, decide):
        command.add_argument(
            "--date", metavar="YYYY-MM-DD", help="the catalogue in force on that day; today when absent"
        )
    add_catalogue(catalogue, _Parser)
    _add_deadline(add("deadline", "by when to call back, until when to withdraw"))
    add("explain", "why a session costs what it costs").add_argument("session", metavar="SESSION", help="its number")
    verify_log = add("verify-log", "whether the log is whole; names the first bad row")
    verify_log.add_argument("--against", metavar="FILE", help="checkpoints saved outside, the log must continue from")
    add("verify-decisions", "whether every decision follows from its stored inputs")
    _add_outbox(add("outbox", "send the mails that wait, note what came back"))
    _add_gateway(add("gateway", "serve the customer’s page without a desk, for a call centre"))
    add_people(add("people", "who may sign in to a call centre’s database, and as what"), _Parser)
    add_database(add("database", "make, upgrade, check, copy and restore the database"), _Parser)
    add_mailer(add("mailer", "hand mails to the relay without a desk, for a call centre; any number of copies"))
    add("health", "how the site is; exit status 1 where something is wrong")
    add_support_bundle(add("support-bundle", "one file with what support asks for first, and nothing personal"))
    add_billing(add("billing", "put what was decided on the Sosh bill, in batches that never change"), _Parser)
    add_journal(add("journal", "sessions as the Journal finds them, in a file for a spreadsheet"), _Parser)
    add_report(add("report", "what happened on some days, and who is at work now"))
    add_commitments(
        add("commitments", "what we promised customers, how often it was kept, and the cases behind each miss")
    )
    add("self-test", "whether this installation is complete")
    samples = add("sample-data", "invented sessions to look at")
    samples.add_argument("--count", metavar="N", default="40", help="how many; 40 when absent")
    samples.add_argument("--add", action="store_true", help="even to a database that holds sessions")
    samples.add_argument(
        "--bulk", action="store_true", help="closed sessions only, without log and mails, for measuring"
    )
    return parser


def _add_gateway(command: argparse.ArgumentParser) -> None:
    command.add_argument("--listen", metavar="HOST:PORT", help="where to serve it; as in the settings when absent")
    command.add_argument("--credential", metavar="FILE", help="the gateway’s own secrets, readable by nobody else")
    command.add_argument("--certificate", metavar="FILE", help="PEM, with its chain; behind a proxy there is none")
    command.add_argument("--key", metavar="FILE", help="the certificate’s key")
    add_metrics(command)
    once = command.add_mutually_exclusive_group()
    once.add_argument(
        "--publish-key",
        action="store_true",
        help="only make the credential, if there is none, and have desks seal codes to it",
    )
    once.add_argument("--grant", metavar="ROLE", help="only let this role of PostgreSQL do what a gateway does")


def _add_outbox(command: argparse.ArgumentParser) -> None:
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=_Parser)
    helps = {
        "run": "send what is due, once",
        "receipts": "note delivery reports and read receipts; they can be read again at any time",
    }
    for name, help_line in helps.items():
        kind = kinds.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
    kinds.choices["receipts"].add_argument(
        "paths", nargs="+", metavar="PATH", help="an .eml file, an mbox or a Maildir; - reads standard input"
    )


def _add_deadline(command: argparse.ArgumentParser) -> None:
    command.add_argument("limit", metavar="LIMIT", help=" or ".join(LIMITS))
    # Not required here: the command refuses what is missing by its name, in the reader's language.
    command.add_argument(
        "--accepted", metavar="ISO8601", help="when the customer agreed, or it was asked or sent, with its offset"
    )
    command.add_argument("--begins", metavar="ISO8601", help="of a reminder: when the visit begins, with its offset")
    command.add_argument("--territory", metavar="T", help="metropole, alsace-moselle, guadeloupe …")
    command.add_argument(
        "--day-off",
        action="append",
        default=[],
        metavar="YYYY-MM-DD",
        help="a non-working day of this site; repeatable",
    )
    command.add_argument(
        "--received",
        metavar="ISO8601",
        help="when a complaint reached us, the appeal service or the mediator, with its offset",
    )
    command.add_argument("--channel", metavar="C", help="of a complaint: telephone, chat, internet, letter")
    command.add_argument("--explain", action="store_true", help="step by step: what counts, and what does not")
    command.add_argument(
        "--published-days", metavar="N", default="7", help="days of withdrawal this site publishes: 7 to 60"
    )
