"""What may be typed after `deskctl people`."""

import argparse

ROLES = "agent, supervisor, administrator, auditor, gateway, mailer, billing"


def add_people(command: argparse.ArgumentParser, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add what can be done with people, and what each needs."""
    kinds = command.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=parser_class)

    def add(name: str, help_line: str, *, login: bool = True) -> argparse.ArgumentParser:
        kind = kinds.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        # Without a default of its own: it would undo what stands before the name.
        kind.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print JSON instead of a table"
        )
        if login:
            kind.add_argument("login", metavar="LOGIN", help="2 to 32 small letters, digits, dots, dashes")
        return kind

    one = add("add", "somebody comes")
    one.add_argument("--name", metavar="NAME", help="as the lists and mails show it")
    one.add_argument("--role", metavar="ROLE", default="agent", help=f"{ROLES}; agent when absent")
    one.add_argument("--team", metavar="TEAM", default="", help="of an agent; made if there is none of that name")
    one.add_argument("--email", metavar="ADDRESS", default="", help="where to reach them")
    many = add("import", "everybody of a list comes, or nobody", login=False)
    many.add_argument(
        "file", metavar="FILE", help="CSV with a line of titles: login;name;role;team;email; - reads stdin"
    )
    changed = add("change", "somebody takes another role or works in another team")
    changed.add_argument("--role", metavar="ROLE", help=ROLES)
    changed.add_argument("--team", metavar="TEAM", help="of an agent; made if there is none of that name")
    contacts = add("contacts", "dedicated contacts of professional customers, from a list", login=False)
    contacts.add_argument(
        "file", metavar="FILE", help="CSV with a line of titles: customer_number;login;team; - reads stdin"
    )
    duties = add("duties", "what a team is there for; without duties, list all teams", login=False)
    duties.add_argument("team", metavar="TEAM", nargs="?", default="", help="an existing team")
    duties.add_argument(
        "duty", metavar="DUTY", nargs="*", help="commercial, terminals, platforms, feasibility; or none"
    )
    add("leave", "somebody leaves: no rights, no password, no connection")
    password = add("password", "set a password, typed twice or read from standard input")
    password.add_argument("--days", metavar="N", help="days until it must be replaced; none when absent")
    add("list", "who there is, and who has left", login=False)
    turned = add("turn-keys", "replace the gateways’ door key and put out running codes", login=False)
    turned.add_argument("--credential", metavar="FILE", help="the gateways’ file of secrets; its key is replaced")
