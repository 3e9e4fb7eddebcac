"""Every few minutes and at exit, what the log has grown by goes under a signed checkpoint."""

import binascii
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.ports import Secrets
from agent_desk.rules.people import Role
from agent_desk.storage import checkpoints
from agent_desk.storage.acting import under_rights
from agent_desk.storage.outside import keep_note

KEY_NAME = "checkpoint-key"


def make_checkpoint(ctx: Context) -> str:
    """Cover all changed chains and return the latest note, "" for an empty log; unsigned without a usable keyring.

    Who signed in to a call centre's database leaves that to its mail worker, which sees all chains; "" then.
    Where `checkpoint_file` is set, the note is kept there too; Refusal `file_not_saved` when only that failed.
    """
    with ctx.database.read() as tx:
        who = under_rights(tx)
    if who is not None and who.role is not Role.MAILER:
        return ""
    key = signing_key(ctx.secrets)
    more = True
    while more:
        with ctx.database.write() as tx:
            more = checkpoints.take(tx, ctx.clock.now(), key) is not None
    with ctx.database.read() as tx:
        note = checkpoints.last_note(tx)
    if note and ctx.settings.checkpoint_file:
        try:
            keep_note(Path(ctx.settings.checkpoint_file), note)
        except (OSError, ValueError) as error:
            raise Refusal("file_not_saved") from error
    return note


def signing_key(secrets: Secrets) -> Ed25519PrivateKey | None:
    """Return this workstation's key, made at first use; None where it would not outlive the program."""
    kept = secrets.get(KEY_NAME)
    if kept is None:
        kept = b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        secrets.set(KEY_NAME, kept)
    if not secrets.usable:  # asked last: a keyring may fail at any of these calls
        return None
    try:
        return Ed25519PrivateKey.from_private_bytes(b64decode(kept, validate=True))
    except (binascii.Error, ValueError):
        return None
