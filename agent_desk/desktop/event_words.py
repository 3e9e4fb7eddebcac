"""One event of the log in words: a title, and a line of detail filled from its payload."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from agent_desk.actions.views import EventView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.formats import format_cents
from agent_desk.procedures import load_procedure

Payload = Mapping[str, Any]


def event_title(desk: Desk, event: EventView) -> str:
    """Return what happened; answers and decisions say their result at once."""
    words = desk.wording
    payload: Payload = event.payload or {}
    pair = QCoreApplication.translate("EventWords", "{0}: {1}")
    if event.kind == "consent_recorded" and "answer" in payload:
        answer = words.text(f"answers.{payload['answer']}")
        return pair.format(words.text(f"consents.{payload['kind']}.title"), answer[:1].lower() + answer[1:])
    if event.kind == "decision_made" and "total_cents" in payload:
        decision = QCoreApplication.translate("EventWords", "Decision")
        return pair.format(decision, format_cents(payload["total_cents"], desk.language))
    key = f"events.{event.kind}.title"
    return words.text(key) if words.has(key) else event.kind


def event_detail(desk: Desk, event: EventView) -> str:
    """Return the line under the title; that it was erased, where the personal data is gone."""
    words = desk.wording
    if event.payload is None:
        return words.text("log.erased")
    values = {name: str(value) for name, value in event.payload.items()}
    for name, write in _WRITERS.items():
        if name in event.payload:
            values |= write(desk, event.kind, event.payload)
    if event.kind == "consent_recorded":
        return QCoreApplication.translate("EventWords", "{0}, text v{1}").format(values["channel"], values["version"])
    if event.kind == "decision_made":
        return words.text("money.article", article=values.get("articles", ""))
    try:
        return words.text(f"events.{event.kind}.detail", **values).strip(" ,")
    except KeyError:  # an older program told less
        return values.get("by", "")


def _kind(desk: Desk, kind: str, payload: Payload) -> dict[str, str]:
    table = f"mail_kinds.{payload['kind']}" if kind.startswith("mail_") else f"consents.{payload['kind']}.title"
    return {"kind": desk.wording.text(table)}


def _channel(desk: Desk, kind: str, payload: Payload) -> dict[str, str]:
    table = "channels" if kind == "session_opened" else "consent_channels"
    return {"channel": desk.wording.text(f"{table}.{payload['channel']}")}


def _answer(desk: Desk, kind: str, payload: Payload) -> dict[str, str]:
    table = "feasibilities" if kind.startswith("feasibility") else "answers"
    return {"answer": desk.wording.text(f"{table}.{payload['answer']}")}


def _services(desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    return {"services": ", ".join(service_in_short(desk, code) for code in payload["services"])}


def _total(desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    return {"total": format_cents(payload["total_cents"], desk.language)}


def _articles(_desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    return {"articles": " · ".join(payload["articles"])}


def _item(desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    items = load_procedure(payload["service"], desk.language).items
    number = int(payload["item"])
    text = items[number - 1] if 0 < number <= len(items) else str(number)
    return {"service": service_in_short(desk, payload["service"]), "item": text}


def _reply(desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    cause, _, words = str(payload["reply"]).partition(": ")
    key = f"relay.{cause}"
    return {"reply": desk.wording.text(key) if desk.wording.has(key) else words or cause}


def _end(desk: Desk, _kind: str, payload: Payload) -> dict[str, str]:
    return {"end": desk.wording.text(f"share_ends.{payload['end']}")}


_WRITERS: Mapping[str, Callable[[Desk, str, Payload], dict[str, str]]] = {
    "kind": _kind,
    "channel": _channel,
    "answer": _answer,
    "services": _services,
    "total_cents": _total,
    "articles": _articles,
    "item": _item,
    "reply": _reply,
    "end": _end,
}
