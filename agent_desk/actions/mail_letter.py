"""One mail as it was written, to open, print, or save as .eml."""

from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.ports import Letter
from agent_desk.rules.links import without_links
from agent_desk.storage.mails import read_letter


def mail_letter(ctx: Context, mail_id: int) -> Letter:
    """Return the letter with its attachments, without the customer's personal links; Refusal `mail_not_found`."""
    with ctx.database.read() as tx:
        letter = read_letter(tx, mail_id)
    if letter is None:
        raise Refusal("mail_not_found")
    return replace(letter, text=without_links(letter.text), html=without_links(letter.html))
