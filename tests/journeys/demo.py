"""The main job played without a screen, over sample data: `python -m tests.journeys.demo [FOLDER]`.

Real windows, real keys, a real SMTP server. Leaves pictures of each step, the offer and the confirmation as the server
received them, and the PDF. Exit status 0 only when both mails arrived and the PDF can be read, else 1 and a sentence.
"""

import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.load_session import load_session
from agent_desk.actions.views import SessionView
from agent_desk.formats import format_cents
from agent_desk.wiring.desktop import make_application
from agent_desk.wording import load_wording
from tests.journeys.main_job import play
from tests.support.certificates import new_authority
from tests.support.smtp import LOOPBACK, MailServer, Received, mail_server, server_context
from tests.support.workstation import WaitedInVain, Workstation, wait_until, workstation

FOLDER = Path("build") / "demo"
PARIS = ZoneInfo("Europe/Paris")
BETWEEN_STEPS = timedelta(seconds=58)  # so that the call in the pictures takes as long as a call does
SAMPLES = 16
ALIKE = 3  # pictures in a row
ALSO_DARK = frozenset({"request", "code", "closing"})
KINDS = ("offer", "confirmation")
PDF = "confirmation.pdf"
FOLDERS = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")


class DemoFailed(Exception):
    """What did not happen, in a sentence."""


class AfternoonClock:
    """Runs on from 14:26 of today in Paris: the job may begin only between 8:00 and 21:00."""

    def __init__(self) -> None:
        self._begin = datetime.now(PARIS).replace(hour=14, minute=26, second=0, microsecond=0)
        self._ahead = timedelta(seconds=-time.monotonic())

    def now(self) -> datetime:
        """Return the moment shown."""
        passed = self._ahead + timedelta(seconds=time.monotonic())
        return (self._begin + passed).astimezone(ZoneInfo("UTC"))

    def skip(self, span: timedelta) -> None:
        """Go ahead by `span`."""
        self._ahead += span


@dataclass(slots=True)
class Camera:
    """Takes numbered pictures of a desk, of some steps in dark, too."""

    desk: Workstation
    clock: AfternoonClock
    folder: Path
    taken: list[Path] = field(default_factory=list)

    def look(self, name: str) -> None:
        """Take a step of the session."""
        self.clock.skip(BETWEEN_STEPS)
        self.desk.session.refresh()
        self.take(name)

    def take(self, name: str) -> None:
        """Take what stands on screen."""
        number = f"{len({path.name[:2] for path in self.taken}) + 1:02d}"
        self._save(f"{number}-{name}.png")
        if name in ALSO_DARK:
            self._wear("dark")
            self._save(f"{number}-{name}-dark.png")
            self._wear("light")

    def _wear(self, theme: str) -> None:
        desk = self.desk.program.desk
        desk.change_settings(replace(desk.settings, theme=theme))
        quiet(self.desk)

    def _save(self, name: str) -> None:
        """Save what is shown once it stands still: a layout may need several turns."""
        last: list[QImage] = []

        def still() -> bool:
            last.append(self.desk.window.grab().toImage())
            return len(last) >= ALIKE and last[-ALIKE:] == [last[-1]] * ALIKE

        wait_until(still, "the window to stand still")
        path = self.folder / name
        if not last[-1].save(str(path)):
            raise DemoFailed(f"{path} cannot be written")
        self.taken.append(path)


@dataclass(frozen=True, slots=True)
class Played:
    """What the job ended with."""

    view: SessionView
    presses: int
    pictures: int


def quiet(desk: Workstation) -> None:
    """Wait until no answer of a worker is missing."""
    wait_until(lambda: not desk.program.desk.background.busy, "the workers to finish")


def add_samples(desk: Workstation) -> None:
    """Write sample sessions and bring Today up to date."""
    desk.work(lambda ctx: create_sample_data(ctx, SAMPLES))
    desk.program.desk.sessionChanged.emit(0)
    quiet(desk)


def perform(app: QApplication, home: Path, folder: Path, server: MailServer) -> Played:
    """Play the job from the call to both mails accepted."""
    relay: dict[str, Any] = {"relay_host": LOOPBACK, "relay_port": server.port, "relay_state": "configured"}
    clock = AfternoonClock()
    with workstation(app, home, clock, theme="light", **relay) as desk:
        faults: list[str] = []
        desk.program.desk.failed.connect(faults.append)
        camera = Camera(desk, clock, folder)
        add_samples(desk)
        camera.take("today")
        play(desk, "fr", camera.look)
        presses = desk.presses
        view = await_mails(desk)
        quiet(desk)
        camera.look("closed")
        desk.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        story = desk.window.screen_named("journal").story
        wait_until(lambda: story.session_id == view.id, "the story of the session")
        camera.take("journal")
        if faults:
            raise DemoFailed(faults[0])
    return Played(view, presses, len(camera.taken))


