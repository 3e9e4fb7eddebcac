"""The demonstration leaves what it promises, in one place, and says so when it cannot."""

import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QImage

from tests.journeys.demo import DemoFailed, arrived, enclosed_pdf, plain
from tests.support.smtp import Received
from tests.support.source import ROOT

STEPS = ("today", "customer", "request", "prerequisites", "agreement", "code", "intervention", "closing", "closed")
PICTURES = {f"{number:02d}-{name}.png" for number, name in enumerate((*STEPS, "journal"), 1)}
DARK = {"03-request-dark.png", "06-code-dark.png", "08-closing-dark.png"}
PAPERS = {"offer.eml", "confirmation.eml", "confirmation.pdf"}


def run(folder: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    """Run the demonstration as `make run` does, with every other folder it might write to below `scratch`."""
    scratch.mkdir()
    return subprocess.run(
        [sys.executable, "-m", "tests.journeys.demo", str(folder)],
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(scratch), "TMPDIR": str(scratch)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def message(content: bytes = b"", message_id: str = "<S-2026-000001.confirmation.00>") -> Received:
    """Return a mail as the server would have received it, with `content` as its PDF where there is any."""
    parsed = message_from_bytes(b"Message-ID: %s\r\n\r\n" % message_id.encode(), policy=policy.SMTP)
    if content:
        parsed.add_attachment(content, maintype="application", subtype="pdf")
    return Received("", (), (), parsed.as_bytes())


def test_the_demonstration_leaves_pictures_both_mails_and_the_pdf_and_nothing_else(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "demo", tmp_path / "scratch"
    folder.mkdir()
    (folder / "99-old.png").write_text("left by an earlier one")
    done = run(folder, scratch)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert {path.name for path in folder.iterdir()} == PICTURES | DARK | PAPERS
    assert [path for path in scratch.rglob("*") if path.is_file()] == []
    sizes = {(image.width(), image.height()) for image in (QImage(str(path)) for path in folder.glob("*.png"))}
    assert sizes == {(1360, 850)}
    mails = {name: message_from_bytes((folder / f"{name}.eml").read_bytes()) for name in ("offer", "confirmation")}
    assert {mail["To"] for mail in mails.values()} == {"claire.morvan@example.org"}
    text = plain("\n".join(page.extract_text() for page in PdfReader(folder / "confirmation.pdf").pages))
    number = str(mails["confirmation"]["Message-ID"])[1:].split(".")[0]
    assert number in text
    assert "79,00 €" in text
    for said in (number, "€79.00", "Virus removal is billed in every case.", "article 4.9", "Key presses", str(folder)):
        assert said in done.stdout


def test_the_demonstration_says_in_one_line_why_it_failed(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file stands where the folder should be")
    done = run(tmp_path / "demo", tmp_path / "scratch")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("The demonstration failed: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_mail_that_did_not_arrive_fails_the_demonstration() -> None:
    with pytest.raises(DemoFailed, match="did not receive the offer"):
        arrived([message()], "S-2026-000001")


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "without its PDF"), (b"%PDF-1.4 torn", "does not say"), (b"no PDF", "does not say")]
)
def test_a_pdf_that_cannot_be_read_fails_the_demonstration(content: bytes, said: str) -> None:
    with pytest.raises(DemoFailed, match=said):
        enclosed_pdf(message(content), "79,00 €")
