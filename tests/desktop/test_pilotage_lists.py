"""The list a bar of Pilotage opens holds the very sessions the bar counts, however long before they were opened."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.load_session import load_session
from agent_desk.actions.report import report
from agent_desk.actions.search_journal import search_journal
from agent_desk.desktop import pilotage_bars as bars
from agent_desk.desktop.pilotage_chart import Bar
from agent_desk.rules.journal import JournalFilter, Moment
from agent_desk.rules.report import day_of
from agent_desk.rules.session import HomeVisit, Outcome
from agent_desk.rules.visit_rule import VisitRule
from agent_desk.storage.tables import code, decision, mail, session, team
from agent_desk.storage.visit_tables import visit_decision
from agent_desk.wording import load_wording
from tests.support.visits import visit_done

pytest_plugins = ["tests.support.desks"]

SEED = 5


def lasting(ctx: Context) -> None:
    """Sample sessions of two teams, half of which ended some days after they were opened, three corrected today."""
    create_sample_data(ctx, 60, seed=SEED)
    chance = Random(SEED)
    with ctx.database.write() as tx:
        tx.execute(insert(team), [{"id": 1, "name": "Nord"}, {"id": 2, "name": "Sud"}])
        ended = tx.execute(select(session.c.id, session.c.ended_at).where(session.c.ended_at.is_not(None))).all()
        for of, ended_at in ended:
            later = min(ended_at + timedelta(days=chance.choice((0, 0, 1, 9))), ctx.clock.now())
            tx.execute(update(session).where(session.c.id == of).values(ended_at=later, team_id=chance.choice((1, 2))))
            tx.execute(update(decision).where(decision.c.session_id == of).values(decided_at=later))
            tx.execute(update(mail).where(mail.c.session_id == of).values(created_at=later))
            tx.execute(update(code).where(code.c.session_id == of).values(ended_at=later))
        solved = tx.execute(select(session.c.id).where(session.c.outcome == "solved").limit(3)).scalars().all()
        unsolved = [of for of, _ in ended if of not in solved]
    for place, of in enumerate(unsolved[:9]):
        visit_done(ctx, of, ctx.clock.now() - timedelta(days=place % 3), 0 if place % 4 == 3 else 4200)
    for of in solved:
        view = load_session(ctx, of)
        outcomes = [Outcome.NOT_SOLVED] * len(view.content.lines)
        correct_session(ctx, of, view.version, outcomes, HomeVisit.NONE, "Le client a rappelé.")


def charts(ctx: Context, first: date, last: date) -> dict[str, Sequence[Bar]]:
    found = report(ctx, first, last)
    reading = bars.Reading(found, load_wording("fr"), {})
    return {
        "outcomes": bars.outcome_bars(reading),
        "services": bars.service_bars(reading),
        "teams": [bar for bar in bars.team_bars(reading) if bar.wanted is not None],
        "days": [bar for bar in bars.time_columns(reading) if bar.value],
        "steps": bars.step_bars(reading),
        "times": bars.time_bars(reading),
        "billed": bars.rule_bars(reading, found.figures.billed),
        "waived": bars.rule_bars(reading, found.figures.waived),
        "mails": bars.mail_bars(reading),
        "codes": bars.code_bars(reading),
    }


class Rows:
    """All rows, and which sessions a list must hold by them."""

    def __init__(self, ctx: Context) -> None:
        with ctx.database.read() as tx:
            self.sessions = tx.execute(select(session)).all()
            self.decisions = tx.execute(select(decision)).all()
            self.mails = tx.execute(select(mail)).all()
            self.codes = tx.execute(select(code)).all()
            self.visits = tx.execute(select(visit_decision)).all()
            self.teams = {one.id: one.name for one in tx.execute(select(team))}

    def meant(self, wanted: JournalFilter) -> set[int]:
        def then(at: datetime | None) -> bool:
            return at is not None and (wanted.since or at) <= at and (wanted.until is None or at < wanted.until)

        happened: dict[str, Iterator[Any]] = {
            Moment.ENDED: (one.id for one in self.sessions if then(one.ended_at)),
            Moment.DECIDED: (
                one.session_id for one in self.decisions if then(one.decided_at) and self._has(one, wanted.rule)
            ),
            Moment.MAIL: (one.session_id for one in self.mails if then(one.created_at) and one.state == wanted.mail),
            Moment.VISIT: (
                one.session_id
                for one in self.visits
                if then(one.decided_at) and (not wanted.rule or f'"rule":"{wanted.rule}"' in one.result)
            ),
            Moment.CODE: (one.session_id for one in self.codes if then(one.ended_at) and one.state == wanted.code),
        }
        these = set(happened[wanted.moment])
        return {one.id for one in self.sessions if one.id in these and self._answers(one, wanted)}

    def _has(self, decided: Any, rule: str) -> bool:
        """Tell whether a decision, or the one it takes the place of, has a line by that rule."""
        pair = (decided.ordinal, decided.ordinal - 1)
        both = [one for one in self.decisions if one.session_id == decided.session_id and one.ordinal in pair]
        return any(f'"rule":"{rule}"' in one.result for one in both)

    def _answers(self, one: Any, wanted: JournalFilter) -> bool:
        asked = (
            (wanted.outcome, one.outcome == wanted.outcome),
            (wanted.team, self.teams.get(one.team_id, "") == wanted.team),
            (wanted.service, wanted.service in one.services.split(",")),
        )
        return all(holds for value, holds in asked if value)


def test_each_bar_opens_what_it_counts(ctx: Context) -> None:
    lasting(ctx)
    rows, last = Rows(ctx), day_of(ctx.clock.now())
    billed = Counter[str]()
    for days in (1, 7, 90):
        for name, found in charts(ctx, last - timedelta(days=days - 1), last).items():
            assert found, name
            for bar in found:
                assert bar.wanted is not None
                listed = {row.id for row in search_journal(ctx, bar.wanted, limit=500).rows}
                assert listed == rows.meant(bar.wanted) != set(), (name, bar.name)
                if name in ("outcomes", "services", "teams", "days"):
                    assert len(listed) == bar.value, (name, bar.name)
                billed[bar.wanted.rule] += name == "billed" and bar.value
    assert billed[VisitRule.TRAVEL] == 4200 * (2 + 7 + 7), "each visit on its own day, in as many periods"
    by_hand = {rule: search_journal(ctx, JournalFilter(rule=rule), limit=500).rows for rule in VisitRule}
    assert {rule: len(found) for rule, found in by_hand.items()} == {VisitRule.TRAVEL: 7, VisitRule.OFFERED: 2}
    ended = search_journal(ctx, JournalFilter(moment=Moment.ENDED), limit=500).rows
    assert {row.id for row in ended} == rows.meant(JournalFilter(moment=Moment.ENDED))
    searched = JournalFilter(text=ended[0].customer.split()[-1], moment=Moment.ENDED)
    found_ids = {row.id for row in search_journal(ctx, searched, limit=500).rows}
    assert ended[0].id in found_ids < {row.id for row in ended}
    assert search_journal(ctx, JournalFilter(moment="'")).rows == ()
