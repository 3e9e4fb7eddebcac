"""The shipped catalogue, and billing cases as Hypothesis makes them up."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.billing import Case, CaseLine
from agent_desk.rules.catalogue import MACHINES_MAX, OPERATIONS, QUANTITY_MAX, Service, Unit
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory

REFERENCE = load_reference(data_path("db", "seed"))
CATALOGUE = REFERENCE.catalogue_on(date(2026, 11, 22))
BEGUN_AND_UNSOLVED = (Outcome.NOT_SOLVED, Outcome.ACCESS_LOST, Outcome.INTERRUPTED)


def moments_between(year: int, before: int) -> st.SearchStrategy[datetime]:
    """Make up moments in UTC from the beginning of `year` to that of `before`."""
    # Hypothesis adds the zone itself and wants bounds without.
    return st.datetimes(datetime(year, 1, 1), datetime(before, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


territories = st.sampled_from(Territory)


@st.composite
def case_lines(draw: st.DrawFn, *outcomes: Outcome) -> CaseLine:
    """Make up a line that can be sold to a professional, ended in one of `outcomes` (none: any)."""
    service: Service = draw(st.sampled_from(sorted(CATALOGUE.services.values(), key=lambda one: one.code)))
    known = OPERATIONS.get(service.code, ())
    return CaseLine(
        service=service.code,
        quantity=1 if service.unit is Unit.SESSION else draw(st.integers(1, QUANTITY_MAX)),
        outcome=draw(st.sampled_from(outcomes or tuple(Outcome))),
        operations=tuple(draw(st.lists(st.sampled_from(known), min_size=1, unique=True))) if known else (),
        machines=draw(st.integers(1, MACHINES_MAX.get(service.code, 1))),
    )


@st.composite
def cases(draw: st.DrawFn, *outcomes: Outcome) -> Case:
    """Make up a case that can be decided."""
    lines = tuple(draw(st.lists(case_lines(*outcomes), min_size=1, max_size=6)))
    may_visit = any(line.outcome in BEGUN_AND_UNSOLVED for line in lines)
    visits = tuple(HomeVisit) if may_visit else (HomeVisit.NONE, HomeVisit.DECLINED)
    return Case(draw(territories), Segment.PRO, draw(st.sampled_from(visits)), lines)
