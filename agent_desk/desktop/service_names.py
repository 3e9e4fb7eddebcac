"""Services as lists name them, the first one and how many more; and events, which name services too."""

from collections.abc import Sequence

from agent_desk.desktop.desk import Desk
from agent_desk.event_words import EventWords


def service_in_short(desk: Desk, code: str) -> str:
    """Return a service's short name in the agent's language; its code when the catalogue no longer has it."""
    service = desk.reference.catalogue_on(desk.clock.now().date()).services.get(code)
    return service.short(desk.language) if service is not None else code


def services_in_short(desk: Desk, codes: Sequence[str]) -> str:
    """Return "Virus et espions +1" for two services, "" for none."""
    if not codes:
        return ""
    more = f" +{len(codes) - 1}" if len(codes) > 1 else ""
    return f"{service_in_short(desk, codes[0])}{more}"


def event_words(desk: Desk) -> EventWords:
    """Return the words of events in the agent's language."""
    return EventWords(desk.wording, desk.reference.catalogue_on(desk.clock.now().date()))
