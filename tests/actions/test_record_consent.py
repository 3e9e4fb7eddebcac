"""What the customer agrees to is recorded with the text that was read."""

import hashlib
from dataclasses import replace

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.consent_texts import latest_text
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.paths import data_path
from agent_desk.rules.gates import current
from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind
from tests.support.desks import CLAIRE, NOON, agreed, begun, content, drafted, finished, type_in


def give(ctx: Context, view: SessionView, kind: ConsentKind, answer: Answer = Answer.YES) -> SessionView:
    return record_consent(ctx, view.id, kind, answer, Channel.VOICE)


def last(view: SessionView) -> Consent:
    return view.consents[-1]


@pytest.mark.parametrize("kind", [ConsentKind.WARRANTY, ConsentKind.PRICE, ConsentKind.EARLY_START])
def test_the_row_names_the_version_and_the_hash_of_the_file_that_was_read(
    sqlite_ctx: Context, kind: ConsentKind
) -> None:
    given = last(give(sqlite_ctx, drafted(sqlite_ctx), kind))
    raw = data_path("resources", "consents", kind, f"{given.text_version}.fr.txt").read_bytes()
    assert given.text_sha256 == hashlib.sha256(raw).hexdigest()
    assert (given.answer, given.channel, given.recorded_by, given.at) == (
        Answer.YES,
        Channel.VOICE,
        "Nadia Leroy",
        NOON,
    )


def test_the_text_is_the_one_in_the_customers_language(ctx: Context) -> None:
    english = drafted(ctx, content(customer=replace(CLAIRE, language="en")))
    assert last(give(ctx, english, ConsentKind.WARRANTY)).text_sha256 == latest_text(ConsentKind.WARRANTY, "en").sha256


def test_a_language_without_translation_hears_the_french_text(sqlite_ctx: Context) -> None:
    breton = drafted(sqlite_ctx, content(customer=replace(CLAIRE, language="br")))
    assert (
        last(give(sqlite_ctx, breton, ConsentKind.WARRANTY)).text_sha256
        == latest_text(ConsentKind.WARRANTY, "fr").sha256
    )


@pytest.mark.parametrize("kind", list(ConsentKind))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_consent_has_a_text(kind: ConsentKind, language: str) -> None:
    text = latest_text(kind, language)
    assert (text.language, text.kind) == (language, kind)
    assert text.text.strip()


def test_a_missing_text_is_an_error_and_not_an_empty_consent(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = tmp_path_factory.mktemp("texts")
    monkeypatch.setattr("agent_desk.actions.consent_texts.data_path", lambda *_parts: empty)
    with pytest.raises(FileNotFoundError):
        latest_text(ConsentKind.PRICE, "fr")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (ConsentKind.BACKUP, Answer.YES),
        (ConsentKind.WARRANTY, Answer.DONE),
        (ConsentKind.PRICE, Answer.WITHDRAWN),
        (ConsentKind.PRICE, Answer.NONE_ACCEPTED),
    ],
)
def test_an_answer_that_does_not_fit_the_question_is_refused(
    sqlite_ctx: Context, kind: ConsentKind, answer: Answer
) -> None:
    view = drafted(sqlite_ctx)
    with pytest.raises(Refusal) as refused:
        give(sqlite_ctx, view, kind, answer)
    assert (refused.value.code, refused.value.fields) == ("consent_answer", (f"consents.{kind}",))


@pytest.mark.parametrize("kind", [ConsentKind.SCREEN_SHARING, ConsentKind.AFTER_HOURS])
def test_what_only_makes_sense_later_is_refused_in_a_draft(sqlite_ctx: Context, kind: ConsentKind) -> None:
    view = drafted(sqlite_ctx)
    with pytest.raises(Refusal) as refused:
        give(sqlite_ctx, view, kind)
    assert refused.value.code == "consent_not_allowed"


def test_going_on_after_hours_is_agreed_while_working(sqlite_ctx: Context) -> None:
    assert last(give(sqlite_ctx, begun(sqlite_ctx), ConsentKind.AFTER_HOURS)).kind is ConsentKind.AFTER_HOURS


def test_what_the_customer_gives_on_the_page_is_the_customers_act(ctx: Context) -> None:
    view = agreed(ctx)
    view = record_consent(ctx, view.id, ConsentKind.SCREEN_SHARING, Answer.YES, Channel.PAGE)
    assert (last(view).channel, last(view).recorded_by) == (Channel.PAGE, "")
    event = read_timeline(ctx, view.id).events[-1]
    assert (event.kind, event.actor) == ("consent_recorded", "customer")
    assert event.payload == {
        "answer": "yes",
        "channel": "page",
        "kind": "screen_sharing",
        "version": 1,
        "sha256": last(view).text_sha256,
    }


def test_withdrawing_is_another_row_and_ends_the_answer(ctx: Context) -> None:
    view = give(ctx, drafted(ctx), ConsentKind.WARRANTY)
    view = withdraw_consent(ctx, view.id, ConsentKind.WARRANTY)
    assert [consent.answer for consent in view.consents] == [Answer.YES, Answer.WITHDRAWN]
    assert current(view.consents, ConsentKind.WARRANTY) is None
    assert read_timeline(ctx, view.id).events[-1].kind == "consent_withdrawn"
    with pytest.raises(Refusal) as refused:
        withdraw_consent(ctx, view.id, ConsentKind.WARRANTY)
    assert refused.value.code == "consent_not_allowed"


def test_a_price_is_accepted_for_exactly_these_services(ctx: Context) -> None:
    view = give(ctx, drafted(ctx), ConsentKind.PRICE)
    first = last(view).covers
    fewer = type_in(ctx, view, replace(view.content, lines=view.content.lines[:1]))
    assert len(first) == 64
    assert last(give(ctx, fewer, ConsentKind.PRICE)).covers != first


def test_a_closed_session_takes_no_more_answers(ctx: Context) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    with pytest.raises(Refusal) as refused:
        give(ctx, view, ConsentKind.WARRANTY)
    assert refused.value.code == "already_closed"
