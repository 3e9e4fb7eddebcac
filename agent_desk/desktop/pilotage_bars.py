"""A report as bars: what each says, and the list in the Journal that is behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from agent_desk.actions.report_views import Group, Report
from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.pilotage_chart import Bar
from agent_desk.formats import format_cents, format_duration, format_number, format_permille, format_short_date
from agent_desk.rules.journal import Moment
from agent_desk.rules.report import VISIT_RULES, Figures, day_begins, days_between, permille
from agent_desk.rules.visit_rule import TRAVEL
from agent_desk.wording import Wording

MOST_SERVICES = 12
MONTHS_FROM = 62  # days, from which on a column stands for a month


@dataclass(frozen=True, slots=True)
class Reading:
    """A report and the words to read it with; `services` are their names by code."""

    report: Report
    wording: Wording
    services: Mapping[str, str]

    @property
    def language(self) -> str:
        """Return the reader's language."""
        return self.wording.language

    def period(self, first: date, last: date) -> str:
        """Return the days as they are said."""
        begins, ends = format_short_date(first, self.language), format_short_date(last, self.language)
        return begins if first == last else f"{begins} – {ends}"

    def bar(self, name: str, value: int, text: str, wanted: JournalFilter | None = None, tip: str = "") -> Bar:
        """Return a bar and its list: the sessions that ended in the whole report's days, unless `wanted` says otherwise."""
        first, last = self.report.first, self.report.last
        until = day_begins(last + timedelta(days=1))
        moment = Moment.ENDED if wanted is None else wanted.moment or Moment.ENDED
        given = None if wanted is None else replace(wanted, since=day_begins(first), until=until, moment=moment)
        return Bar(name, value, text, tip=tip, wanted=given, title=f"{self.period(first, last)} · {name}")


def share_text(number: int, whole: int, language: str) -> str:
    """Return a number with its share of the whole: "12 (34 %)"."""
    part = permille(number, whole)
    shown = format_number(number, language)
    return shown if part is None else f"{shown} ({format_permille(part, language)})"


def outcome_bars(reading: Reading) -> list[Bar]:
    """Return how sessions ended, the most frequent first."""
    figures = reading.report.figures
    named = reading.wording.table("outcomes")
    return [
        reading.bar(
            named.get(outcome, "–"),
            number,
            share_text(number, figures.sessions, reading.language),
            JournalFilter(outcome=outcome),
        )
        for outcome, number in _most(figures.outcomes)
    ]


def rule_bars(reading: Reading, amounts: Mapping[str, int]) -> list[Bar]:
    """Return cents by rule, the most first."""
    return [
        reading.bar(
            reading.wording.text(f"rules.{rule}.title"),
            cents,
            format_cents(cents, reading.language),
            JournalFilter(rule=rule, moment=Moment.VISIT if rule in VISIT_RULES else Moment.DECIDED),
        )
        for rule, cents in _most(amounts)
    ]


def service_bars(reading: Reading) -> list[Bar]:
    """Return the services with most sessions; of technicians' travel, the sessions with a visit that was done."""
    found = [
        _visit_bar(reading, group, name) if group.key == TRAVEL else _group_bar(reading, group, name, one)
        for group in reading.report.services
        for name, one in [(reading.services.get(group.key, group.key), JournalFilter(service=group.key))]
    ]
    return sorted(found, key=lambda bar: -bar.value)[:MOST_SERVICES]


def team_bars(reading: Reading) -> list[Bar]:
    """Return the teams with most sessions; who is in none comes under a name of its own, without a list."""
    nobody = reading.wording.text("report_by.no_team")
    return [
        _group_bar(reading, group, group.key or nobody, JournalFilter(team=group.key) if group.key else None)
        for group in sorted(reading.report.teams, key=lambda group: -group.figures.sessions)
    ]


def _group_bar(reading: Reading, group: Group, name: str, wanted: JournalFilter | None) -> Bar:
    figures = group.figures
    text = _with_cents(reading, figures.sessions, figures)
    return replace(reading.bar(name, figures.sessions, text, wanted), part=figures.failed)


def _visit_bar(reading: Reading, group: Group, name: str) -> Bar:
    visits = sum(group.figures.visits.values())
    return reading.bar(name, visits, _with_cents(reading, visits, group.figures), JournalFilter(moment=Moment.VISIT))


