"""At start without a keyring: the key that sealed earlier codes died with the program, and so do they."""

from agent_desk.actions.code_seal import end_live_codes
from agent_desk.actions.context import Context


def end_dead_codes(ctx: Context) -> int:
    """Revoke every live code where the keyring did not keep their key; return how many (wording `errors.code_lost`).

    In a database that other desks share their codes are left alone: they know their own keys, and ten minutes pass.
    """
    if ctx.secrets.usable or ctx.database.dialect != "sqlite":
        return 0
    return end_live_codes(ctx, "revoked")
