"""The SMS gateway: Kannel itself with a fake message centre, and gateways that are down, slow, or talk nonsense."""

import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from agent_desk.adapters import kannel as adapter
from agent_desk.adapters.kannel import KannelGateway, SmsAddress, check
from agent_desk.ports import Delivery, Reply
from agent_desk.rules.sms import report_mac
from tests.support.certificates import new_authority
from tests.support.kannel import PASSWORD, USER, Kannel, kannel, keyring, scripted, sms
from tests.support.smtp import LOOPBACK, free_port, mail_server, server_context

OK = b"HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\n\r\n0: Accepted for delivery\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    """Give Kannel, one for all tests of this file."""
    with kannel(tmp_path_factory.mktemp("kannel")) as made:
        yield made


def go() -> bool:
    return True


def hand_over(url: str, text: str = "Bonjour", **address: object) -> Delivery:
    where = SmsAddress(**{"url": url, "user": USER, "answer_seconds": 5.0} | address)  # type: ignore[arg-type]
    return KannelGateway(where, keyring()).send(sms(text), go)


def answered(status: str, body: str) -> bytes:
    raw = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        (
            "Visite à 9 h, 69,00 € : été, où, ñ, @ et {crochets}",
            "text Visite à 9 h, 69,00 € : été, où, ñ, @ et {crochets}",
        ),
        ("L’hôtel « Noël » dès çà et là, cœur", 'text L\'hotel "Noel" dès cà et là, coeur'),
        ("你好", "ucs-2 O%60Y%7D"),
    ],
)
def test_a_text_arrives_with_its_accents(running: Kannel, text: str, arrives: str) -> None:
    delivery = KannelGateway(running.address(), keyring()).send(sms(text), go)
    assert (delivery.reply, delivery.code, delivery.cause) == (Reply.ACCEPTED, 202, "sms_accepted")
    assert running.await_text(arrives) == ("Assistance", "+33612345678", arrives)


def test_a_long_text_goes_as_one_message_of_several_parts(running: Kannel) -> None:
    assert KannelGateway(running.address(), keyring()).send(sms("é" * 153 + "b" * 150), go).reply is Reply.ACCEPTED
    running.await_text("b" * 150)
    parts = [text for _, _, text in running.arrived() if text.startswith("udh %05%00%03")]
    assert len(parts) == 2
    assert parts[0].count("é") + parts[0].count("%05") > 0


def test_a_password_that_is_wrong_or_missing_is_about_us_and_not_about_the_sms(running: Kannel) -> None:
    gateway = KannelGateway(running.address(), keyring("faux"))
    assert gateway.send(sms("Bonjour"), go) == Delivery(
        Reply.RETRY, 403, "Authorization failed for sendsms", "sms_sign_in"
    )
    gateway = KannelGateway(running.address(), keyring(""))
    assert gateway.send(sms("Bonjour"), go) == Delivery(Reply.RETRY, cause="sms_password_needed")


def test_a_gateway_can_be_tried_without_an_sms(running: Kannel) -> None:
    before = running.arrived()
    assert check(running.address(), PASSWORD) == Delivery(Reply.ACCEPTED, cause="sms_ready")
    assert check(running.address(), "faux").cause == "sms_sign_in"
    assert check(running.address(), "").cause == "sms_password_needed"
    assert check(running.address(url=f"http://{LOOPBACK}:{running.port}/elsewhere"), PASSWORD).cause == "sms_strange"
    assert check(SmsAddress(f"http://{LOOPBACK}:{free_port()}/", USER), PASSWORD).cause == "sms_unreachable"
    assert running.arrived() == before


def test_a_gateway_killed_in_the_middle_leaves_an_uncertain_sms_and_takes_the_next(running: Kannel) -> None:
    bearer, begun, said = running.processes["bearerbox"], threading.Event(), []

    def begins() -> bool:
        begun.set()
        return True

    gateway = KannelGateway(running.address(), keyring())
    bearer.send_signal(signal.SIGSTOP)  # so that no answer comes
    try:
        thread = threading.Thread(target=lambda: said.append(gateway.send(sms("sans réponse"), begins)))
        thread.start()
        assert begun.wait(10)
        running.kill("smsbox")
        thread.join()
    finally:
        bearer.send_signal(signal.SIGCONT)
    assert [(one.reply, one.cause) for one in said] == [(Reply.UNCERTAIN, "sms_no_answer")]
    assert gateway.send(sms("personne"), go) == Delivery(Reply.RETRY, cause="sms_unreachable")
    running.start_smsbox()
    assert gateway.send(sms("de nouveau là"), go).reply is Reply.ACCEPTED
    running.await_text("de nouveau là")


@pytest.mark.parametrize(
    ("answer", "reply", "cause"),
    [
        (answered("202 Accepted", "0: Accepted for delivery"), Reply.ACCEPTED, "sms_accepted"),
        (answered("200 OK", "0: Accepted for delivery"), Reply.ACCEPTED, "sms_accepted"),
        (answered("202 Accepted", "3: Queued for later delivery"), Reply.ACCEPTED, "sms_accepted"),
        (answered("401 Unauthorized", ""), Reply.RETRY, "sms_sign_in"),
        (answered("404 Not Found", "<html>nothing</html>"), Reply.RETRY, "sms_strange"),
        (answered("301 Moved", ""), Reply.RETRY, "sms_strange"),
        (answered("400 Bad Request", "Number +33612345678 denied"), Reply.REJECTED, "sms_refused"),
        (answered("429 Too Many Requests", "later"), Reply.RETRY, "sms_refused"),
        (answered("503 Service Unavailable", "Temporal failure, try again later."), Reply.RETRY, "sms_refused"),
        (answered("500 Internal Server Error", "oops"), Reply.UNCERTAIN, "sms_no_answer"),
        (answered("502 Bad Gateway", ""), Reply.UNCERTAIN, "sms_no_answer"),
        (answered("202 Accepted", "Merci !"), Reply.UNCERTAIN, "sms_no_answer"),
        (answered("202 Accepted", ""), Reply.UNCERTAIN, "sms_no_answer"),
        (answered("200 OK", "x" * 100_000), Reply.UNCERTAIN, "sms_no_answer"),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n0: Accepted for", Reply.UNCERTAIN, "sms_no_answer"),
        (b"\x00\xff garbage\r\n\r\n", Reply.UNCERTAIN, "sms_no_answer"),
        (b"HTTP/1.1 202 Accepted\r\n" + b"X: y\r\n" * 200, Reply.UNCERTAIN, "sms_no_answer"),
        (b"", Reply.UNCERTAIN, "sms_no_answer"),
    ],
)
def test_an_answer_is_taken_for_what_it_is_and_for_no_more(answer: bytes, reply: Reply, cause: str) -> None:
    with scripted(answer) as server:
        delivery = hand_over(server.url)
    assert (delivery.reply, delivery.cause) == (reply, cause)
    assert "612345678" not in delivery.text
    assert len(delivery.text) <= 200
    assert len(server.asked) == 1  # whatever comes, it is asked once


def test_silence_and_an_answer_that_trickles_are_uncertain_in_time() -> None:
    with scripted(hangs=True) as server:
        assert hand_over(server.url, answer_seconds=0.2).reply is Reply.UNCERTAIN
    slowly = [bytes([one]) for one in OK] * 3
    with scripted(*slowly, pause=0.05) as server:
        assert hand_over(server.url, answer_seconds=0.4).reply is Reply.UNCERTAIN


def test_nothing_is_asked_for_a_lost_claim_or_a_number_that_is_none() -> None:
    with scripted(OK) as server:
        gateway = KannelGateway(SmsAddress(server.url, USER), keyring())
        assert gateway.send(sms("Bonjour"), lambda: False) == Delivery(Reply.RETRY, cause="claim_lost")
        assert gateway.send(sms("Bonjour", "02 61 91 12 34"), go) == Delivery(Reply.REJECTED, cause="sms_bad_number")
        assert hand_over(server.url).reply is Reply.ACCEPTED
        assert [len(one) > 0 for one in server.asked] == [False, True]  # the first hung up without a word


def test_a_password_crosses_no_network_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_is_loopback", lambda _line: False)
    with scripted(OK) as server:
        assert hand_over(server.url) == Delivery(Reply.RETRY, cause="sms_not_secure")
        assert check(SmsAddress(server.url, USER), PASSWORD).cause == "sms_not_secure"
        assert not any(server.asked)


def test_tls_is_verified(tmp_path: Path) -> None:
    authority = new_authority(tmp_path)
    with scripted(OK, tls=server_context(authority.server(LOOPBACK))) as server:
        secure = server.url.replace("http:", "https:")
        assert hand_over(secure, ca_file=authority.file).reply is Reply.ACCEPTED
        assert hand_over(secure).cause == "sms_certificate"
    with mail_server() as greets:
        assert hand_over(f"https://{LOOPBACK}:{greets.port}/").cause == "sms_not_secure"


def test_reports_are_asked_for_at_an_address_nobody_else_could_have_made_and_only_where_there_is_one() -> None:
    key = bytes(range(32))
    with scripted(OK) as server:
        hand_over(server.url)
        hand_over(server.url, report_url="https://assistance.example", report_key=key)
        hand_over(server.url, report_url="https://assistance.example", report_key=key)
    plain, *asked = [_asked(one) for one in server.asked]
    assert not {"dlr-mask", "dlr-url"} & plain.keys()
    assert plain | {"password": ""} == plain | {"username": USER, "password": "", "to": "+33612345678", "coding": "0"}
    places = [urlsplit(one["dlr-url"]) for one in asked]
    told = [{name: values[0] for name, values in parse_qs(place.query).items()} for place in places]
    assert [(place.netloc, place.path) for place in places] == [("assistance.example", "/sms")] * 2
    assert all(one["mac"] == report_mac(key, one["sms"], one["nonce"]) for one in told)
    assert told[0]["nonce"] != told[1]["nonce"]
    assert [(one["dlr-mask"], one["dlr-url"][-8:]) for one in asked] == [("27", "&kind=%d")] * 2


def _asked(request: bytes) -> dict[str, str]:
    found = re.match(rb"GET (\S+) HTTP/1.1\r\n", request)
    assert found is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(found[1].decode()).query).items()}