def await_mails(desk: Workstation) -> SessionView:
    """Return the session once the server has accepted its offer and its confirmation."""
    editor = desk.session.editor
    if editor is None:
        raise DemoFailed("no session is open")
    number = editor.view.id
    views = [editor.view]

    def accepted() -> bool:
        views.append(desk.work(lambda ctx: load_session(ctx, number)))
        return sorted(mail.kind for mail in views[-1].mails if mail.state == "accepted") == sorted(KINDS)

    wait_until(accepted, "the mail server to accept both mails")
    return views[-1]


def arrived(received: list[Received], number: str) -> dict[str, Received]:
    """Return the offer and the confirmation of this session; DemoFailed when one is missing."""
    marks = {kind: f"<{number}.{kind}." for kind in KINDS}
    found = {
        kind: one for kind, mark in marks.items() for one in received if str(one.message["Message-ID"]).startswith(mark)
    }
    missing = [kind for kind in KINDS if kind not in found]
    if missing:
        raise DemoFailed(f"the mail server did not receive the {missing[0]}")
    return found


def enclosed_pdf(mail: Received, *words: str) -> bytes:
    """Return the PDF of a mail; DemoFailed when it has none, or none that says `words`."""
    pdfs = [part for part in mail.message.iter_attachments() if part.get_content_type() == "application/pdf"]
    if len(pdfs) != 1:
        raise DemoFailed("the confirmation came without its PDF")
    content: bytes = pdfs[0].get_content()
    text = ""
    with suppress(PyPdfError):
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    unsaid = [word for word in words if plain(word) not in plain(text)]
    if unsaid:
        raise DemoFailed(f"the confirmation's PDF does not say {unsaid[0]}")
    return content


def plain(text: str) -> str:
    """Return a text with ordinary spaces only."""
    return " ".join(text.split())


def leave(folder: Path, played: Played, received: list[Received]) -> None:
    """Write both mails and the PDF."""
    view = played.view
    if view.decision is None:
        raise DemoFailed("the session was closed without a decision")
    mails = arrived(received, view.number)
    content = enclosed_pdf(mails["confirmation"], view.number, format_cents(view.decision.total_cents, "fr"))
    for kind, mail in mails.items():
        (folder / f"{kind}.eml").write_bytes(mail.content)
    (folder / PDF).write_bytes(content)


def summary(played: Played, folder: Path) -> list[str]:
    """Return what an onlooker wants to know, line by line."""
    view, words = played.view, load_wording("en")
    decision, customer = view.decision, view.content.customer
    if decision is None:
        return []
    lines = [
        f"Session {view.number}, {customer.first_name} {customer.surname}: closed by keyboard alone.",
        f"Key presses apart from typed text: {played.presses}",
        f"Billed: {format_cents(decision.total_cents, 'en')}, of which VAT {format_cents(decision.vat_cents, 'en')}",
    ]
    lines += [
        f"  {line.service}: {format_cents(line.amount_cents, 'en')} - {words.text(f'rules.{line.rule}.reason')}"
        f" (article {line.article})"
        for line in decision.lines
    ]
    lines.append(f"Mailed to {customer.email} by STARTTLS; a mail server on this machine took offer and confirmation.")
    names = ", ".join([*(f"{kind}.eml" for kind in KINDS), PDF])
    return [*lines, f"In {folder}{os.sep}: {played.pictures} pictures, {names}"]


def prepare(folder: Path) -> None:
    """Make the folder, without what an earlier demonstration left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*folder.glob("[0-9][0-9]-*.png"), *(folder / f"{kind}.eml" for kind in KINDS), folder / PDF]:
        path.unlink(missing_ok=True)


def settle_in(home: Path) -> None:
    """Keep this process in `home`: no keyring, no screen, no caches elsewhere, the time of Paris."""
    home.chmod(0o700)
    os.environ |= dict.fromkeys(FOLDERS, str(home))
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    os.environ["TZ"] = PARIS.key
    time.tzset()


def main(arguments: list[str]) -> int:
    """Play the job and print what became of it."""
    folder = Path(arguments[0]) if arguments else FOLDER
    try:
        with tempfile.TemporaryDirectory(prefix="agent-desk-") as name:
            home = Path(name)
            settle_in(home)
            prepare(folder)
            authority = new_authority(home / "certificates")
            os.environ["SSL_CERT_FILE"] = str(authority.file)
            with mail_server(starttls=server_context(authority.server(LOOPBACK))) as server:
                played = perform(make_application(), home / "desk", folder, server)
            leave(folder, played, server.received)
    except (DemoFailed, OSError) as error:
        sys.stderr.write(f"The demonstration failed: {error}.\n")
        return 1
    except WaitedInVain as error:
        sys.stderr.write(f"The demonstration failed: waited in vain for {error}.\n")
        return 1
    sys.stdout.write("\n".join(summary(played, folder)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
