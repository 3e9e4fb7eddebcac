"""Mails as files: saved or opened as .eml, or as the paper that goes out as a letter."""

import re
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.adapters.eml import to_bytes
from agent_desk.ports import Letter
from agent_desk.rules.mail import MailChannel

FOLDER = "papers"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def write_mail(ctx: Context, folder: Path, mail_id: int, path: Path | None) -> Path:
    """Write the mail as .eml, an SMS as text, to `path`, or below `folder`; Refusal `file_not_saved`, `mail_not_found`."""
    letter = late.mail_letter(ctx, mail_id)
    if letter.channel is MailChannel.SMS:
        return _write(path or folder / FOLDER / f"{_name(letter)}.txt", f"{letter.recipient}\n{letter.text}\n".encode())
    return _write(path or folder / FOLDER / f"{_name(letter)}.eml", to_bytes(letter))


def write_paper(ctx: Context, folder: Path, mail_id: int) -> Path:
    """Write what is printed: the PDF that goes with the mail, else the mail as a page; Refusal as above."""
    letter = late.mail_letter(ctx, mail_id)
    for one in letter.attachments:
        if one.media_type == "application/pdf":
            return _write(folder / FOLDER / f"{_name(letter)}.pdf", one.content)
    return _write(folder / FOLDER / f"{_name(letter)}.html", letter.html.encode())


def _name(letter: Letter) -> str:
    return _UNSAFE.sub("-", letter.message_id.strip("<>").partition("@")[0])[:80] or "mail"


def _write(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Refusal("file_not_saved") from error
    return path
