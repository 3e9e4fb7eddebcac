"""What the Journal shows goes into a file for a spreadsheet: all of it, row by row, and the log says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_access import exporter, may_export
from agent_desk.actions.search_journal import bounded
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.ports import Sheet, SheetKind, SheetRow
from agent_desk.reference import Reference
from agent_desk.rules.journal import JournalFilter, set_filters
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, utc
from agent_desk.storage.exports import tell_export
from agent_desk.storage.journal import Beside, page_rows, told_beside
from agent_desk.storage.report import team_names
from agent_desk.wording import Wording, load_wording

AT_ONCE = 1000
# In their order; the key of a title in the wording table `export_columns`.
COLUMNS = {
    "number": SheetKind.TEXT,
    "opened_at": SheetKind.MOMENT,
    "ended_at": SheetKind.MOMENT,
    "customer": SheetKind.TEXT,
    "customer_number": SheetKind.TEXT,
    "services": SheetKind.TEXT,
    "outcome": SheetKind.TEXT,
    "rules": SheetKind.TEXT,
    "billed": SheetKind.MONEY,
    "waived": SheetKind.MONEY,
    "mail": SheetKind.TEXT,
    "agent": SheetKind.TEXT,
    "team": SheetKind.TEXT,
    "review": SheetKind.TEXT,
}

_NOTHING = Beside()

OpenSheet = Callable[[Sequence[tuple[str, SheetKind]]], AbstractContextManager[Sheet]]


def export_journal(
    ctx: Context,
    wanted: JournalFilter,
    open_sheet: OpenSheet,
    form: str,
    language: str = "fr",
    seen: Callable[[int], None] = lambda _rows: None,
) -> int:
    """Write every session wanted, newest first, and return how many; Refusal `export_not_allowed`, `nothing_to_export`.

    `seen` is told now and then how many are written; what it raises ends the export, and the file is as before.
    """
    if not may_export(ctx):
        raise Refusal("export_not_allowed")
    asked, wording, count = bounded(wanted, ctx.clock.now()), load_wording(language), 0
    titles = [(wording.text(f"export_columns.{name}"), kind) for name, kind in COLUMNS.items()]
    with open_sheet(titles) as sheet:
        with ctx.database.reports() as tx:
            for rows in _pages(ctx, tx, asked, wording):
                sheet.add(rows)
                count += len(rows)
                seen(count)
        if not count:
            raise Refusal("nothing_to_export")
        with ctx.database.write() as tx:
            tell_export(tx, ctx.clock.now(), exporter(ctx), asked=_told(asked), form=form, rows=count)
    return count


def _pages(ctx: Context, tx: Connection, asked: JournalFilter, wording: Wording) -> Iterator[list[SheetRow]]:
    write, after = _Words(reference_of(ctx, tx), wording, team_names(tx)), None
    while rows := page_rows(tx, asked, after, AT_ONCE):
        beside = told_beside(tx, [row.id for row in rows])
        yield [write.row(row, beside.get(row.id, _NOTHING)) for row in rows]
        after = rows[-1].id


class _Words:
    """Sessions as people read them; what was said once in some words is not looked up again."""

    def __init__(self, reference: Reference, wording: Wording, teams: Mapping[int, str]) -> None:
        known = reference.history[-1].services
        labels = {code: service.label(wording.language) for code, service in known.items()}

        def named(table: str, code: str, part: str = "") -> str:
            key = f"{table}.{code}{part}"
            return wording.text(key) if code and wording.has(key) else code

        @cache
        def services(codes: str) -> str:
            return ", ".join(labels.get(code, code) for code in codes.split(",") if code)

        @cache
        def outcome(code: str, state: str) -> str:
            return named("outcomes", code) or named("states", state)

        @cache
        def rules(codes: tuple[str, ...]) -> str:
            return ", ".join(dict.fromkeys(named("rules", code, ".title") for code in codes))

        @cache
        def mail(state: str) -> str:
            return named("mail_states", state, ".name")

        @cache
        def review(state: str, mark: str) -> str:
            return " · ".join(filter(None, (named("reviews.states", state), named("reviews.marks", mark))))

        self._services, self._outcome, self._rules, self._mail = services, outcome, rules, mail
        self._teams, self._review = teams, review

    def row(self, row: Any, beside: Beside) -> SheetRow:
        """Return one row of the table, in the order of COLUMNS."""
        return (
            row.number,
            _wall(row.opened_at),
            _wall(row.ended_at),
            row.customer,
            row.customer_number,
            self._services(row.services),
            self._outcome(row.outcome, row.state),
            self._rules(beside.rules),
            row.total_cents,
            beside.waived_cents,
            self._mail(row.mail_state),
            row.agent,
            self._teams.get(row.team_id, ""),
            self._review(beside.review, beside.mark),
        )


def _wall(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment, Territory.METROPOLE)


def _told(asked: JournalFilter) -> dict[str, Any]:
    """Return the filters that are set, as an event can hold them."""
    fields = [field for group in set_filters(asked).values() for field in group]
    values = {field: getattr(asked, field) for field in fields}
    return {name: utc(one).isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
