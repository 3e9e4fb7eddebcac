"""Where only a relay leads from one to the other, and what is left of a share once it is over."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Playwright

from agent_desk.gateway.ice import turn_credential
from tests.support.certificates import new_authority
from tests.support.networks import needs_networks, network, wire
from tests.support.share_desk import until
from tests.support.share_stage import WORDS, stage
from tests.support.turn import turn_relay

AGENT, CUSTOMER, RELAY = "198.51.100.1", "198.51.100.2", "203.0.113.10"
SECRET = "a secret of two machines"
FOUR_HOURS = timedelta(hours=4)
# How pictures, films and crash reports begin.
BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"DKIF", b"\x1a\x45\xdf\xa3", b"\x7fELF", b"MDMP")
# The colour that is found nowhere else, eight points of it, as pictures are kept in memory.
POINTS = [bytes(order) * 8 for order in ((160, 48, 176), (176, 48, 160), (160, 48, 176, 255), (176, 48, 160, 255))]


@needs_networks
def test_a_relay_is_enough_and_lets_in_who_has_a_credential_that_ends(playwright: Playwright, tmp_path: Path) -> None:
    certificate, key = new_authority(tmp_path / "certificates").server(AGENT)
    told = {"gateway_listen": f"{AGENT}:8477", "tls_certificate": str(certificate), "tls_key": str(key)}
    with (
        network() as agents,
        network() as customers,
        network() as relays,
        wire((agents, AGENT), (customers, CUSTOMER)) as direct,
        wire((agents, AGENT), (relays, RELAY)),
        wire((customers, CUSTOMER), (relays, RELAY)),
        turn_relay(relays, RELAY, SECRET, tmp_path / "relay") as relay,
        stage(playwright, tmp_path, agents, customers, ice_servers=relay.setting, **told) as scene,
    ):
        direct.udp = False  # the firewall of a company: the page, and nothing else
        scene.desk.ask("turn_secret", secret=SECRET)
        share = scene.live(f"https://{AGENT}:8477")
        assert share.known["state"] == "live"
        users = {
            line.partition("username=<")[2].partition(">")[0] for line in relay.said().splitlines() if ": new, " in line
        }
        ends = {datetime.fromtimestamp(int(user.partition(":")[0]), UTC) for user in users if user}
        assert ends, "nobody was at the relay"
        assert all(datetime.now(UTC) < end < datetime.now(UTC) + FOUR_HOURS for end in ends)
        share.customer.stop()
        share.await_dark()
        user, password = turn_credential(SECRET, 1, datetime.now(UTC) - FOUR_HOURS)
        old = ["turnutils_uclient", "-y", "-u", user, "-w", password, "-n", "1", "-m", "1", RELAY]
        refused = subprocess.run([*customers.enter, *old], check=False, capture_output=True, text=True, timeout=60)
        assert refused.returncode != 0
        assert f"Cannot find credentials of user <{user}>" in relay.said()


def test_nothing_of_a_shared_screen_is_left_in_any_file(playwright: Playwright, tmp_path: Path) -> None:
    with stage(playwright, tmp_path) as scene:
        share = scene.live()
        scene.desk.ask("crash", how="SIGSEGV")  # a crash must not report it either
        share.await_dark()
        share.await_picture()
        share.customer.stop()
        until(lambda: share.ends() == ["by_customer"], "the end in the log")
    digits = share.digits.replace(" ", "")
    told = [text.encode(coding) for text in (WORDS, digits, share.digits) for coding in ("utf-8", "utf-16-le")]
    found = [
        f"{path.relative_to(tmp_path)} holds {mark!r}"
        for path, content in left(tmp_path)
        for mark in (*told, *POINTS)
        if mark in content
    ]
    found += [
        f"{path.relative_to(tmp_path)} is a picture"
        for path, content in left(tmp_path)
        if content.startswith(BEGINNINGS)
    ]
    assert found == []


def left(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Give every file the desk has left, its user's, caches and logs among them."""
    places = [folder / "desk", folder / "desk-user", folder / "desk.log"]
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    assert len(files) > 1, "the desk's own files must be among them"
    for path in files:
        yield path, path.read_bytes()
