"""How an agenda is laid out: a lane for each day of one agent, or for each agent of each day; no painting here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from agent_desk.actions.agenda_views import Agenda, Entry

HEAD, LANE = 30, 34
FIRST, LAST = 7, 22  # hours shown; more where a customer overseas is called then
DAYS = 7
MINUTE = timedelta(minutes=1)
STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Lane:
    """One row: whose and which day; a heading of a day where `person_id` is None."""

    day: date
    top: int
    height: int
    title: str
    person_id: int | None = None
    entries: tuple[Entry, ...] = ()
    off: str = ""  # why nobody is called on that day, in words


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows from top to bottom, and the hours from left to right."""

    lanes: tuple[Lane, ...]
    first: int = FIRST
    last: int = LAST
    rows: Mapping[int, Lane] = field(default_factory=dict)  # of each call-back, by its id

    @property
    def height(self) -> int:
        """Return how high all rows are together."""
        return self.lanes[-1].top + self.lanes[-1].height if self.lanes else 0

    def lane_at(self, y: int) -> Lane | None:
        """Return the row of an agent there, or None."""
        found = next((one for one in self.lanes if one.top <= y < one.top + one.height), None)
        return found if found is not None and found.person_id is not None else None

    def lane_of(self, entry: Entry) -> Lane | None:
        """Return the row a call-back stands in, or None."""
        return self.rows.get(entry.appointment.id)

    def beside(self, lane: Lane, step: int) -> Lane:
        """Return the row of an agent after or before another, itself at the ends."""
        rows = [one for one in self.lanes if one.person_id is not None]
        place = rows.index(lane) + step
        return rows[max(0, min(place, len(rows) - 1))]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return all call-backs in the order of the rows."""
        return tuple(entry for lane in self.lanes for entry in lane.entries)


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    """Return when a day begins on this workstation."""
    return datetime.combine(day, time()).astimezone()


def moment_in(day: date, minutes: int) -> datetime:
    """Return the moment at which this workstation's clock shows so many minutes of a day."""
    return (datetime.combine(day, time()) + minutes * MINUTE).astimezone()


def minutes_of(moment: datetime) -> int:
    """Return how many minutes of its day have passed on this workstation's clock."""
    here = moment.astimezone()
    return here.hour * 60 + here.minute


def lay_out(
    agenda: Agenda, days: Sequence[tuple[date, str]], *, mine: bool, off: Mapping[date, str] | None = None
) -> Layout:
    """Return the rows: of `mine` a day each, else under a heading for each day one for each agent; `off` are days off."""
    by_lane: dict[tuple[date, int], list[Entry]] = {}
    for entry in agenda.entries:
        one = entry.appointment
        by_lane.setdefault((one.starts_at.astimezone().date(), one.person_id), []).append(entry)
    lanes, top = [], 0
    for day, person_id, title in _rows(agenda, days, mine=mine):
        height = HEAD if person_id is None else LANE
        found = tuple(by_lane.get((day, person_id), ())) if person_id is not None else ()
        lanes.append(Lane(day, top, height, title, person_id, found, (off or {}).get(day, "")))
        top += height
    shown = [entry.appointment for lane in lanes for entry in lane.entries]
    first = min([FIRST, *(one.starts_at.astimezone().hour for one in shown)])
    last = max([LAST, *(-(-minutes_of(one.ends_at) // 60) for one in shown)])
    rows = {entry.appointment.id: lane for lane in lanes for entry in lane.entries}
    return Layout(tuple(lanes), first, last, rows)


def _rows(agenda: Agenda, days: Sequence[tuple[date, str]], *, mine: bool) -> Iterator[tuple[date, int | None, str]]:
    for day, title in days:
        if mine and agenda.me is not None:
            yield day, agenda.me, title
        elif not mine:
            yield day, None, title
            for one in agenda.people:
                yield day, one.id, one.name
