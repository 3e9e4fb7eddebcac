"""One mail as it was written, to open, print, or save as .eml."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.ports import Letter
from agent_desk.storage.mails import read_letter


def mail_letter(ctx: Context, mail_id: int) -> Letter:
    """Return the letter with its attachments; Refusal `mail_not_found`."""
    with ctx.database.read() as tx:
        letter = read_letter(tx, mail_id)
    if letter is None:
        raise Refusal("mail_not_found")
    return letter
