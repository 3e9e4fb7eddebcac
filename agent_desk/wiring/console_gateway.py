"""`deskctl gateway`: the customer's page without a desk, for a call centre. Loaded when it is asked for."""

import argparse
import json
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from agent_desk.actions.code_seal import public_key
from agent_desk.actions.door import Door
from agent_desk.actions.publish_door_key import publish_door_key
from agent_desk.console.answer import Answer
from agent_desk.console.refusal import Refused
from agent_desk.gateway.facts import facts_of
from agent_desk.settings import Settings, faulty_keys
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.guest import ask, grant
from agent_desk.storage.schema import has_tables
from agent_desk.storage.tables import SCHEMA
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.credential import Credential, UnusableCredential, make_credential, read_credential
from agent_desk.wiring.gateway import RunningGateway, serve
from agent_desk.wiring.service import (
    database_up,
    metrics_page,
    sign_of_life,
    spare_what_is_loaded,
    until_told,
    written_log,
)
from agent_desk.wording import Wording

CONNECTIONS = 6  # its threads compare codes and read signals beside the one that counts
# Threads take turns this often: the one that answers must not wait for those that count.
SWITCH_SECONDS = 0.0005


def gateway(options: argparse.Namespace, wording: Wording) -> Answer:
    """Serve the page until the system says stop; or only publish the key, or only grant the rights, and end."""
    settings = _settings(options)
    try:
        with closing(Database.open(settings.database_url, connections=CONNECTIONS)) as database:
            _check_tables(database)
            if options.grant is not None:
                return _grant(database, options.grant, wording)
            credential = _credential(options)
            if options.publish_key:
                key = publish_door_key(database, credential.door_key)
                return Answer({"door_key": key}, (wording.text("deskctl.key_published", key=key),))
            _check_schema(database)
            return _serve(Door(database, database.clock, credential.door_key), settings, credential, options, wording)
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault


def be_prompt() -> None:
    """Have threads take turns often, and never look for garbage in what is loaded."""
    sys.setswitchinterval(SWITCH_SECONDS)
    spare_what_is_loaded()


def _settings(options: argparse.Namespace) -> Settings:
    given = {"gateway_listen": options.listen, "tls_certificate": options.certificate, "tls_key": options.key}
    settings = replace(read_settings(), **{key: value for key, value in given.items() if value is not None})
    for key in faulty_keys(settings):
        raise Refused({"gateway_listen": "listen"}.get(key, key))
    return settings


def _credential(options: argparse.Namespace) -> Credential:
    if options.credential is None:
        raise Refused("credential", "errors.missing_value")
    path = Path(options.credential)
    try:
        return make_credential(path) if options.publish_key and not path.exists() else read_credential(path)
    except UnusableCredential as unusable:
        raise Refused("credential", f"errors.{unusable.code}") from unusable


def _grant(database: Database, role: str, wording: Wording) -> Answer:
    if database.dialect == "sqlite":
        raise Refused("grant", "errors.only_postgresql")
    try:
        grant(database, role)
    except LookupError as error:
        raise Refused("grant", "errors.role_unknown") from error
    return Answer({"granted": role}, (wording.text("deskctl.granted", role=role),))


def _check_tables(database: Database) -> None:
    with database.read() as tx:
        if not has_tables(tx):
            raise Refused("database", "errors.gateway_schema")


def _check_schema(database: Database) -> None:
    """Refuse to serve a database that this program does not know, or may not ask."""
    try:
        with database.read() as tx:
            found = [row.version_num for row in ask(tx, "schema")]
    except SQLAlchemyError as error:
        raise Refused("database", "errors.gateway_rights") from error
    except DatabaseFault as fault:
        if fault.code != "no_rights":
            raise
        raise Refused("database", "errors.gateway_rights") from fault
    if found != [SCHEMA]:
        raise Refused("database", "errors.gateway_schema")


def _serve(
    door: Door, settings: Settings, credential: Credential, options: argparse.Namespace, wording: Wording
) -> Answer:
    try:
        running = serve(door, settings, facts_of(settings, credential.turn_secret))
    except OSError as error:
        raise Refused("listen", "errors.gateway_not_started") from error
    be_prompt()
    with (
        until_told() as wait,
        closing(running),
        written_log("gateway", settings),
        metrics_page(options.metrics, lambda: (*running.serving.figures(), database_up(door.database))),
        sign_of_life(door, "gateway"),
    ):
        _say_that_it_runs(running, settings, public_key(credential.door_key).hex(), options, wording)
        wait()
    return Answer({"stopped": True}, (wording.text("deskctl.gateway_stopped"),))


def _say_that_it_runs(
    running: RunningGateway, settings: Settings, key: str, options: argparse.Namespace, wording: Wording
) -> None:
    address = f"{settings.gateway_listen.rpartition(':')[0]}:{running.port}"
    line = wording.text("deskctl.gateway_runs", address=address, key=key)
    told = json.dumps({"address": address, "port": running.port, "door_key": key}) if options.json else line
    print(told, flush=True)
