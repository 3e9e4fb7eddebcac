"""Names nobody foresaw, from the offer to the decision explained years later: whole where it fits, harmless everywhere."""

import html
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from agent_desk.actions.bounds import limit
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.views import JournalFilter, SessionView
from agent_desk.adapters.eml import to_bytes
from agent_desk.adapters.pdf import PdfPrinter
from agent_desk.settings import save_settings
from agent_desk.storage.database import Database
from tests.support.deskctl import deskctl
from tests.support.desks import CLAIRE, content, context, finished
from tests.support.trouble import NAMES, WORDS

INJECTED = "Morvan\nBcc: everybody@example.org\n\nHello"
ALL = {**NAMES, "line breaks": INJECTED}


def closed(ctx: Context, name: str, language: str) -> SessionView:
    customer = replace(CLAIRE, surname=name, company=name, address=name, city=name, language=language)
    view = finished(ctx, content(customer=customer))
    return close_session(ctx, view.id, view.version)


def messages(ctx: Context, view: SessionView) -> list[EmailMessage]:
    """Return the mails of a session as a mail program reads them."""
    return [message_from_bytes(to_bytes(mail_letter(ctx, mail.id)), policy=default) for mail in view.mails]


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ALL)
def test_mails_and_papers_carry_any_name_and_nothing_gets_out_of_it(
    sqlite_database: Database, kind: str, language: str
) -> None:
    ctx = context(sqlite_database, printer=PdfPrinter())
    name = ALL[kind]
    shown = flat(name[: limit("customer.surname")])
    view = closed(ctx, name, language)
    mails = messages(ctx, view)
    assert view.content.customer.surname == name
    assert len(mails) == 2
    for message in mails:
        assert message["To"] == CLAIRE.email
        assert not {"Bcc", "Cc"} & set(message.keys())
        assert len(flat(str(message["Subject"]))) < 200
        assert not message.defects
        assert shown in flat(body(message, "plain"))
        page = body(message, "html")
        assert shown in flat(html.unescape(re.sub(r"<[^>]*>", "", page)))
        assert name == html.escape(name) or name not in page
        assert "<img src=" not in page
    (paper,) = mails[-1].iter_attachments()
    raw = paper.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert raw.startswith(b"%PDF-")
    assert "\n" not in str(paper.get_filename())


@pytest.mark.parametrize("kind", NAMES)
def test_the_journal_the_timeline_and_deskctl_take_any_name(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    ctx = context(sqlite_database)
    view = closed(ctx, NAMES[kind], "fr")
    assert [row.id for row in search_journal(ctx, JournalFilter(text=WORDS[kind])).rows] == [view.id]
    assert all(one.chain_ok for one in read_timeline(ctx, view.id).events)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    save_settings(home, replace(ctx.settings, database_url=str(sqlite_database.engine.url)))
    monkeypatch.setenv("AGENT_DESK_HOME", str(home))
    for command in (("explain", view.number), ("verify-log",), ("verify-decisions",)):
        said = deskctl(*command)
        assert (said.status, said.err) == (0, ""), command
