"""`deskctl mailer`: hands mails to the relay without a desk, for a call centre. Loaded when it is asked for."""

import argparse
import json
from contextlib import ExitStack, closing
from pathlib import Path

from agent_desk import __version__
from agent_desk.console.answer import Answer
from agent_desk.console.refusal import Refused
from agent_desk.mailer.lanes import LANES, SMS_LANES
from agent_desk.ports import Secrets
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import needs_upgrade
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.context import LateSecrets, as_signed_in, bare_context, relay_of, sms_gateway_of
from agent_desk.wiring.credential import UnusableCredential, make_mailer_credential, read_mailer_credential
from agent_desk.wiring.mailer import RunningMailer, start_mailer
from agent_desk.wiring.service import metrics_page, spare_what_is_loaded, until_told, written_log
from agent_desk.wording import Wording

KEPT = LANES + SMS_LANES + 1  # connections: one for each lane, one for the heartbeat
MOST = KEPT + 7  # chores have one each, and whoever has its turn a second one


def mailer(options: argparse.Namespace, wording: Wording) -> Answer:
    """Send until the system says stop; or only make the file of secrets, and end."""
    if options.make_credential:
        return _make_credential(options, wording)
    settings, secrets = read_settings(), _secrets(options)
    try:
        with closing(Database.open(settings.database_url, connections=MOST, kept=KEPT)) as database:
            if needs_upgrade(database, __version__):
                raise Refused("database", "errors.gateway_schema")
            ctx = as_signed_in(bare_context(database, settings, secrets=secrets))
            relay, sms = relay_of(ctx), sms_gateway_of(ctx)
            if relay is None and sms is None:
                raise Refused("relay_host", "errors.relay_not_configured")
            with until_told() as wait, written_log("mailer", settings), ExitStack() as stack:
                spare_what_is_loaded()
                running = stack.enter_context(closing(start_mailer(ctx, relay, sms)))
                stack.enter_context(metrics_page(options.metrics, running.metrics))
                _say_that_it_runs(running, options, wording)
                wait()
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault
    return Answer({"stopped": True}, (wording.text("deskctl.mailer_stopped"),))


def _make_credential(options: argparse.Namespace, wording: Wording) -> Answer:
    path = _credential_path(options)
    try:
        make_mailer_credential(path)
    except UnusableCredential as unusable:
        raise Refused("credential", f"errors.{unusable.code}") from unusable
    return Answer({"made": str(path)}, (wording.text("deskctl.credential_made", file=path),))


def _secrets(options: argparse.Namespace) -> Secrets:
    """Return what the file holds; without one this person's keyring, as a desk of one's own has it."""
    if options.credential is None:
        return LateSecrets()
    try:
        return read_mailer_credential(_credential_path(options))
    except UnusableCredential as unusable:
        raise Refused("credential", f"errors.{unusable.code}") from unusable


def _credential_path(options: argparse.Namespace) -> Path:
    if options.credential is None:
        raise Refused("credential", "errors.missing_value")
    return Path(options.credential)


def _say_that_it_runs(running: RunningMailer, options: argparse.Namespace, wording: Wording) -> None:
    line = json.dumps({"mark": running.mark}) if options.json else wording.text("deskctl.mailer_runs")
    print(line, flush=True)
