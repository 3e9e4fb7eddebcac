"""What every action receives: the database, the clock, and the few things it needs from outside."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent_desk.ports import Clock, Printer, Secrets
from agent_desk.settings import Settings

if TYPE_CHECKING:  # screens name the context before the database is loaded
    from agent_desk.reference import Reference
    from agent_desk.storage.database import Database


@dataclass(frozen=True, slots=True)
class Context:
    """Built once by wiring and passed to each action; `code_key` is this desk's private door key, never in the database.

    Codes are sealed to its public half, unless a gateway of its own has published another. `person` is the login of who
    signed in to the database, "" on a desk without accounts; the name in `settings` is theirs then.
    """

    database: "Database"
    clock: Clock
    secrets: Secrets
    reference: "Reference"
    printer: Printer
    settings: Settings
    code_key: bytes = field(repr=False)
    person: str = ""

    @property
    def leaves_sending(self) -> bool:
        """Tell whether mails are the site's worker's: where it is told so, and where people sign in to a server."""
        return self.settings.mail_sender == "worker" or (bool(self.person) and self.database.dialect != "sqlite")
