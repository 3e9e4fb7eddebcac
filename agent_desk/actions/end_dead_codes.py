"""At start without a keyring: the key that opens earlier codes died with the program, and so do they."""

from agent_desk.actions.context import Context
from agent_desk.actions.live_codes import end_live_codes
from agent_desk.actions.publish_door_key import DOOR_KEY
from agent_desk.storage.site import read_site


def end_dead_codes(ctx: Context) -> int:
    """Revoke every live code where the keyring did not keep their key; return how many (wording `errors.code_lost`).

    In a database that other desks share their codes are left alone: they know their own keys, and ten minutes pass.
    So are codes sealed to a gateway of its own, which keeps its key in a file.
    """
    if ctx.secrets.usable or ctx.database.dialect != "sqlite":
        return 0
    with ctx.database.read() as tx:
        if read_site(tx, [DOOR_KEY]):
            return 0
    return end_live_codes(ctx, "revoked")
