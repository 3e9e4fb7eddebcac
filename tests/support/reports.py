"""Reports as they come back to the sender's mailbox, written by hand after RFC 3464 and RFC 8098."""

ENVID = "S-2026-000001.confirmation.0011223344556677"
MESSAGE_ID = f"<{ENVID}@assistance.example>"


def _crlf(text: str) -> bytes:
    return text.lstrip("\n").replace("\n", "\r\n").encode()


def delivery_report(
    action: str = "delivered",
    *,
    envid: str = ENVID,
    status: str = "2.0.0",
    returned: str = MESSAGE_ID,
    mark: str = "1",
) -> bytes:
    """Return a delivery status notification; an empty `envid` or `returned` is left out."""
    about = f"Original-Envelope-Id: {envid}\n" if envid else ""
    headers = f"--b1\nContent-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID: {returned}\n\n" if returned else ""
    return _crlf(f"""
From: MAILER-DAEMON@relay.example
To: assistance@assistance.example
Subject: What became of your mail
Date: Mon, 23 Nov 2026 16:00:00 +0100
Message-ID: <{mark}@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b1"

For mail programs of old.

--b1
Content-Type: text/plain

Hello claire.morvan@example.org.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
{about}Arrival-Date: Mon, 23 Nov 2026 15:59:58 +0100

Final-Recipient: rfc822; claire.morvan@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 claire.morvan@example.org is unknown

{headers}--b1--
""")


def read_receipt(disposition: str = "displayed", *, message_id: str = MESSAGE_ID) -> bytes:
    """Return a message disposition notification."""
    return _crlf(f"""
From: Claire Morvan <claire.morvan@example.org>
To: assistance@assistance.example
Subject: Lu : votre assistance
Message-ID: <9@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; boundary="=_x"; report-type="disposition-notification"

--=_x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Le message a été affiché.

--=_x
Content-Type: message/disposition-notification

Reporting-UA: mail.example; Reader
Final-Recipient: rfc822;claire.morvan@example.org
Original-Message-ID: {message_id}
Disposition: manual-action/MDN-sent-manually; {disposition}

--=_x--
""")
