"""The relay adapter speaks to real servers on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent_desk.adapters import smtp
from agent_desk.adapters.smtp import RelayAddress, SmtpRelay, check
from agent_desk.ports import Delivery, Letter, Reply
from tests.support.certificates import Authority, new_authority
from tests.support.letters import letter
from tests.support.smtp import LOOPBACK, MailServer, free_port, mail_server, server_context, smtp_sink


@dataclass(slots=True)
class OnePassword:
    """A keyring with one secret."""

    password: str | None = None
    usable: bool = True

    def get(self, name: str) -> str | None:
        return self.password if name == "relay-password" else None

    def set(self, name: str, value: str) -> None:
        self.password = value

    def delete(self, name: str) -> None:
        self.password = None


@dataclass(slots=True)
class Witness:
    """Stands where the outbox notes that DATA begins."""

    answer: bool = True
    calls: list[int] = field(default_factory=list)

    def __call__(self) -> bool:
        self.calls.append(1)
        return self.answer


@pytest.fixture(name="server")
def _server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(name="authority", scope="module")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


def _relay(port: int, *, password: str | None = None, **options: object) -> SmtpRelay:
    usual: dict[str, object] = {"security": "none", "connect_seconds": 5.0, "answer_seconds": 5.0}
    return SmtpRelay(RelayAddress(LOOPBACK, port, **(usual | options)), OnePassword(password))  # type: ignore[arg-type]


def _send(port: int, sent: Letter | None = None, **options: object) -> Delivery:
    return _relay(port, **options).send(sent or letter(), Witness())  # type: ignore[arg-type]


def test_a_mail_arrives_whole_with_delivery_status_asked_for(server: MailServer) -> None:
    witness = Witness()
    delivery = _relay(server.port).send(letter(), witness)
    assert delivery == Delivery(Reply.ACCEPTED, 250, "2.0.0 Ok: queued as 4F2A", "accepted", dsn_requested=True)
    assert witness.calls == [1]
    came = server.wait()
    assert (came.sender, came.recipients) == ("assistance@assistance.example", ("claire.morvan@example.org",))
    assert came.dsn == (
        "RET=HDRS",
        "ENVID=S-2026-000001.confirmation.0011223344556677",
        "NOTIFY=SUCCESS,FAILURE,DELAY",
        "ORCPT=rfc822;claire.morvan@example.org",
    )
    text = came.message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == letter().text
    assert [part.get_content() for part in came.message.iter_attachments()] == [letter().attachments[0].content]


def test_delivery_status_is_not_asked_of_a_relay_that_does_not_offer_it(server: MailServer) -> None:
    server.extensions = ()
    assert _send(server.port) == Delivery(Reply.ACCEPTED, 250, "2.0.0 Ok: queued as 4F2A", "accepted")
    assert server.wait().dsn == ()


@pytest.mark.parametrize(
    ("stage", "code", "reply"),
    [
        ("mail", "451 4.3.0 later", Reply.RETRY),
        ("mail", "550 5.7.1 not you", Reply.REJECTED),
        ("rcpt", "450 4.2.0 later", Reply.RETRY),
        ("rcpt", "550 5.1.1 no such user", Reply.REJECTED),
        ("data", "451 4.3.0 later", Reply.RETRY),
        ("data", "554 5.6.0 no", Reply.REJECTED),
        ("end", "452 4.3.1 disk full", Reply.RETRY),
        ("end", "552 5.3.4 too big", Reply.REJECTED),
    ],
)
def test_a_refusal_is_definite_at_every_stage(server: MailServer, stage: str, code: str, reply: Reply) -> None:
    server.faults[stage] = code
    delivery = _send(server.port)
    assert (delivery.reply, delivery.code, delivery.text) == (reply, int(code[:3]), code[4:])
    assert delivery.cause == "relay_refused"
    assert server.received == []


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", ["hang", "reset"])
def test_silence_before_the_message_means_another_attempt(server: MailServer, stage: str, fault: str) -> None:
    server.faults[stage] = fault
    assert _send(server.port, connect_seconds=0.2) == Delivery(Reply.RETRY, cause="relay_unreachable")


@pytest.mark.parametrize("fault", ["hang", "reset"])
def test_silence_after_the_final_dot_is_uncertain(server: MailServer, fault: str) -> None:
    server.faults["end"] = fault
    delivery = _send(server.port, answer_seconds=0.2)
    assert delivery == Delivery(Reply.UNCERTAIN, cause="no_answer", dsn_requested=True)
    assert len(server.received) == 1


def test_a_relay_that_is_down_means_another_attempt() -> None:
    assert _send(free_port()) == Delivery(Reply.RETRY, cause="relay_unreachable")


def test_a_refusal_that_repeats_the_address_is_kept_without_it(server: MailServer) -> None:
    server.faults["rcpt"] = "550 5.1.1 <{address}>: {address} unknown"
    assert _send(server.port).text == "5.1.1 …: … unknown"


def test_several_mails_share_a_connection(server: MailServer) -> None:
    with _relay(server.port).kept() as line:
        replies = [line.send(letter(), Witness()).reply for _ in range(3)]
    assert replies == [Reply.ACCEPTED] * 3
    assert (server.connections, len(server.received)) == (1, 3)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("mail", "550 5.7.1 no"), ("rcpt", "450 4.2.0 later"), ("data", "451 4.3.0"), ("end", "552 no")],
)
def test_a_refused_mail_leaves_the_connection_to_the_next(server: MailServer, stage: str, answer: str) -> None:
    server.faults[stage] = answer
    server.once.add(stage)
    with _relay(server.port).kept() as line:
        assert line.send(letter(), Witness()).cause == "relay_refused"
        assert line.send(letter(recipient="next@example.org"), Witness()).reply is Reply.ACCEPTED
    assert server.connections == 1
    assert [came.recipients for came in server.received] == [("next@example.org",)]


@pytest.mark.parametrize("fault", ["hang", "reset"])
def test_after_silence_the_next_mail_goes_over_a_new_connection(server: MailServer, fault: str) -> None:
    server.faults["end"] = fault
    server.once.add("end")
    with _relay(server.port, answer_seconds=0.2).kept() as line:
        assert line.send(letter(), Witness()).reply is Reply.UNCERTAIN
        assert line.send(letter(recipient="next@example.org"), Witness()).reply is Reply.ACCEPTED
    assert server.connections == 2
    assert len(server.received) == 2


@pytest.mark.parametrize("fault", ["421 4.7.0 too many mails", "reset"])
def test_a_connection_that_ended_between_two_mails_is_made_anew(server: MailServer, fault: str) -> None:
    witness = Witness()
    with _relay(server.port).kept() as line:
        assert line.send(letter(), Witness()).reply is Reply.ACCEPTED
        server.faults["mail"] = fault
        server.once.add("mail")
        assert line.send(letter(), witness).reply is Reply.ACCEPTED
    assert (server.connections, len(server.received), witness.calls) == (2, 2, [1])


def test_a_relay_that_says_goodbye_to_a_new_connection_too_gets_the_mail_later(server: MailServer) -> None:
    server.faults["mail"] = "421 4.3.2 going down"
    with _relay(server.port).kept() as line:
        assert line.send(letter(), Witness()).reply is Reply.RETRY
    assert server.connections == 1


def test_a_connection_carries_so_many_mails_and_no_more(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "MOST_MAILS", 2)
    with _relay(server.port).kept() as line:
        for _ in range(5):
            assert line.send(letter(), Witness()).reply is Reply.ACCEPTED
    assert (server.connections, len(server.received)) == (3, 5)


def test_a_lost_claim_leaves_nothing_of_its_mail_on_the_connection(server: MailServer) -> None:
    with _relay(server.port).kept() as line:
        assert line.send(letter(), Witness(answer=False)).cause == "claim_lost"
        assert line.send(letter(recipient="next@example.org"), Witness()).reply is Reply.ACCEPTED
    assert server.connections == 1
    assert [came.recipients for came in server.received] == [("next@example.org",)]


def test_a_worker_that_lost_its_claim_sends_no_message(server: MailServer) -> None:
    delivery = _relay(server.port).send(letter(), Witness(answer=False))
    assert delivery == Delivery(Reply.RETRY, cause="claim_lost")
    assert server.received == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_relay_with_a_trusted_certificate_gets_the_mail_and_the_password(authority: Authority, security: str) -> None:
    context = server_context(authority.server(LOOPBACK))
    with mail_server(**{security: context}, sign_in=True) as server:  # type: ignore[arg-type]
        delivery = _send(server.port, security=security, ca_file=authority.file, user="agent", password="sésame")
        assert delivery.reply is Reply.ACCEPTED
        assert server.signed_in == ["PLAIN"]
        assert server.wait().recipients == ("claire.morvan@example.org",)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(authority: Authority, security: str) -> None:
    with mail_server(**{security: server_context(authority.server(LOOPBACK))}) as server:  # type: ignore[arg-type]
        delivery = _send(server.port, security=security)
        assert (delivery.reply, delivery.cause) == (Reply.RETRY, "relay_certificate")
        assert "issuer" in delivery.text
        assert server.received == []


def test_a_certificate_for_another_address_is_refused(authority: Authority) -> None:
    with mail_server(starttls=server_context(authority.server("127.0.0.2"))) as server:
        delivery = _send(server.port, security="starttls", ca_file=authority.file)
        assert (delivery.reply, delivery.cause) == (Reply.RETRY, "relay_certificate")
        assert "127.0.0.1" in delivery.text


def test_a_relay_without_starttls_gets_nothing_when_starttls_is_asked_for(server: MailServer) -> None:
    assert _send(server.port, security="starttls") == Delivery(Reply.RETRY, cause="relay_not_secure")
    assert server.received == []


def test_a_wrong_password_means_another_attempt_and_says_so() -> None:
    with mail_server(sign_in=True) as server:
        delivery = _send(server.port, user="agent", password="faux")
        assert (delivery.reply, delivery.code, delivery.cause) == (Reply.RETRY, 535, "relay_sign_in")


def test_a_relay_that_wants_a_sign_in_says_so_without_rejecting_the_mail() -> None:
    with mail_server(sign_in=True) as server:
        delivery = _send(server.port)
        assert (delivery.reply, delivery.code, delivery.cause) == (Reply.RETRY, 530, "relay_sign_in")


def test_a_relay_that_knows_only_login_gets_the_password_that_way() -> None:
    with mail_server(sign_in=True, without=("PLAIN",)) as server:
        assert _send(server.port, user="agent", password="sésame").reply is Reply.ACCEPTED
        assert server.signed_in == ["LOGIN"]


def test_a_relay_without_a_sign_in_we_know_is_said_to_refuse_it() -> None:
    with mail_server(without=("PLAIN", "LOGIN")) as server:
        assert _send(server.port, user="agent", password="x") == Delivery(Reply.RETRY, cause="relay_sign_in")


def test_a_password_never_leaves_this_machine_unencrypted(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_is_loopback", lambda _server: False)
    assert _send(server.port, user="agent", password="x") == Delivery(Reply.RETRY, cause="relay_not_secure")
    assert server.signed_in == []


def test_a_relay_can_be_tried_without_a_mail() -> None:
    with mail_server(sign_in=True) as server:
        address = RelayAddress(LOOPBACK, server.port, "none", "agent")
        assert check(address, "sésame") == Delivery(Reply.ACCEPTED, cause="relay_ready")
        assert check(address, "faux").cause == "relay_sign_in"
        assert check(address, "") == Delivery(Reply.RETRY, cause="password_needed")
        assert server.received == []
    assert check(RelayAddress(LOOPBACK, free_port(), "tls"), "").cause == "relay_unreachable"


def test_a_server_that_is_no_tls_server_is_said_not_to_be_secure(server: MailServer) -> None:
    assert _send(server.port, security="tls").cause == "relay_not_secure"


def test_a_relay_that_cannot_carry_an_address_rejects_the_mail() -> None:
    with mail_server(without=("SMTPUTF8",)) as server:
        delivery = _send(server.port, letter(recipient="hélène@exemple.fr"))
        assert delivery == Delivery(Reply.REJECTED, cause="relay_no_smtputf8")


def test_without_the_password_nothing_is_tried(server: MailServer) -> None:
    assert _send(server.port, user="agent") == Delivery(Reply.RETRY, cause="password_needed")


@pytest.mark.parametrize(
    "recipient", ["", "pas une adresse", "a@b@c", "x@example.org\r\nRCPT TO:<y@example.org>", "@", "x@"]
)
def test_what_is_no_address_is_rejected_without_a_connection(recipient: str) -> None:
    assert _send(1, letter(recipient=recipient)) == Delivery(Reply.REJECTED, cause="bad_address")


def test_an_address_in_another_script_goes_to_a_relay_that_understands_it(server: MailServer) -> None:
    assert _send(server.port, letter(recipient="hélène@exemple.fr")).reply is Reply.ACCEPTED
    came = server.wait()
    assert came.recipients == ("hélène@exemple.fr",)
    assert str(came.message["To"]) == "hélène@exemple.fr"


def test_a_domain_with_accents_is_written_the_way_relays_read_it(server: MailServer) -> None:
    assert _send(server.port, letter(recipient="helene@été.example")).reply is Reply.ACCEPTED
    assert server.wait().recipients == ("helene@xn--t-9fab.example",)


@pytest.mark.parametrize(
    ("options", "reply", "cause"),
    [
        ((), Reply.ACCEPTED, "accepted"),
        (("-r", "MAIL"), Reply.RETRY, "relay_refused"),
        (("-f", "RCPT"), Reply.REJECTED, "relay_refused"),
        (("-q", "DATA"), Reply.RETRY, "relay_unreachable"),
        (("-r", "."), Reply.RETRY, "relay_refused"),
        (("-f", "."), Reply.REJECTED, "relay_refused"),
        (("-q", "."), Reply.UNCERTAIN, "no_answer"),
        (("-Q", "."), Reply.RETRY, "relay_refused"),
        (("-f", "CONNECT"), Reply.RETRY, "relay_refused"),
        (("-N", "-8", "-e"), Reply.ACCEPTED, "accepted"),
    ],
)
def test_smtp_sink_gets_the_mail_or_its_refusal_is_understood(
    tmp_path: Path, options: tuple[str, ...], reply: Reply, cause: str
) -> None:
    with smtp_sink(tmp_path, *options) as port:
        delivery = _send(port)
    assert (delivery.reply, delivery.cause) == (reply, cause)
    if reply is Reply.ACCEPTED:
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("mail.*"))
        assert b"Message-ID: <S-2026-000001.confirmation." in kept
