"""The report of commitments goes into a file for an auditor: a paper, or a table for spreadsheets; the log says who took it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

from agent_desk.actions.commitment_views import CommitmentReport, Measured
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_access import exporter, may_export
from agent_desk.formats import format_moment, format_permille
from agent_desk.ports import CaseFile, CaseRow, Sheet, SheetKind, SheetRow
from agent_desk.rules.commitments import Count, is_met
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.storage.controls import tell_export
from agent_desk.wording import Wording, load_wording

COLUMNS = (
    *("id", "domain", "commitment", "source", "clock", "evidence", "target"),
    *("month", "team", "cases", "kept", "missed", "measured", "state"),
)
OpenFile = Callable[[], AbstractContextManager[BinaryIO]]
OpenSheet = Callable[[Sequence[tuple[str, SheetKind]]], AbstractContextManager[Sheet]]


def print_commitments(ctx: Context, found: CommitmentReport, open_file: OpenFile, language: str = "fr") -> None:
    """Write the report as PDF; Refusal `export_not_allowed`. An exception leaves what was there."""
    _check(ctx)
    paper = ctx.printer.case_file(paper_of(found, load_wording(language), ctx.settings.company, exporter(ctx)))
    with open_file() as file:
        file.write(paper)
        file.flush()
        _tell(ctx, found, "pdf")


def tabulate_commitments(
    ctx: Context, found: CommitmentReport, open_sheet: OpenSheet, form: str, language: str = "fr"
) -> None:
    """Write the report as a table, a row for each commitment, month and team; Refusal `export_not_allowed`."""
    _check(ctx)
    wording = load_wording(language)
    titles = [(wording.text(f"commitments.column_{name}"), SheetKind.TEXT) for name in COLUMNS]
    with open_sheet(titles) as sheet:
        sheet.add(list(_rows(found, wording)))
        _tell(ctx, found, form)


def paper_of(found: CommitmentReport, wording: Wording, company: str, by: str) -> CaseFile:
    """Return the report as a paper: facts above, then domain by domain each commitment with its months and teams."""
    text = wording.text
    domains: dict[str, list[CaseRow]] = {}
    for one in found.rows:
        domains.setdefault(one.commitment.domain, []).append(_paragraph(one, wording))
    period = found.first if found.first == found.last else f"{found.first} – {found.last}"
    made = format_moment(local(found.at, Territory.METROPOLE), wording.language)
    return CaseFile(
        language=wording.language,
        number=period,
        title=text("commitments.title"),
        company=company,
        author=by,
        facts=(
            (text("commitments.period"), period),
            (text("commitments.of_team"), found.team or text("commitments.all_teams")),
            (text("commitments.made"), made),
        ),
        sections=tuple((text(f"commitment_domains.{domain}"), tuple(rows)) for domain, rows in domains.items()),
        page_label=text("commitments.page", page="{page}", pages="{pages}"),
    )


def measured(count: Count, wording: Wording) -> str:
    """Return a share with its cases, or that there was none."""
    share = count.permille
    if share is None:
        return wording.text("commitments.none")
    shown = format_permille(share, wording.language)
    return wording.text("commitments.measured", share=shown, kept=count.kept, total=count.total)


def state(met: bool | None, wording: Wording) -> str:
    """Return whether a commitment was kept often enough, in words."""
    return wording.text(f"commitments.{ {None: 'none', True: 'met', False: 'not_met'}[met] }")


def _paragraph(one: Measured, wording: Wording) -> CaseRow:
    text, language, commitment = wording.text, wording.language, one.commitment
    target = text("commitments.target", share=format_permille(commitment.target, language))
    details = [
        f"{measured(one.count, wording)}, {target}",
        text("commitments.clock", text=commitment.text("clock", language)),
        text("commitments.evidence", text=commitment.text("evidence", language)),
    ]
    for key, counts in (("by_month", one.months), ("by_team", one.teams)):
        told = [
            f"{name or text('commitments.no_team')} {measured(count, wording)}"
            for name, count in counts.items()
            if count.total
        ]
        if told:
            details.append(f"{text(f'commitments.{key}')}{text('commitments.colon')} {' · '.join(told)}")
    for month, (samples, conform) in sorted(one.controls.items()):
        said = text("commitments.control", samples=samples, conform=conform)
        details.append(f"{text('commitments.controls')} {month}{text('commitments.colon')} {said}")
    return CaseRow(commitment.source, commitment.text("sentence", language), tuple(details), state(one.met, wording))


def _rows(found: CommitmentReport, wording: Wording) -> Iterator[SheetRow]:
    """Yield a row for all months and teams of a commitment, then one for each month, then one for each team."""
    every_team = found.team or wording.text("commitments.all_teams")
    whole = found.first if found.first == found.last else f"{found.first} – {found.last}"
    for one in found.rows:
        yield _row(one, whole, every_team, one.count, wording)
        for month, count in one.months.items():
            yield _row(one, month, every_team, count, wording)
        for team, count in one.teams.items():
            yield _row(one, whole, team or wording.text("commitments.no_team"), count, wording)


def _row(one: Measured, month: str, team: str, count: Count, wording: Wording) -> SheetRow:
    said, language = one.commitment, wording.language
    share = count.permille
    return (
        said.id,
        wording.text(f"commitment_domains.{said.domain}"),
        said.text("sentence", language),
        said.source,
        said.text("clock", language),
        said.text("evidence", language),
        format_permille(said.target, language),
        month,
        team,
        str(count.total),
        str(count.kept),
        str(count.missed),
        "" if share is None else format_permille(share, language),
        state(is_met(said, count), wording),
    )


def _check(ctx: Context) -> None:
    if not may_export(ctx):
        raise Refusal("export_not_allowed")


def _tell(ctx: Context, found: CommitmentReport, form: str) -> None:
    asked = {"from": found.first, "to": found.last, "team": found.team}
    with ctx.database.write() as tx:
        tell_export(tx, ctx.clock.now(), exporter(ctx), asked, form)
