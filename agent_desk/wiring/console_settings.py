"""The settings a command of deskctl goes by; light, for not every command opens the database."""

from agent_desk.console.refusal import Refused
from agent_desk.settings import Settings, settings_folder
from agent_desk.wiring.station import Station


def read_settings() -> Settings:
    """Return this person's settings as the site wants them; Refused where a file is broken."""
    try:
        station = Station(settings_folder())
        settings = station.read_site()
    except ValueError as fault:
        raise Refused("site", f"errors.{getattr(fault, 'code', '')}", values=getattr(fault, "values", {})) from fault
    loaded = station.loaded
    # With settings of origin another database would be opened: better none than the wrong one.
    if loaded.fault == "settings_broken":
        raise Refused("settings", "errors.settings_broken", values={"file": loaded.kept_as})
    return settings
