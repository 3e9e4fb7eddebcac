"""A call centre at work: agents, mail workers and the bill on one PostgreSQL, some of them killed; nothing is wrong after."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from sqlalchemy import func, select, text

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.people import Role
from agent_desk.storage.site_tables import billed_decision
from agent_desk.storage.tables import consent, decision, mail, session
from tests.support.callcentre import CallCentre
from tests.support.desks import NOON, SetClock
from tests.support.mailers import Site, eventually, site
from tests.support.smtp import MailServer, mail_server
from tests.support.source import ROOT

pytest_plugins = ["tests.support.callcentre"]

AGENTS = {f"agent{number}": "Nord" if number % 2 else "Sud" for number in range(8)}
WORKERS = 2
DEEDS = int(os.environ.get("AGENT_DESK_DEEDS", "24"))  # of each agent; some hundred take a minute
PATIENCE = 120.0  # seconds
SEED = 20261123
OPEN_MAILS = ("queued", "sending", "retry")


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a relay."""
    with mail_server() as made:
        yield made


@pytest.fixture
def crowd(centre: CallCentre) -> CallCentre:
    """Give a call centre with eight agents in two teams."""
    for login, team in AGENTS.items():
        centre.add(login, login.capitalize(), Role.AGENT, team)
    return centre


def agent(centre: CallCentre, login: str, seed: int, start: float) -> "subprocess.Popen[str]":
    """Seat an agent."""
    command = [sys.executable, "-m", "tests.support.agent_child", centre.url(login), str(seed), str(DEEDS), str(start)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def work_together(centre: CallCentre, place: Site, stack: ExitStack) -> Counter[str]:
    """Let everybody work for a while and kill an agent and a mail worker in the middle; return what was done in all."""
    random, seeds = Random(SEED), count(SEED)
    agents = {login: agent(centre, login, next(seeds), place.start) for login in AGENTS}
    workers = [place.worker() for _ in range(WORKERS)]
    for process in agents.values():
        stack.callback(process.wait)
        stack.callback(process.kill)
    eventually(lambda: closed(centre.own) > 5, "the first sessions to be closed")
    victim = random.choice(sorted(agents))
    agents[victim].kill()
    random.choice(workers).kill()
    bill(centre.own)
    agents[f"{victim} again"] = agent(centre, victim, next(seeds), place.start)
    stack.callback(agents[f"{victim} again"].kill)
    place.worker()
    done: Counter[str] = Counter()
    for login, process in agents.items():
        said, _ = process.communicate(timeout=PATIENCE)
        if login != victim:
            assert process.returncode == 0
            done.update(json.loads(said))
    return done


def closed(ctx: Context) -> int:
    """Return how many sessions are closed."""
    with ctx.database.read() as tx:
        return int(tx.execute(select(func.count()).where(session.c.state == "closed")).scalar_one())


def bill(ctx: Context) -> None:
    """Put what was decided on the bill."""
    later = replace(ctx, clock=SetClock(NOON + timedelta(days=2)))
    with suppress(Refusal):  # nothing to bill
        make_billing_batch(later, NOON + timedelta(days=1))


def mails_in(ctx: Context, *states: str) -> int:
    """Return how many mails are in one of these states."""
    with ctx.database.read() as tx:
        return int(tx.execute(select(func.count()).where(mail.c.state.in_(states))).scalar_one())


def test_whatever_happens_at_once_everything_is_decided_billed_and_mailed_once(
    crowd: CallCentre, server: MailServer
) -> None:
    own = crowd.own
    with site(crowd.server.url(crowd.name), own, server.port) as place, ExitStack() as stack:
        done = work_together(crowd, place, stack)
        eventually(lambda: mails_in(own, *OPEN_MAILS) == 0, "all mails to be settled")
    bill(own)
    assert done["close"] > 20
    assert done["hand_over"] > 5
    assert done["changed_elsewhere"] + done["already_closed"] > 0, "nobody met anybody"
    with own.database.read() as tx:
        wrong = text("""
            SELECT s.id, s.state, count(d.id) FROM session s LEFT JOIN decision d ON d.session_id = s.id
            GROUP BY s.id, s.state HAVING count(d.id) <> (CASE WHEN s.state = 'closed' THEN 1 ELSE 0 END)
        """)
        assert tx.execute(wrong).all() == [], "each closed session has exactly one decision, no other has any"
        late = select(consent.c.id).join(decision, decision.c.session_id == consent.c.session_id)
        assert tx.execute(late.where(consent.c.at > decision.c.decided_at)).all() == [], (
            "consents come before the charge"
        )
        billed = set(tx.execute(select(billed_decision.c.decision_id)).scalars())
        assert billed == set(tx.execute(select(decision.c.id)).scalars()), "each decision is in one batch"
        accepted = set(tx.execute(select(mail.c.message_id).where(mail.c.state == "accepted")).scalars())
        in_doubt = set(tx.execute(select(mail.c.message_id).where(mail.c.state == "uncertain")).scalars())
    taken = Counter(str(came.message["Message-ID"]) for came in server.received)
    assert [one for one, times in taken.items() if times > 1] == [], "no mail is taken over twice"
    assert accepted <= set(taken) <= accepted | in_doubt
    assert len(in_doubt) <= 4, "only what the killed worker had in hand"
    assert verify_log(own).fault is None
    report = verify_decisions(own)
    assert (report.decisions, report.mismatches) == (closed(own), ())
