"""A browser, a gateway or a network that goes: the agent's view is dark, and what comes back needs no new code."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.support.certificates import new_authority
from tests.support.chromium import kill
from tests.support.gateway_program import gateway_program
from tests.support.networks import needs_networks, network, wire
from tests.support.share_desk import until
from tests.support.share_stage import Share, stage

SOON = 6.0  # seconds; a browser that says nothing for three is taken for gone
LOST_AFTER = 61  # seconds
# The page speaks every five seconds; a gateway that waits for little more finds out what it finds out in earnest.
IMPATIENT = {"sockets.LIVE_SILENCE": 8, "watch.SWEEP_SECONDS": 0.5}
NOTICED = "Connexion interrompue"
AGENT, CUSTOMER = "198.51.100.1", "198.51.100.2"


def codes(share: Share) -> int:
    """Return how many codes the session needed."""
    return sum(event["kind"] == "code_issued" for event in share.events())


def test_a_killed_browser_is_dark_and_ended_after_a_minute(playwright: Playwright, tmp_path: Path) -> None:
    with stage(playwright, tmp_path) as scene, scene.desk.hurried({"watch.REAP_SECONDS": 0.5}):
        share = scene.live()
        kill(scene.user)
        took = share.await_dark()
        assert took < SOON, f"the last picture stood for {took:.1f} s"
        share.await_state("lost")
        scene.desk.ask("move", seconds=LOST_AFTER)
        share.await_state("ended")
        assert share.ends() == ["lost"]
        assert scene.desk.ask("faults_told") == []


def test_a_gateway_that_is_killed_and_started_again_brings_the_picture_back_without_a_new_code(
    playwright: Playwright, tmp_path: Path, postgresql_url: str
) -> None:
    with (
        gateway_program(tmp_path / "gateway", postgresql_url) as gateway,
        stage(
            playwright, tmp_path, database_url=postgresql_url, gateway_mode="site", gateway_url=gateway.address
        ) as scene,
    ):
        share = scene.live(gateway.address)
        gateway.kill()
        scene.desk.ask("crash")  # what ran without the gateway ends, too
        share.await_dark()
        gateway.start()
        share.await_picture(60)
        share.await_state("live")
        assert share.customer.step == "live"
        assert codes(share) == 1
        share.customer.stop()
        share.await_dark()
        until(lambda: share.ends() == ["by_customer"], "the end in the log")


@needs_networks
def test_a_network_that_drops_and_comes_back_brings_the_picture_back_without_a_new_code(
    playwright: Playwright, tmp_path: Path
) -> None:
    certificate, key = new_authority(tmp_path / "certificates").server(AGENT)
    tls = {"gateway_listen": f"{AGENT}:8477", "tls_certificate": str(certificate), "tls_key": str(key)}
    with (
        network() as agents,
        network() as customers,
        wire((agents, AGENT), (customers, CUSTOMER)) as line,
        stage(playwright, tmp_path, agents, customers, **tls) as scene,
        scene.desk.hurried(IMPATIENT),
    ):
        scene.sets_clocks = True
        share = scene.live(f"https://{AGENT}:8477")
        line.cut = True
        took = share.await_dark()
        assert took < SOON, f"the last picture stood for {took:.1f} s"
        share.customer.page.clock.run_for(18_000)
        until(lambda: NOTICED in share.customer.page.inner_text("#live-link"), "the page to notice")
        share.await_state("lost", patience=30)
        line.cut = False
        share.await_picture(60)
        share.await_state("live")
        assert codes(share) == 1
        share.customer.stop()
        share.await_dark()
        until(lambda: share.ends() == ["by_customer"], "the end in the log")
