"""A batch as it was made, to be written again."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.storage.bill import BatchFile, read_files


def read_billing_batch(ctx: Context, number: int) -> tuple[BatchFile, ...]:
    """Return a batch's files, byte for byte as they were made; Refusal `batch_not_found`, `batch_changed`."""
    with ctx.database.read() as tx:
        try:
            files = read_files(tx, number)
        except ValueError as error:
            raise Refusal("batch_changed", values={"number": number}) from error
    if not files:
        raise Refusal("batch_not_found", values={"number": number})
    return files
