"""`deskctl database`: the database itself, for whoever looks after it. Loaded when it is asked for."""

import argparse
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from agent_desk import __version__, late
from agent_desk.clock import SystemClock
from agent_desk.console.answer import Answer
from agent_desk.console.database_reports import (
    show_condition,
    show_copy,
    show_created,
    show_restored,
    show_upgraded,
)
from agent_desk.console.refusal import Refused
from agent_desk.settings import Settings, has_password
from agent_desk.storage import rights
from agent_desk.storage.backup import back_up
from agent_desk.storage.condition import Addresses, examine
from agent_desk.storage.creation import create
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.large_indexes import make_large_indexes
from agent_desk.storage.restoring import restore
from agent_desk.storage.schema import needs_upgrade, revision
from agent_desk.storage.tables import SCHEMA
from agent_desk.storage.upgrade import upgrade
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.context import open_context
from agent_desk.wording import Wording

FAULTY_FILES = frozenset({"backup_exists", "backup_changed", "backup_unusable", "file_not_read", "file_not_saved"})


def database(options: argparse.Namespace, wording: Wording) -> Answer:
    """Do one thing with the database; Refused names what stood in the way, and then nothing has changed."""
    settings = _settings(options)
    try:
        return COMMANDS[options.what](options, settings, wording)
    except DatabaseFault as fault:
        subject = options.file if fault.code in FAULTY_FILES else "database"
        raise Refused(subject, f"errors.{fault.code}", values=fault.values) from fault


def _settings(options: argparse.Namespace) -> Settings:
    """Return the settings; another database named on the command line has none of its companions."""
    settings = read_settings()
    if options.url is None:
        return settings
    if has_password(options.url):
        raise Refused("url", "errors.password_in_arguments")
    return replace(settings, database_url=options.url, signal_database_url="", report_database_url="")


def _direct(settings: Settings) -> str:
    """Return the way to the server itself: behind a pooler neither it nor its programs can be administered."""
    return settings.signal_database_url or settings.database_url


def _create(options: argparse.Namespace, settings: Settings, wording: Wording) -> Answer:
    address = _direct(settings)
    create(address, options.owner)
    return show_created(SCHEMA, "" if address.startswith("sqlite") else options.owner, wording)


def _upgrade(_options: argparse.Namespace, settings: Settings, wording: Wording) -> Answer:
    with closing(Database.open(settings.database_url)) as opened:
        with opened.read() as tx:
            before = revision(tx) or ""
        copy = upgrade(opened) if needs_upgrade(opened, __version__) else None
        if copy is None:
            make_large_indexes(opened)  # what an earlier upgrade was kept from
        with opened.read() as tx:
            after, may_apply = revision(tx) or "", rights.may_apply(tx)
        if may_apply:
            rights.apply(opened)
    return show_upgraded(before, after, copy.name if copy else "", wording)


def _check(_options: argparse.Namespace, settings: Settings, wording: Wording) -> Answer:
    addresses = Addresses(settings.database_url, settings.report_database_url, settings.signal_database_url)
    return show_condition(examine(addresses, SystemClock().now), wording)


def _backup(options: argparse.Namespace, settings: Settings, wording: Wording) -> Answer:
    return show_copy(back_up(_direct(settings), Path(options.file)), wording)


def _restore(options: argparse.Namespace, settings: Settings, wording: Wording) -> Answer:
    address = _direct(settings)
    checked = restore(address, Path(options.file), options.owner)
    here = replace(settings, database_url=address)
    _upgrade(options, here, wording)  # an older copy gets this program's tables, and any copy the rights of its people
    ctx = open_context(here)
    with closing(ctx.database):
        return show_restored(SCHEMA, checked, late.verify_log(ctx), late.verify_decisions(ctx), wording)


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings, Wording], Answer]] = {
    "create": _create,
    "upgrade": _upgrade,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
}
