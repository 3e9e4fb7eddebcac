"""A call begins: its channel is chosen, its price told by one key, its cost runs on top, and a closed channel says when it opens."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.read_timeline import read_timeline
from agent_desk.desktop.session.customer_step import CustomerStep
from agent_desk.rules.session import CallChannel
from tests.support.desks import NOON, SetClock
from tests.support.seeing import CONTROL, seen
from tests.support.workstation import Workstation, wait_until, workstation

WORDS = {
    "fr": {
        "price": "0,38 € par minute, hors forfait, attente gratuite",
        "open": "répond jusqu’à 22 h",
        "told": "✓ Tarif annoncé",
        "tell": "Tarif annoncé Ctrl+T",
        "theirs": "selon son opérateur",
        "running": "776 · 10 min 00 s · 3,80 €",
        "closed": "fermé, rouvre demain à 8 h",
        "letter": "prix d’un timbre pas de réponse immédiate",
    },
    "en": {
        "price": "€0.38 a minute",
        "open": "answers until 22:00",
        "told": "✓ Tariff told",
        "tell": "Tariff told Ctrl+T",
        "theirs": "operator",
        "running": "776 · 10 min 00 s · €3.80",
        "closed": "closed, opens again tomorrow at 08:00",
        "letter": "stamp",
    },
}


def page(desk: Workstation) -> CustomerStep:
    found = desk.session.page
    assert isinstance(found, CustomerStep)
    return found


def choose(desk: Workstation, channel: CallChannel) -> str:
    """Choose a channel in its box by the arrows, and return what the panel says then."""
    box = page(desk).ui.call_channel
    box.setFocus()
    steps = list(CallChannel).index(channel) - box.currentIndex()
    for _ in range(abs(steps)):
        desk.press(Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    desk.settle()
    return seen(page(desk).call_panel)


@pytest.mark.parametrize("language", WORDS)
def test_the_tariff_is_told_by_one_key_the_cost_runs_on_and_hours_are_known(
    qapp: QApplication, tmp_path: Path, language: str
) -> None:
    words, watch = WORDS[language], SetClock()
    with workstation(qapp, tmp_path, watch, language=language) as desk:
        desk.press(Qt.Key.Key_N, CONTROL)
        wait_until(lambda: desk.session.editor is not None, "a session")
        desk.settle()
        panel = page(desk).call_panel
        assert words["price"] in seen(panel)
        assert words["open"] in seen(panel)
        assert words["tell"] in seen(panel)
        desk.press(Qt.Key.Key_T, CONTROL)
        desk.settle()
        assert words["told"] in seen(panel)
        assert words["tell"] not in seen(panel)
        other = choose(desk, CallChannel.LONG_3976_OTHER)
        assert words["theirs"] in other
        assert words["tell"] in other, "another tariff is another one to tell"
        assert words["tell"] not in choose(desk, CallChannel.CHAT), "a chat has none"
        choose(desk, CallChannel.SHORT_776)
        watch.time = NOON + timedelta(minutes=10)
        desk.session.refresh()
        assert words["running"] in seen(desk.window)
        watch.time = NOON + timedelta(hours=10, minutes=30)
        desk.session.refresh()
        assert words["closed"] in seen(panel)
        assert words["letter"] in choose(desk, CallChannel.LETTER)
        of = desk.session.editor.view.id  # type: ignore[union-attr]  # opened above
        events = desk.work(lambda ctx: read_timeline(ctx, of)).events
        assert [(one.payload or {})["channel"] for one in events if one.kind == "tariff_told"] == ["776"]
