"""What may be typed after `deskctl mailer`, `health`, `support-bundle` and `billing`."""

import argparse

BILLING = {
    "export": "put what was decided since the last batch into the next one, and write its files",
    "list": "all batches, with what they add to the bill",
}


def add_mailer(command: argparse.ArgumentParser) -> None:
    """Add what a mail worker is told; the rest it takes from the settings."""
    command.add_argument("--credential", metavar="FILE", help="its own secrets, readable by nobody else")
    command.add_argument("--make-credential", action="store_true", help="only make that file, with a new key, and end")
    add_metrics(command)


def add_metrics(command: argparse.ArgumentParser) -> None:
    """Add where a metrics page is served."""
    command.add_argument(
        "--metrics",
        metavar="ADDRESS:PORT",
        help="serve figures for Prometheus there; a port alone: on this machine only",
    )


def add_support_bundle(command: argparse.ArgumentParser) -> None:
    """Add where the bundle goes."""
    command.add_argument("file", metavar="FILE.zip", help="a new file")


def add_billing(command: argparse.ArgumentParser, parser: type[argparse.ArgumentParser]) -> None:
    """Add what can be done for the bill."""
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=parser)
    for name, help_line in BILLING.items():
        kind = kinds.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
    export = kinds.choices["export"]
    # Not required here: the command refuses what is missing by its name, in the reader's language.
    export.add_argument("--to", metavar="FOLDER", help="where the files are written")
    which = export.add_mutually_exclusive_group()
    which.add_argument("--until", metavar="YYYY-MM-DD", help="the last day of what goes in; everything when absent")
    which.add_argument("--batch", metavar="N", help="write this batch again, byte for byte, and make none")
