"""A process of its own that sends an outbox once: `python -m tests.support.sender DATABASE_URL PORT`."""

import sys

from agent_desk.actions.send_outbox import send_outbox
from agent_desk.adapters.smtp import RelayAddress, SmtpRelay
from agent_desk.storage.database import Database
from tests.support.desks import MemorySecrets, context


def main(url: str, port: int) -> None:
    """Send what is due in the database at `url` to the server on a loopback port."""
    database = Database.open(url)
    send_outbox(context(database), SmtpRelay(RelayAddress("127.0.0.1", port, "none"), MemorySecrets()))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
