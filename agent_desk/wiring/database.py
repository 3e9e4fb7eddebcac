"""How the database is, for the settings screen; loaded when somebody asks."""

from agent_desk.clock import SystemClock
from agent_desk.desktop.desk import Looked
from agent_desk.settings import Settings
from agent_desk.storage.condition import Addresses, examine


def try_database(settings: Settings) -> tuple[Looked, ...]:
    """Look at the database these settings name, with a connection of its own."""
    addresses = Addresses(settings.database_url, settings.report_database_url, settings.signal_database_url)
    return tuple(Looked(one.state, one.key, one.values) for one in examine(addresses, SystemClock().now))
