"""What may be typed after `deskctl catalogue`: nothing shows it, a word changes it."""

import argparse

from agent_desk.rules.catalogue_changes import STEPS, ChangeKind

KINDS = ", ".join(ChangeKind)
HELPS = {
    "approve": "let somebody else’s proposal take effect on its day",
    "reject": "refuse somebody else’s proposal",
    "withdraw": "take one’s own proposal back",
    "ask_revocation": "ask that what was approved does not take effect; another person revokes it",
    "keep": "let it take effect after all",
    "revoke": "undo what was approved, after another person has asked for it",
}


def step_name(step: str) -> str:
    """Return a step as it is typed."""
    return step.replace("_", "-")


def add_catalogue(command: argparse.ArgumentParser, parser: type[argparse.ArgumentParser]) -> None:
    """Add what can be done with prices and texts."""
    kinds = command.add_subparsers(dest="what", metavar="WHAT", parser_class=parser)

    def add(name: str, help_line: str) -> argparse.ArgumentParser:
        kind = kinds.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
        return kind

    add("changes", "what was proposed, what comes, what holds, and who decided")
    proposed = add("propose", "propose a new price or text; another person approves it")
    proposed.add_argument("kind", metavar="KIND", help=KINDS)
    proposed.add_argument("subject", metavar="SUBJECT", help="a service, a question or a consent, by its code")
    # Not required here: the command refuses what is missing by its name, in the reader's language.
    proposed.add_argument(
        "--from", dest="since", metavar="YYYY-MM-DD", help="the day it takes effect, tomorrow at the earliest"
    )
    proposed.add_argument("--reason", metavar="TEXT", help="why, as the log keeps it")
    proposed.add_argument("--cents", metavar="N", help="the new price including VAT")
    proposed.add_argument("--file", metavar="FILE", help="the new text as JSON, part by part; - reads standard input")
    proposed.add_argument("--preview", action="store_true", help="only show what people would read then")
    for step in STEPS:
        kind = add(step_name(step), HELPS[step])
        kind.add_argument("change", metavar="N", help="its number")
        kind.add_argument("--reason", metavar="TEXT", default="", help="why, as the log keeps it")
