"""The data people maintain in db/seed: services, prices, VAT, travel ceilings and platforms, each with its dates of effect.

What a site has changed since, in its database, is laid over it.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agent_desk.formats import format_cents
from agent_desk.paths import data_path
from agent_desk.rules.call_cost import ChannelFacts
from agent_desk.rules.catalogue import Catalogue, Condition, Service, Unit
from agent_desk.rules.catalogue_changes import CENTS, ChangeKind, SiteChange
from agent_desk.rules.commitments import Commitment, Domain
from agent_desk.rules.complaint import AppealRules
from agent_desk.rules.credit import CreditLimits
from agent_desk.rules.people import Role
from agent_desk.rules.platforms import Platform
from agent_desk.rules.session import CallChannel, Territory

Row = Mapping[str, Any]

REMOTE = "remote_assistance"
HOME_VISIT = "home_visit"
FILES = (
    "catalogue",
    "prices",
    "conditions",
    "vat",
    "travel",
    "platforms",
    "channels",
    "call_lengths",
    "credits",
    "appeals",
)
PRICE_OFFERED = "price_offered"
PRICE_OF = "price_"  # conditions that say what a unit costs: price_session, price_account …
CATALOGUES_KEPT = 8
_REGISTER = (
    *("id", "measure", "target", "source", "sentence_fr", "sentence_en"),
    *("clock_fr", "clock_en", "evidence_fr", "evidence_en"),
)


class NoCatalogue(LookupError):
    """No catalogue was in force on the day asked for; `first_day` is the first with one."""

    def __init__(self, first_day: date) -> None:
        super().__init__(f"no catalogue before {first_day.isoformat()}")
        self.first_day = first_day


class BrokenReference(ValueError):
    """Something in db/seed makes no sense; the message says what."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Everything in db/seed; `history` has one catalogue per date on which something changed, oldest first.

    `files` is what it was made of, `changes` what the site has approved on top of it.
    """

    history: tuple[Catalogue, ...]
    days: tuple[date, ...]
    platforms: Mapping[str, Platform]
    channels: Mapping[CallChannel, ChannelFacts]
    files: Mapping[str, Mapping[str, Any]]
    credits: CreditLimits
    appeals: AppealRules
    changes: tuple[SiteChange, ...] = ()

    def catalogue_on(self, day: date) -> Catalogue:
        """Return the catalogue in force on `day`; raise NoCatalogue for a day before the first."""
        found = bisect_right(self.days, day)
        if not found:
            raise NoCatalogue(self.days[0])
        return self.history[found - 1]

    def catalogue_version(self, version: str) -> Catalogue:
        """Return the catalogue a decision was made with; raise KeyError for a version that never was."""
        for catalogue in self.history:
            if catalogue.version == version:
                return catalogue
        raise KeyError(version)

    def call_minutes(self, services: Iterable[str]) -> tuple[int, ...]:
        """Return how many minutes a call about each service is estimated to take; one estimate where there is none."""
        table = self.files["call_lengths"]
        known = {row["code"]: int(row["minutes"]) for row in table["service"]}
        usual = int(table["default"]["minutes"])
        return tuple(known.get(code, usual) for code in services) or (usual,)


def load_reference(folder: Path) -> Reference:
    """Read db/seed, about 6 ms; raise BrokenReference for a table that makes no sense, OSError for a missing file."""
    try:
        files = {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES}
        return _reference(files)
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenReference(f"{folder}: {type(error).__name__}: {error}") from error


@cache
def commitments() -> tuple[Commitment, ...]:
    """Return the register of commitments, in its order; read at the first question, for few ask."""
    return tuple(
        Commitment(domain=Domain(row["domain"]), kind=row.get("kind", ""), **{key: row[key] for key in _REGISTER})
        for row in _shipped("commitments")["commitment"]
    )


@cache
def announced_channels() -> str:
    """Return the channels whose tariff is told to the customer, each between commas."""
    return "".join(f",{row['code']}" for row in _shipped("channels")["channel"] if row["announced"]) + ","


def _shipped(name: str) -> Mapping[str, Any]:
    return tomllib.loads((data_path("db", "seed") / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=CATALOGUES_KEPT)
def with_changes(shipped: Reference, changes: tuple[SiteChange, ...]) -> Reference:
    """Return what is shipped with what the site has approved, which goes before what ships for the same day."""
    if not changes:
        return shipped
    made = _reference({**shipped.files, "changed": {kind: _rows(changes, kind) for kind in ChangeKind}})
    return replace(made, files=shipped.files, changes=changes)


def _rows(changes: Iterable[SiteChange], kind: ChangeKind) -> list[Row]:
    """Return the changes of one kind as rows of a table of db/seed."""
    return [
        {**dict(one.value), "subject": one.subject, "service": one.subject, "valid_from": one.valid_from}
        for one in sorted(changes, key=lambda one: one.id)
        if one.kind is kind
    ]


def _reference(files: Mapping[str, Mapping[str, Any]]) -> Reference:
    prices = [*files["prices"]["price"], *_changed(files, ChangeKind.PRICE)]
    worded = [row for kind in (ChangeKind.NAME, ChangeKind.CONDITION) for row in _changed(files, kind)]
    dated = [*prices, *worded, *files["vat"]["rate"], *files["travel"]["ceiling"]]
    # Before the first price there is nothing to sell, whatever else is known.
    first = min(row["valid_from"] for row in prices)
    days = tuple(sorted({max(row["valid_from"], first) for row in dated}))
    return Reference(
        history=tuple(_catalogue(files, prices, day) for day in days),
        days=days,
        platforms=MappingProxyType({row["key"]: Platform(**row) for row in files["platforms"]["platform"]}),
        channels=MappingProxyType({one.code: one for one in map(_channel, files["channels"]["channel"])}),
        files=files,
        credits=_credits(files["credits"]),
        appeals=_appeals(files["appeals"]),
    )


def _channel(row: Row) -> ChannelFacts:
    first, _, last = row.get("days", "1-0").partition("-")
    return ChannelFacts(
        code=CallChannel(row["code"]),
        rate=row.get("cents_per_minute"),
        announced=row["announced"],
        days=frozenset(range(int(first), int(last) + 1)),
        opens=time.fromisoformat(row.get("from", "00:00")),
        closes=time.fromisoformat(row.get("to", "00:00")),
        source=row["source"],
    )


def _appeals(rows: Mapping[str, Any]) -> AppealRules:
    levels = {row["key"]: row for row in rows["level"]}
    mediator = levels["mediator"]
    return AppealRules(levels["appeal"]["working_days"], mediator["days"], mediator["within_years"])


def _credits(rows: Mapping[str, Any]) -> CreditLimits:
    alone = {Role(row["role"]): int(row["cents"]) for row in rows["limit"]}
    (most,) = (int(row["cents"]) for row in rows["most"])
    if not all(0 <= cents <= most for cents in alone.values()):
        raise ValueError("a limit above what anybody grants")
    return CreditLimits(MappingProxyType(alone), most)


def _changed(files: Mapping[str, Mapping[str, Any]], kind: ChangeKind) -> Iterable[Row]:
    rows: Iterable[Row] = files.get("changed", {}).get(kind, ())
    return rows


def _catalogue(files: Mapping[str, Mapping[str, Any]], all_prices: Iterable[Row], day: date) -> Catalogue:
    prices = _in_force(all_prices, day, "service")
    names = _in_force(_changed(files, ChangeKind.NAME), day, "subject")
    reworded = _in_force(_changed(files, ChangeKind.CONDITION), day, "subject")
    conditions = {key: {**row, **reworded.get(key, {})} for key, row in files["conditions"].items()}
    remote = _in_force((row for row in files["vat"]["rate"] if row["subject"] == REMOTE), day, "subject")
    visits = _in_force((row for row in files["vat"]["rate"] if row["subject"] == HOME_VISIT), day, "territory")
    ceilings = _in_force(files["travel"]["ceiling"], day, "territory")
    services = (
        _service({**row, **names.get(row["code"], {})}, prices[row["code"]], conditions)
        for row in files["catalogue"]["service"]
        if row["code"] in prices
    )
    return Catalogue(
        version=day.isoformat(),
        services=MappingProxyType({service.code: service for service in services}),
        vat_permille=remote[REMOTE]["permille"],
        travel_ceilings=_by_territory(ceilings, "cents"),
        visit_vat_permille=_by_territory(visits, "permille"),
    )


def _in_force(rows: Iterable[Row], day: date, key: str) -> dict[str, Row]:
    in_order = sorted(rows, key=lambda row: row["valid_from"])  # of one day's rows the last one holds
    return {row[key]: row for row in in_order if row["valid_from"] <= day}


def _by_territory(rows: Mapping[str, Row], column: str) -> Mapping[Territory, int]:
    return MappingProxyType({Territory(name): row[column] for name, row in rows.items()})


def _service(row: Row, price: Row, conditions: Mapping[str, Row]) -> Service:
    cents = price[CENTS]
    return Service(
        code=row["code"],
        domain=row["domain"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        short_fr=row["short_fr"],
        short_en=row["short_en"],
        unit=Unit(row["unit"]),
        price_cents=cents,
        pro_only=row.get("pro_only", False),
        needs_computer=row.get("needs_computer", False),
        foreign_equipment=row.get("foreign_equipment", False),
        words=tuple(row["words"]),
        conditions=tuple(_condition(conditions[key], cents) for key in _asked(row, cents)),
        valid_from=price["valid_from"],
    )


def _asked(row: Row, cents: int) -> Iterable[str]:
    """Yield the conditions of a service; whether it costs anything is answered by its price, which may change."""
    for key in row["conditions"]:
        says_price = key.startswith(PRICE_OF)
        if says_price and not cents:
            yield PRICE_OFFERED
        elif key == PRICE_OFFERED:
            yield f"{PRICE_OF}{row['unit']}"
        else:
            yield key


def _condition(row: Row, cents: int) -> Condition:
    return Condition(
        question_fr=row["question_fr"],
        answer_fr=row["answer_fr"].format(price=format_cents(cents, "fr")),
        question_en=row["question_en"],
        answer_en=row["answer_en"].format(price=format_cents(cents, "en")),
        article=row["source"],
    )
