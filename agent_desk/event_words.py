"""One event of the log in words, for screens and papers: a title, and a line of detail filled from its payload."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_desk.formats import format_cents, format_short_moment
from agent_desk.procedures import load_procedure
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.wording import Wording

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventWords:
    """The words of events in one language; services are named as `catalogue` does, by their code where it does not."""

    wording: Wording
    catalogue: Catalogue

    def title(self, kind: str, payload: Payload | None) -> str:
        """Return what happened; answers and decisions say their result at once."""
        known, text = payload or {}, self.wording.text
        if kind == "consent_recorded" and "answer" in known:
            answer = text(f"answers.{known['answer']}")
            return text(
                "events.consent_recorded.told",
                kind=text(f"consents.{known['kind']}.title"),
                answer=answer[:1].lower() + answer[1:],
            )
        if kind == "decision_made" and "total_cents" in known:
            return text("events.decision_made.told", **_total(self, kind, known))
        key = f"events.{kind}.{'sms' if known.get('sms') else 'title'}"
        return text(key) if self.wording.has(key) else kind

    def detail(self, kind: str, payload: Payload | None) -> str:
        """Return the line under the title; that it was erased, where the personal data is gone."""
        if payload is None:
            return self.wording.text("log.erased")
        values = {"by": ""} | {name: str(value) for name, value in payload.items()}  # the system has no name
        for name, write in _WRITERS.items():
            if name in payload:
                values |= write(self, kind, payload)
        try:
            return self.wording.text(self._detail_key(kind, payload), **values).strip(" ,")
        except KeyError:  # an older program told less
            return values["by"]

    def _detail_key(self, kind: str, payload: Payload) -> str:
        of_sms = f"events.{kind}.sms_detail"
        return of_sms if payload.get("sms") and self.wording.has(of_sms) else f"events.{kind}.detail"

    def service(self, code: str) -> str:
        """Return a service's short name."""
        service = self.catalogue.services.get(code)
        return service.short(self.wording.language) if service is not None else code


def _kind(words: EventWords, kind: str, payload: Payload) -> dict[str, str]:
    prefix = kind.partition("_")[0]
    return {"kind": words.wording.text(_KINDS.get(prefix, "consents.{}.title").format(payload["kind"]))}


_KINDS = {"mail": "mail_kinds.{}", "duplicate": "mail_kinds.{}", "promise": "promises.{}"}


def _due(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    due = datetime.fromisoformat(str(payload["due"]))
    return {"due": format_short_moment(due.astimezone(), words.wording.language)}


_BY_CALL = frozenset({"session_opened", "tariff_told"})


def _channel(words: EventWords, kind: str, payload: Payload) -> dict[str, str]:
    table = "channels" if kind in _BY_CALL else "consent_channels"
    return {"channel": words.wording.text(f"{table}.{payload['channel']}")}


def _answer(words: EventWords, kind: str, payload: Payload) -> dict[str, str]:
    if kind == "withdrawal_declared":  # the detail says it by itself
        return {}
    said = payload.get("conditions")
    table = "verdicts" if said else "feasibilities" if kind.startswith("feasibility") else "answers"
    answer = words.wording.text(f"{table}.{payload['answer']}")
    return {"answer": f"{answer} ({said})" if said else answer}


def _what(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    key = f"denials.{payload['what']}"
    return {"what": words.wording.text(key) if words.wording.has(key) else str(payload["what"])}


def _duty(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"duty": words.wording.text(f"duties.{payload['duty']}")}


def _duties(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"duties": ", ".join(words.wording.text(f"duties.{duty}") for duty in payload["duties"])}


def _back_reason(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"back_reason": words.wording.text(f"return_reasons.{payload['back_reason']}")}


def _services(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"services": ", ".join(map(words.service, payload["services"]))}


def _total(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"total": format_cents(payload["total_cents"], words.wording.language)}


def _amount(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"amount": format_cents(payload["amount_cents"], words.wording.language)}


def _complaint(table: str, name: str) -> Callable[[EventWords, str, Payload], dict[str, str]]:
    def write(words: EventWords, kind: str, payload: Payload) -> dict[str, str]:
        key = f"{table}.{payload[name]}"
        return {name: words.wording.text(key)} if kind.startswith("complaint_") and words.wording.has(key) else {}

    return write


def _articles(_words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"articles": " · ".join(payload["articles"])}


def _item(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    items = load_procedure(payload["service"], words.wording.language).items
    number = int(payload["item"])
    text = items[number - 1] if 0 < number <= len(items) else str(number)
    return {"service": words.service(payload["service"]), "item": text}


def _reply(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    cause, _, said = str(payload["reply"]).partition(": ")
    key = f"relay.{cause}"
    return {"reply": words.wording.text(key) if words.wording.has(key) else said or cause}


def _end(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"end": words.wording.text(f"share_ends.{payload['end']}")}


def _purpose(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"purpose": words.wording.text(f"link_purposes.{payload['purpose']}")}


def _call_end(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"call_end": words.wording.text(f"call_ends.{payload['call_end']}")}


def _ceiling(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    return {"ceiling": format_cents(payload["ceiling_cents"], words.wording.language)}


def _when(words: EventWords, _kind: str, payload: Payload) -> dict[str, str]:
    begins = local(datetime.fromisoformat(str(payload["begins"])), Territory(payload["territory"]))
    return {"when": format_short_moment(begins, words.wording.language)}


_WRITERS: Mapping[str, Callable[[EventWords, str, Payload], dict[str, str]]] = {
    "kind": _kind,
    "channel": _channel,
    "answer": _answer,
    "services": _services,
    "total_cents": _total,
    "amount_cents": _amount,
    "way": _complaint("complaint_channels", "way"),
    "level": _complaint("complaint_levels", "level"),
    "outcome": _complaint("complaint_states", "outcome"),
    "articles": _articles,
    "item": _item,
    "reply": _reply,
    "end": _end,
    "due": _due,
    "what": _what,
    "purpose": _purpose,
    "duty": _duty,
    "duties": _duties,
    "back_reason": _back_reason,
    "call_end": _call_end,
    "ceiling_cents": _ceiling,
    "begins": _when,
}
