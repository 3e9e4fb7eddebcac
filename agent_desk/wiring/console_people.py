"""`deskctl people`: who may sign in to a call centre's database, and as what. Loaded when it is asked for."""

import argparse
import getpass
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from agent_desk import late
from agent_desk.actions.add_people import NewPerson
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.turn_keys import TurnedKeys
from agent_desk.console.answer import Answer
from agent_desk.console.people_file import BYTES_MAX, read_contacts, read_people
from agent_desk.console.people_reports import show_change, show_duties, show_people, show_turned
from agent_desk.console.refusal import Refused
from agent_desk.console.values import given, read_whole
from agent_desk.rules.people import PASSWORD_MAX
from agent_desk.storage.faults import DatabaseFault
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.context import open_context
from agent_desk.wiring.credential import UnusableCredential, make_credential, read_credential
from agent_desk.wording import Wording

DAYS = range(1, 3651)
UNSURE = ("unreachable", "unsettled")  # the new key may have been published: it stays beside the old one


def people(options: argparse.Namespace, wording: Wording) -> Answer:
    """Do one thing with people; Refused names what stood in the way, and then nothing has changed."""
    try:
        ctx = open_context(read_settings())
        with closing(ctx.database):
            return COMMANDS[options.what](options, ctx, wording)
    except Refusal as refusal:
        subject = refusal.fields[0] if refusal.fields else getattr(options, "login", options.what)
        raise Refused(subject, f"errors.{refusal.code}", values=refusal.values) from refusal
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault


def _add(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    made = NewPerson(options.login, given(options.name, "name"), options.role, options.team, options.email)
    late.add_people(ctx, [made])
    return Answer({"added": options.login}, (wording.text("deskctl.person_added", login=options.login),))


def _import(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    count = late.add_people(ctx, read_people(_list(options), options.file))
    return Answer({"added": count}, (wording.text("deskctl.people_added", count=count),))


def _contacts(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    count = late.set_pro_contacts(ctx, read_contacts(_list(options), options.file))
    return Answer({"set": count}, (wording.text("deskctl.contacts_set", count=count),))


def _list(options: argparse.Namespace) -> bytes:
    # One byte more than is accepted: too long is noticed without reading all of it.
    if options.file == "-":
        return bytes(options.stdin.read(BYTES_MAX + 1))
    try:
        with Path(options.file).open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise Refused(options.file, "errors.file_not_read") from error


def _change(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return show_change(late.change_person(ctx, options.login, options.role, options.team), wording)


def _duties(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    if options.duty:
        duties = [] if options.duty == ["none"] else options.duty
        late.set_duties(ctx, options.team, duties)
    return show_duties(late.list_duties(ctx), wording)


def _leave(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    cut = late.remove_person(ctx, options.login)
    return Answer(
        {"left": options.login, "cut": cut}, (wording.text("deskctl.person_left", login=options.login, cut=cut),)
    )


def _password(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    days = None if options.days is None else read_whole(options.days, "days", DAYS)
    late.set_password(ctx, options.login, _typed(options), days)
    return Answer({"password_set": options.login}, (wording.text("deskctl.password_set", login=options.login),))


def _typed(options: argparse.Namespace) -> str:
    """Return the first line of standard input, or what a person types twice without seeing it."""
    if not options.stdin.isatty():
        return str(options.stdin.readline(4 * PASSWORD_MAX).decode("utf-8", "replace")).rstrip("\r\n")
    first, second = getpass.getpass(), getpass.getpass()
    if first != second:
        raise Refusal("password_differs")
    return first


def _everybody(_options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return show_people(late.list_people(ctx), wording)


def _turn_keys(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    path = Path(given(options.credential, "credential"))
    fresh = path.with_name(f"{path.name}.new")
    try:
        # The file first: a key that is published and kept nowhere would leave every code closed.
        kept = read_credential(path)
        key = make_credential(fresh).door_key
        fresh.write_text(json.dumps({"door_key": key.hex(), "turn_secret": kept.turn_secret}, indent=2) + "\n", "utf-8")
        turned: TurnedKeys = late.turn_keys(ctx, key)
        fresh.replace(path)
    except UnusableCredential as unusable:
        raise Refused("credential", f"errors.{unusable.code}") from unusable
    except (Refusal, DatabaseFault) as refused:
        if refused.code not in UNSURE:
            fresh.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise Refused("credential", "errors.file_not_saved") from error
    return show_turned(turned, wording)


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {
    "add": _add,
    "import": _import,
    "change": _change,
    "contacts": _contacts,
    "duties": _duties,
    "leave": _leave,
    "password": _password,
    "list": _everybody,
    "turn-keys": _turn_keys,
}
