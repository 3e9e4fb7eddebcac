"""A customer's own link: in the mail and nowhere else, good once, for what it says, until it is over."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, text

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.errors import Refusal
from agent_desk.actions.give_satisfaction import give_satisfaction
from agent_desk.actions.link_seal import sign
from agent_desk.actions.look_at_link import look_at_link
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.make_checkpoint import signing_key
from agent_desk.actions.personal_links import fingerprint
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.send_duplicate import send_duplicate
from agent_desk.actions.send_next import send_next
from agent_desk.actions.verify_log import verify_log
from agent_desk.ports import Letter
from agent_desk.rules.links import LIFETIME, Link, Purpose
from agent_desk.rules.satisfaction import Satisfaction
from agent_desk.rules.session import HomeVisit, Outcome
from agent_desk.storage import guest
from agent_desk.storage.database import Database
from agent_desk.storage.link_tables import personal_link, satisfaction
from agent_desk.storage.links import keep_link, use_link
from agent_desk.storage.tables import mail
from tests.support.callcentre import NADIA, POST, CallCentre
from tests.support.desks import MemorySecrets, clock, finished
from tests.support.links import PAGE, confirmed, reachable, token_in
from tests.support.mails import ACCEPTED, LATER, ScriptedRelay
from tests.support.postgresql import Server

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

ROLE = "gateway_of_links"
YES = Satisfaction.YES


@pytest.fixture
def desk(ctx: Context) -> Context:
    """Give a desk whose customers reach a page, on both engines."""
    return reachable(ctx)


@pytest.fixture
def door(desk: Context, request: pytest.FixtureRequest) -> Iterator[Door]:
    """Give the door of a gateway; on PostgreSQL as a role with no right to any table."""
    if desk.database.dialect == "sqlite":
        yield door_of(desk)
        return
    server: Server = request.getfixturevalue("postgresql_server")
    server.run(f"CREATE ROLE {ROLE} LOGIN")
    guest.grant(desk.database, ROLE)
    url = desk.database.engine.url.render_as_string(hide_password=False).replace(f"{server.user}@", f"{ROLE}@")
    with closing(Database.open(url)) as database:
        yield replace(door_of(desk), database=database)
    with desk.database.write() as tx:
        tx.execute(text(f"DROP OWNED BY {ROLE}"))
    server.run(f"DROP ROLE {ROLE}")


def refused(door: Door, token: str, purpose: Purpose = Purpose.SATISFACTION) -> str:
    """Return the code by which a link is refused, the same for looking and for answering."""
    with pytest.raises(Refusal) as looking:
        look_at_link(door, token, purpose)
    if purpose is Purpose.SATISFACTION:
        with pytest.raises(Refusal, match=looking.value.code):
            give_satisfaction(door, token, YES)
    return looking.value.code


def given(ctx: Context) -> list[tuple[int, str]]:
    with ctx.database.read() as tx:
        return [(row.session_id, row.answer) for row in tx.execute(select(satisfaction))]


def test_an_answer_counts_once_and_the_team_reads_only_that_it_was_given(desk: Context, door: Door) -> None:
    view, letter = confirmed(desk)
    token = token_in(letter)
    assert look_at_link(door, token, Purpose.SATISFACTION).used_at is None
    assert look_at_link(door, token, Purpose.SATISFACTION).used_at is None
    clock(desk).move(days=2)
    assert give_satisfaction(door, token, Satisfaction.PARTLY)
    assert not give_satisfaction(door, token, Satisfaction.NO)
    assert look_at_link(door, token, Purpose.SATISFACTION).used_at == desk.clock.now()
    assert given(desk) == [(view.id, "partly")]
    last = read_timeline(desk, view.id).events[-1]
    assert (last.kind, last.actor, last.payload, last.chain_ok) == (
        "link_used",
        "customer",
        {"purpose": "satisfaction"},
        True,
    )
    assert verify_log(desk).fault is None


def test_a_link_that_is_over_forged_or_for_something_else_is_refused_alike(desk: Context, door: Door) -> None:
    view, letter = confirmed(desk)
    token = token_in(letter)
    link = Link(Purpose.SATISFACTION, view.id, 1, desk.clock.now() + LIFETIME[Purpose.SATISFACTION])
    strange = sign(Ed25519PrivateKey.generate(), link)
    swapped = token[:-1] + ("A" if token[-1] != "A" else "Q")
    for forged in ("", "é", token[:-1], token + "A", swapped, strange, "A" * 119, "x" * 5000, token + "="):
        assert refused(door, forged) == "link_gone"
    assert refused(door, token, Purpose.WITHDRAWAL) == "link_gone"
    clock(desk).move(days=29, hours=23)
    assert look_at_link(door, token, Purpose.SATISFACTION).session_id == view.id
    clock(desk).move(hours=1)
    assert refused(door, token) == "link_gone"
    assert given(desk) == []


def test_a_signature_of_the_sites_own_key_is_nothing_without_the_mail(desk: Context, door: Door) -> None:
    _, letter = confirmed(desk)
    key = signing_key(desk.secrets)
    assert key is not None
    never_sent = sign(key, Link(Purpose.SATISFACTION, 1, 99, desk.clock.now() + LIFETIME[Purpose.SATISFACTION]))
    assert refused(door, never_sent) == "link_gone"
    assert look_at_link(door, token_in(letter), Purpose.SATISFACTION).session_id == 1


def test_a_row_without_the_sites_signature_is_no_link_and_none_is_used_twice(desk: Context, door: Door) -> None:
    view, letter = confirmed(desk)
    link = Link(Purpose.WITHDRAWAL, view.id, 1, desk.clock.now() + LIFETIME[Purpose.WITHDRAWAL])
    strange, good = sign(Ed25519PrivateKey.generate(), link), fingerprint(token_in(letter))
    with desk.database.write() as tx:
        tx.execute(delete(personal_link).where(personal_link.c.purpose == Purpose.WITHDRAWAL))  # the mail's own
        keep_link(tx, link, fingerprint(strange))
    assert refused(door, strange, Purpose.WITHDRAWAL) == "link_gone"
    for used in (True, False):  # two browsers at once: the second finds it used
        with door.database.write() as tx:
            assert (use_link(tx, good, desk.clock.now()) is not None) is used
    clock(desk).move(days=30)
    with door.database.write() as tx:
        assert use_link(tx, fingerprint(strange), desk.clock.now()) is not None
    clock(desk).move(days=90)
    with desk.database.write() as tx:
        keep_link(tx, replace(link, purpose=Purpose.SATISFACTION, mail_id=1), fingerprint("over"))
    with door.database.write() as tx:
        assert use_link(tx, fingerprint("over"), desk.clock.now()) is None


def test_a_mail_sent_again_has_the_same_link(desk: Context, door: Door) -> None:
    view = finished(desk)
    close_session(desk, view.id, view.version)
    relay = ScriptedRelay([LATER])
    while len(relay.sent) < 3:  # the offer leaves first
        send_next(desk, relay)
        clock(desk).move(hours=1)
    tokens = {token_in(letter) for letter in relay.sent if "/avis" in letter.text}
    assert len(tokens) == 1
    assert look_at_link(door, tokens.pop(), Purpose.SATISFACTION).session_id == view.id
    with desk.database.read() as tx:
        purposes = sorted(tx.execute(select(personal_link.c.purpose)).scalars())
    assert purposes == ["satisfaction", "withdrawal", "withdrawal"]  # the offer has one too


def test_a_duplicate_has_the_links_of_what_it_repeats_and_a_correction_asks_nothing(desk: Context, door: Door) -> None:
    view, letter = confirmed(desk)
    relay = ScriptedRelay()
    clock(desk).move(days=1)
    send_duplicate(desk, view.id)
    assert give_satisfaction(door, token_in(letter), YES)
    send_duplicate(desk, view.id)
    while send_next(desk, relay):
        pass
    assert [(one.text, one.html) for one in relay.sent] == [(letter.text, letter.html)] * 2
    assert look_at_link(door, token_in(relay.sent[1]), Purpose.SATISFACTION).used_at is not None
    correct_session(desk, view.id, view.version, [Outcome.SOLVED, Outcome.NOT_SOLVED], HomeVisit.NONE, "mal noté")
    assert send_next(desk, relay)
    assert "/avis" not in relay.sent[-1].text + relay.sent[-1].html


def test_a_confirmation_and_its_duplicate_ask_by_one_link_whichever_leaves_first(desk: Context) -> None:
    view = finished(desk)
    closed = close_session(desk, view.id, view.version)
    send_duplicate(desk, closed.id)
    relay = ScriptedRelay([ACCEPTED, LATER])  # the offer, then the confirmation
    for _ in range(3):
        send_next(desk, relay)
    clock(desk).move(hours=1)
    send_next(desk, relay)
    asking = [letter for letter in relay.sent if "/avis" in letter.text]
    assert len(asking) == 3
    assert len({token_in(letter) for letter in asking}) == 1


def test_where_another_key_signs_by_now_a_duplicate_has_a_link_that_works(desk: Context, door: Door) -> None:
    view, letter = confirmed(desk)
    send_duplicate(desk, view.id)
    relay = ScriptedRelay()
    assert send_next(replace(desk, secrets=MemorySecrets()), relay)
    (again,) = relay.sent
    assert token_in(again) != token_in(letter)
    assert look_at_link(door, token_in(again), Purpose.SATISFACTION).used_at is None
    assert give_satisfaction(door, token_in(letter), YES)
    # Told as answered, by whichever link, and nothing is dropped behind a thank-you.
    assert look_at_link(door, token_in(again), Purpose.SATISFACTION).used_at == desk.clock.now()
    assert not give_satisfaction(door, token_in(again), Satisfaction.NO)
    with door.database.write() as tx:
        assert use_link(tx, fingerprint(token_in(again)), desk.clock.now()) is None
    assert given(desk) == [(view.id, "yes")]


def test_the_stored_mail_and_what_a_desk_shows_of_it_open_nothing(desk: Context) -> None:
    _, letter = confirmed(desk)
    with desk.database.read() as tx:
        stored = tx.execute(select(mail).where(mail.c.kind == "confirmation")).one()
    token = token_in(letter)
    assert f"{PAGE}/avis?lang=fr&t={token}&a=yes" in letter.text
    assert f'href="{PAGE}/avis?lang=fr&amp;t={token}&amp;a=no"' in letter.html
    assert token not in stored.text + stored.html
    assert "<!--link" not in letter.html
    shown = mail_letter(desk, stored.id)
    for body in (shown.text, shown.html):
        assert "avis" not in body
        assert "@link" not in body
    assert shown.text.startswith("Bonjour Madame Morvan")
    assert "\n\n\n\n" not in shown.text


@pytest.mark.parametrize(
    "changed", [{"secrets": MemorySecrets(usable=False)}, {"public_url": ""}, {"gateway_mode": "off"}]
)
def test_where_nobody_can_sign_or_no_page_is_reached_the_mail_asks_nothing(
    sqlite_ctx: Context, changed: dict[str, object]
) -> None:
    desk = reachable(sqlite_ctx)
    if "secrets" in changed:
        desk = replace(desk, secrets=changed["secrets"])  # type: ignore[arg-type]
    else:
        desk = replace(desk, settings=replace(desk.settings, **changed))  # type: ignore[arg-type]
    _, letter = confirmed(desk)
    assert "avis" not in letter.text + letter.html
    assert "@link" not in letter.text + letter.html


def test_in_a_call_centre_the_worker_makes_links_and_agents_can_neither_find_nor_use_them(staffed: CallCentre) -> None:
    worker = staffed.ctx(POST)
    agent = reachable(replace(staffed.ctx(NADIA), clock=worker.clock))
    done = finished(agent)
    close_session(agent, done.id, done.version)
    relay = ScriptedRelay()
    while send_next(worker, relay):
        pass
    (letter,) = (one for one in relay.sent if "/avis" in one.text)
    assert token_in(letter)
    for statement in (
        "SELECT * FROM personal_link",
        "SELECT * FROM satisfaction",
        "UPDATE personal_link SET used_at = 1",
        "INSERT INTO satisfaction (session_id, answer, at) VALUES (1, 'yes', 1)",
        "SELECT * FROM guest_link(''::bytea)",
        "SELECT guest_satisfaction(''::bytea, 'yes', 1)",
    ):
        with pytest.raises(Exception, match="no_rights"), agent.database.write() as tx:
            tx.execute(text(statement))


def test_a_gateway_tells_a_closed_sessions_chain_nothing_but_that_a_link_was_used(desk: Context, door: Door) -> None:
    if desk.database.dialect == "sqlite":
        pytest.skip("a gateway of its own has a server")
    view, letter = confirmed(desk)
    token = token_in(letter)
    assert give_satisfaction(door, token, YES)
    with pytest.raises(Exception, match="no code or share"), door.database.write() as tx:
        tx.execute(text(f"SELECT * FROM guest_head({view.id})"))
    call = f"SELECT guest_append({view.id}, 99, 'link_used', 1, 'customer', '', '', '', '{{}}')"
    with pytest.raises(Exception, match="gateway"), door.database.write() as tx:
        tx.execute(text(call))


def test_a_letter_without_marks_stays_as_it_is(sqlite_ctx: Context) -> None:
    letters: list[Letter] = []
    relay = ScriptedRelay(sent=letters)
    done = finished(sqlite_ctx)
    close_session(sqlite_ctx, done.id, done.version)
    while send_next(sqlite_ctx, relay):
        pass
    with sqlite_ctx.database.read() as tx:
        stored = [(row.text, row.html) for row in tx.execute(select(mail).order_by(mail.c.id))]
    assert [(one.text, one.html) for one in letters] == stored