def _with_cents(reading: Reading, number: int, figures: Figures) -> str:
    cents = format_cents(figures.billed_cents, reading.language)
    return f"{format_number(number, reading.language)} · {cents}"


def time_bars(reading: Reading) -> list[Bar]:
    """Return the mean length of each stretch of a session."""
    times = reading.report.figures.times
    named = reading.wording.table("report_stretches")
    return [
        reading.bar(named[stretch], seconds, format_duration(seconds), JournalFilter())
        for stretch, seconds in times.items()
    ]


def step_bars(reading: Reading) -> list[Bar]:
    """Return the mean time each step is in front, in their order."""
    return [
        reading.bar(
            f"{int(step)}. {reading.wording.text(f'steps.{step.name.lower()}')}",
            seconds,
            format_duration(seconds),
            JournalFilter(),
        )
        for step, seconds in reading.report.figures.steps.items()
    ]


def mail_bars(reading: Reading) -> list[Bar]:
    """Return how the mails of these days stand."""
    return [
        reading.bar(
            reading.wording.text(f"mail_states.{state}.name"),
            number,
            share_text(number, sum(reading.report.mails.values()), reading.language),
            JournalFilter(mail=state, moment=Moment.MAIL),
        )
        for state, number in _most(reading.report.mails)
    ]


def code_bars(reading: Reading) -> list[Bar]:
    """Return how codes ended."""
    codes = reading.report.figures.codes
    return [
        reading.bar(
            reading.wording.text(f"code_states.{end}"),
            number,
            share_text(number, sum(codes.values()), reading.language),
            JournalFilter(code=end, moment=Moment.CODE),
        )
        for end, number in _most(codes)
    ]


def time_columns(reading: Reading) -> list[Bar]:
    """Return the sessions of each day, or of each month of a long period; days without one are there too."""
    report = reading.report
    by_day = {date.fromisoformat(group.key): group for group in report.days}
    return [
        _column(reading, days, [by_day[day] for day in days if day in by_day])
        for days in _stretches(report.first, report.last)
    ]


def by_month(report: Report) -> bool:
    """Tell whether a column stands for a month."""
    return (report.last - report.first).days >= MONTHS_FROM


def _stretches(first: date, last: date) -> Iterator[Sequence[date]]:
    days = list(days_between(first, last))
    if (last - first).days < MONTHS_FROM:
        yield from ([day] for day in days)
    else:
        yield from (list(month) for _, month in groupby(days, key=lambda day: (day.year, day.month)))


def _column(reading: Reading, days: Sequence[date], groups: Sequence[Group]) -> Bar:
    sessions = sum(group.figures.sessions for group in groups)
    failed = sum(group.figures.failed for group in groups)
    short = format_short_date(days[0], reading.language).replace("\u00a0", " ").split(" ")
    name = f"{short[1]}" if len(days) > 1 or by_month(reading.report) else " ".join(short[:2])
    period = reading.period(days[0], days[-1])
    return Bar(
        name=name,
        value=sessions,
        text=format_number(sessions, reading.language),
        part=failed,
        tip=period,
        wanted=JournalFilter(
            since=day_begins(days[0]), until=day_begins(days[-1] + timedelta(days=1)), moment=Moment.ENDED
        ),
        title=period,
    )


def _most(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda one: (-one[1], one[0]))


def opinion_bars(reading: Reading) -> Iterator[Bar]:
    """Yield how many customers gave each answer, then the share of satisfied ones by team and by service."""
    text = reading.wording.text
    for answer, number in reading.report.figures.opinions.items():
        yield Bar(text(f"links.satisfaction.{answer}"), number, format_number(number, reading.language))
    of_teams = reading.report.teams if len(reading.report.teams) > 1 else ()
    for group, name in (
        *((one, one.key or text("report_by.no_team")) for one in of_teams),
        *((one, reading.services.get(one.key, one.key)) for one in reading.report.services),
    ):
        opinions, share = group.figures.opinions, group.figures.satisfied_permille
        if share is not None:
            said = f"{format_permille(share, reading.language)} ({sum(opinions.values())})"
            yield Bar(name, opinions.get("yes", 0), said)
