"""`deskctl health` and `deskctl support-bundle`: how it is, and what support needs. Loaded when they are asked for."""

import argparse
import threading
from pathlib import Path

from agent_desk.console.answer import Answer, columns
from agent_desk.console.refusal import Refused
from agent_desk.console.reports import WRONG
from agent_desk.formats import format_duration
from agent_desk.settings import Settings, settings_folder
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.health import Health, look_from_outside, silent_database
from agent_desk.wiring.support_bundle import write_bundle
from agent_desk.wording import Wording

PATIENCE_SECONDS = 15.0  # whatever happens, an answer comes within that


def health(_options: argparse.Namespace, wording: Wording) -> Answer:
    """Return how the site is; status 1 where something is wrong."""
    found = bounded_look(read_settings())
    lines = (*_lines(found, wording), *_complaints(found, wording))
    return Answer(found.plain(), lines, 0 if found.well else WRONG)


def support_bundle(options: argparse.Namespace, wording: Wording) -> Answer:
    """Write everything support asks for first into one zip file that did not exist."""
    path, settings = Path(options.file), read_settings()
    if path.exists():
        raise Refused(options.file, "errors.file_exists")
    try:
        names = write_bundle(path, settings_folder(), settings, bounded_look(settings))
    except OSError as error:
        raise Refused(options.file, "errors.file_not_saved") from error
    return Answer({"file": str(path), "parts": names}, (wording.text("deskctl.bundle_written", file=path), *names))


def bounded_look(settings: Settings) -> Health:
    """Look at the site's health; a database that neither answers nor refuses is given up after a while."""
    answers: list[Health] = []
    # A daemon: where it hangs in the driver, the program still ends.
    looking = threading.Thread(target=lambda: answers.append(look_from_outside(settings)), daemon=True)
    looking.start()
    looking.join(PATIENCE_SECONDS)
    return answers[0] if answers else silent_database(settings)


def _complaints(found: Health, wording: Wording) -> tuple[str, ...]:
    if found.fault:
        return (wording.text(f"errors.{found.fault}", file=""),)
    return tuple(wording.text(f"health.{sign}") for sign in found.signs) or (wording.text("health.well"),)


def _lines(seen: Health, wording: Wording) -> tuple[str, ...]:
    """Return what is known as a table: of a database that gave no answer nothing, not even that no mail waits."""
    found = seen.vitals
    mails = ", ".join(f"{wording.text(f'mail_states.{state}.name')} {n}" for state, n in sorted(found.mails.items()))
    ages = {
        "oldest_mail": found.oldest_mail,
        "mailer_seen": found.mailer_seen,
        "gateway_seen": found.gateway_seen,
        "checkpoint_age": found.checkpoint_age,
        "decisions_checked": found.decisions_checked,
    }
    rows = [] if seen.fault else [("mails", mails or "0")]
    rows += [(name, format_duration(int(age.total_seconds()))) for name, age in ages.items() if age is not None]
    if found.room is not None:
        rows.append(("room", f"{found.room // 1024**2} MiB"))
    return columns([(wording.text(f"health_facts.{name}"), value) for name, value in rows])
