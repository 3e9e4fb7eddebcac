"""The SMS gateway says what became of an SMS; its words are kept until whoever sends SMS has looked whether they are genuine."""

from agent_desk.actions.door import Door
from agent_desk.storage.sms_reports import take_down


def report_sms(door: Door, envid: str, nonce: str, kind: int, mac: str) -> None:
    """Take a report down; one about no SMS of ours is dropped without a word."""
    with door.database.write() as tx:
        take_down(tx, envid, nonce, kind, mac, door.clock.now())
