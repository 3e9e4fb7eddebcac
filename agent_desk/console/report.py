"""What may be typed after `deskctl report`, and what it answers."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from agent_desk.console.answer import Answer, columns
from agent_desk.formats import format_cents, format_duration, format_permille
from agent_desk.rules.report import By, Figures
from agent_desk.rules.visit_rule import TRAVEL
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.report_views import Group, Report


def add_report(command: argparse.ArgumentParser) -> None:
    """Add which days are wanted, and by what the figures are put together."""
    command.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="the first day; 30 days ago when absent")
    command.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="the last day; today when absent")
    command.add_argument("--by", metavar="WHAT", help="also by " + ", ".join(By))
    command.add_argument("--rebuild", action="store_true", help="count all past days anew first")


def show_report(found: "Report", by: By | None, names: Mapping[str, str], wording: Wording) -> Answer:
    """Return every figure of the days, and of each group of `by`; `names` are those of the services."""
    value: dict[str, object] = {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "at": found.at.isoformat(),
        "now": [
            {
                "session": one.number,
                "agent": one.agent,
                "since": one.since.isoformat(),
                "state": one.state,
                "step": int(one.step),
                "passes_21h": one.late,
                "asks_help_since": one.help.asked_at.isoformat() if one.help is not None else None,
            }
            for one in found.now
        ],
        **_plain(found.figures),
        "mails": found.mails,
    }
    lines = [*columns(list(_rows(found, wording)))]
    if by is not None:
        groups = {By.DAY: found.days, By.TEAM: found.teams, By.SERVICE: found.services}[by]
        value["by"] = by
        value["groups"] = [{by.value: group.key, **_plain(group.figures)} for group in groups]
        named = {**names, TRAVEL: wording.text("visits.travel")}
        lines += ["", *_table(groups, by, named, wording)]
    return Answer(value, tuple(lines))


def _plain(figures: Figures) -> dict[str, object]:
    return {
        "sessions": figures.sessions,
        "outcomes": figures.outcomes,
        "first_contact": figures.first_contact,
        "first_contact_permille": figures.first_contact_permille,
        "failed": figures.failed,
        "failed_permille": figures.failed_permille,
        "billed_cents": figures.billed_cents,
        "billed": figures.billed,
        "visits": figures.visits,
        "waived_cents": figures.waived_cents,
        "waived": figures.waived,
        "seconds": figures.times,
        "step_seconds": {step.name.lower(): seconds for step, seconds in figures.steps.items()},
        "codes": figures.codes,
        "call_backs": sum(figures.call_backs.values()),
        "call_back_median_seconds": figures.call_back_seconds,
        "call_backs_in_time": figures.call_backs_kept,
        "call_backs_in_time_permille": figures.call_back_permille,
        "opinions": figures.opinions,
        "satisfied_permille": figures.satisfied_permille,
    }


def _rows(found: "Report", wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name."""
    figures, language = found.figures, wording.language

    def name(figure: str) -> str:
        return wording.text(f"report.{figure}.name")

    yield name("now"), str(len(found.now))
    yield name("sessions"), str(figures.sessions)
    for outcome, number in figures.outcomes.items():
        yield f"  {wording.text(f'outcomes.{outcome}') if outcome else '–'}", str(number)
    yield name("first_contact"), share(figures.first_contact, figures.first_contact_permille, language)
    yield name("failed"), share(figures.failed, figures.failed_permille, language)
    for figure, whole, rules in (
        ("billed", figures.billed_cents, figures.billed),
        ("waived", figures.waived_cents, figures.waived),
    ):
        yield name(figure), format_cents(whole, language)
        for rule, cents in rules.items():
            yield f"  {wording.text(f'rules.{rule}.title')}", format_cents(cents, language)
    yield from _times(figures, wording)
    if figures.call_back_seconds is not None:
        kept = share(figures.call_backs_kept, figures.call_back_permille, language)
        yield name("call_backs"), format_duration(figures.call_back_seconds)
        yield f"  {wording.text('report.call_backs.kept')}", kept
    yield from _opinions(figures, wording)
    yield name("mails"), str(sum(found.mails.values()))
    for state, number in found.mails.items():
        yield f"  {wording.text(f'mail_states.{state}.name')}", str(number)
    yield name("codes"), str(sum(figures.codes.values()))
    for end, number in figures.codes.items():
        yield f"  {wording.text(f'code_states.{end}')}", str(number)


def _opinions(figures: Figures, wording: Wording) -> Iterator[tuple[str, str]]:
    if figures.opinions:
        said = sum(figures.opinions.values())
        yield wording.text("report.opinions.name"), share(said, figures.satisfied_permille, wording.language)
    for answer, number in figures.opinions.items():
        yield f"  {wording.text(f'links.satisfaction.{answer}')}", str(number)


def _times(figures: Figures, wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield the mean time at each step, and of each stretch."""
    yield wording.text("report.steps.name"), format_duration(sum(figures.steps.values())) if figures.steps else ""
    for step, seconds in figures.steps.items():
        yield f"  {wording.text(f'steps.{step.name.lower()}')}", format_duration(seconds)
    yield wording.text("report.times.name"), ""
    for stretch, seconds in figures.times.items():
        yield f"  {wording.text(f'report_stretches.{stretch}')}", format_duration(seconds)


def share(number: int, permille: int | None, language: str) -> str:
    """Return a number with its share: "12 (34 %)"."""
    return str(number) if permille is None else f"{number} ({format_permille(permille, language)})"


def _table(groups: "tuple[Group, ...]", by: By, names: Mapping[str, str], wording: Wording) -> tuple[str, ...]:
    titles = ("sessions", "first_contact", "failed", "billed", "waived")
    rows = [(wording.text(f"report_by.{by}"), *(wording.text(f"report.{title}.name") for title in titles))]
    for group in groups:
        figures = group.figures
        rows.append(
            (
                names.get(group.key, group.key) or wording.text("report_by.no_team"),
                str(figures.sessions),
                share(figures.first_contact, figures.first_contact_permille, wording.language),
                share(figures.failed, figures.failed_permille, wording.language),
                format_cents(figures.billed_cents, wording.language),
                format_cents(figures.waived_cents, wording.language),
            )
        )
    return columns(rows, right=range(1, len(titles) + 1))
