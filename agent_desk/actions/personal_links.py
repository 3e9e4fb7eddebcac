"""A mail gets the customer's personal links as it leaves: signed, and known to the database by their fingerprint only."""

from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.link_seal import sign
from agent_desk.actions.make_checkpoint import signing_key
from agent_desk.ports import Letter
from agent_desk.rules.links import Purpose, filled, link_of, marks, without_links
from agent_desk.storage.checkpoints import publish_key
from agent_desk.storage.links import keep_link
from agent_desk.storage.outbox import Claim


def with_links(ctx: Context, tx: Connection, claimed: Claim) -> Letter:
    """Return the letter as it goes to the relay, its links kept in the same transaction; without them if none can sign.

    Sent again, a mail has the same links.
    """
    letter = claimed.letter
    wanted = marks(letter.text) | marks(letter.html)
    if not wanted:
        return letter
    key = signing_key(ctx.secrets)
    if key is None:
        return replace(letter, text=without_links(letter.text), html=without_links(letter.html))
    publish_key(tx, key)
    links = {purpose: link_of(purpose, claimed.session_id, claimed.mail_id, letter.date) for purpose in sorted(wanted)}
    tokens: dict[Purpose, str] = {purpose: sign(key, link) for purpose, link in links.items()}
    for purpose, link in links.items():
        keep_link(tx, link, fingerprint(tokens[purpose]))
    return replace(letter, text=filled(letter.text, tokens.__getitem__), html=filled(letter.html, tokens.__getitem__))


def fingerprint(token: str) -> bytes:
    """Return what the database knows of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
