"""What may be typed after `deskctl database`."""

import argparse

HELPS = {
    "create": "make the database with its tables; on a server its owner too, which needs an administrator’s account",
    "upgrade": "bring the tables to this program’s version; desks may go on working",
    "check": "whether the database is reached, safe, of the right kind and version, and followed by its copies",
    "backup": "copy it into one new file, read back once, with its checksum beside it",
    "restore": "put such a copy into a new or empty database, then check the log and the decisions in it",
}


def add_database(command: argparse.ArgumentParser, parser: type[argparse.ArgumentParser]) -> None:
    """Add what can be done with a database; all of it takes the settings’ address where none is given."""
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=parser)
    for name, help_line in HELPS.items():
        kind = kinds.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
        kind.add_argument("--url", metavar="ADDRESS", help="of the database, without a password; else the settings’")
    for name in ("create", "restore"):
        kinds.choices[name].add_argument(
            "--owner", metavar="ROLE", default="agent_desk_owner", help="to whom it will belong; made where missing"
        )
    for name in ("backup", "restore"):
        kinds.choices[name].add_argument("file", metavar="FILE", help="the copy")
