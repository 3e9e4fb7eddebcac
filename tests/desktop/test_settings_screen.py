"""Settings are kept as they are typed, refused ones marked, the old value kept."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from agent_desk.desktop.desk import Desk, Looked
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.ports import Delivery, Reply
from tests.desktop.conftest import Kept, settle


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, desk: Desk) -> SettingsScreen:
    """Give the settings, in front."""
    window.go("settings")
    settle(qtbot, desk)
    made = window.current
    assert isinstance(made, SettingsScreen)
    return made


def retyped(qtbot: QtBot, field: object, text: str) -> None:
    field.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_name_is_kept_as_soon_as_it_is_typed(qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept) -> None:
    retyped(qtbot, screen.ui.agent_name, "Ines Roux")
    settle(qtbot, desk)
    assert kept.settings[-1].agent_name == "Ines Roux"
    assert desk.context.settings.agent_name == "Ines Roux"
    assert "Enregistr" in screen.told.text()


def test_a_refused_value_is_marked_and_the_old_one_kept(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    before = desk.settings
    retyped(qtbot, screen.ui.relay_host, "not a host!")
    assert screen.ui.relay_host.property("fault") == "true"
    assert screen.told.text() == desk.wording.text("errors.setting_refused", key=screen.ui.label_relay_host.text())
    assert (desk.settings, kept.settings) == (before, [])
    retyped(qtbot, screen.ui.relay_host, "smtp.example.org")
    assert screen.ui.relay_host.property("fault") == "false"
    settle(qtbot, desk)
    assert kept.settings[-1].relay_host == "smtp.example.org"


def test_non_working_days_are_read_in_both_ways_of_writing(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    screen.ui.extra_holidays.setPlainText("24/12/2026\n2026-12-31\n")
    settle(qtbot, desk)
    assert kept.settings[-1].extra_holidays == (date(2026, 12, 24), date(2026, 12, 31))
    screen.ui.extra_holidays.setPlainText("24/12/2026\nmardi")
    assert screen.ui.extra_holidays.property("fault") == "true"
    settle(qtbot, desk)
    assert len(kept.settings) == 1


def test_the_hours_of_call_backs_are_the_sites_and_a_teams_and_a_slip_is_told_in_one_sentence(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    field = screen.ui.agent_hours
    assert field.text() == "08:00-21:00"
    retyped(qtbot, field, "08:00-21:00; Nord 09:00-18:00")
    settle(qtbot, desk)
    assert kept.settings[-1].agent_hours == "08:00-21:00; Nord 09:00-18:00"
    retyped(qtbot, field, "9 h - 18 h")
    settle(qtbot, desk)
    assert field.property("fault") == "true"
    assert screen.told.text() == desk.wording.text("errors.agent_hours_refused")
    assert len(kept.settings) == 1


def test_the_length_of_codes_follows_the_locator(qtbot: QtBot, screen: SettingsScreen, desk: Desk) -> None:
    screen.ui.locator_digits.setValue(5)
    settle(qtbot, desk)
    assert "12" in screen.ui.code_length.text()


def test_a_password_goes_to_the_keyring_and_nowhere_else(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    retyped(qtbot, screen.ui.relay_password, "s3cret")
    settle(qtbot, desk)
    assert kept.passwords == ["s3cret"]
    assert screen.ui.relay_password.text() == ""
    assert not any("s3cret" in str(settings) for settings in kept.settings)


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (Delivery(Reply.ACCEPTED, cause="accepted"), "✓"),
        (Delivery(Reply.RETRY, cause="relay_unreachable"), "le relais ne répond pas"),
        (Delivery(Reply.RETRY, 535, "5.7.8 no", "relay_sign_in"), "identifiant ou mot de passe refusé"),
    ],
)
def test_the_connection_is_tried_and_the_answer_told_in_words(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept, delivery: Delivery, told: str
) -> None:
    kept.delivery = delivery
    qtbot.mouseClick(screen.ui.try_relay, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert told in screen.ui.relay_told.text()
    assert screen.ui.try_relay.isEnabled()


def test_the_public_key_of_the_log_can_be_copied(qtbot: QtBot, screen: SettingsScreen) -> None:
    assert screen.ui.public_key.text() == "desk+1234abcd+key"
    assert screen.ui.public_key.isReadOnly()


def test_every_field_has_a_name_for_screen_readers(screen: SettingsScreen) -> None:
    buddies = {one.buddy() for one in screen.findChildren(QLabel) if one.buddy() is not None}
    fields = [
        getattr(screen.ui, name)
        for name in ("agent_name", "company", "language", "theme", "relay_host", "relay_port", "relay_password")
    ]
    assert all(field in buddies for field in fields)


def test_sample_data_can_be_added_later(qtbot: QtBot, screen: SettingsScreen, desk: Desk) -> None:
    told: list[str] = []
    desk.told.connect(told.append)
    qtbot.mouseClick(screen.ui.add_samples, Qt.MouseButton.LeftButton)
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) == 2, timeout=60_000)
    assert "40" in told[1]


def test_who_serves_the_page_decides_what_is_asked(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    ui = screen.ui
    assert ui.gateway_listen.isVisible()
    assert not ui.gateway_url.isVisible()
    ui.gateway_mode.setCurrentIndex(ui.gateway_mode.findData("site"))
    ui.gateway_mode.activated.emit(ui.gateway_mode.currentIndex())
    settle(qtbot, desk)
    assert kept.settings[-1].gateway_mode == "site"
    assert ui.gateway_url.isVisible()
    assert not ui.gateway_listen.isVisible()
    assert not ui.tls_certificate_row.isVisible()
    ui.gateway_mode.setCurrentIndex(ui.gateway_mode.findData("off"))
    ui.gateway_mode.activated.emit(ui.gateway_mode.currentIndex())
    settle(qtbot, desk)
    assert not ui.gateway_url.isVisible()
    assert not ui.try_page.isVisible()
    assert "téléphone" in ui.share_note.text()


def test_an_address_that_is_none_is_marked_and_not_kept(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    retyped(qtbot, screen.ui.public_url, "aide.example")
    assert screen.ui.public_url.property("fault") == "true"
    assert kept.settings == []
    retyped(qtbot, screen.ui.public_url, "https://aide.example")
    settle(qtbot, desk)
    assert kept.settings[-1].public_url == "https://aide.example"


def test_ice_servers_are_kept_line_by_line_and_marked_while_one_is_none(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    servers = screen.ui.ice_servers
    servers.setPlainText("stun:turn.example:3478\n\nturn:turn.example:3478?transport=udp\n")
    settle(qtbot, desk)
    assert kept.settings[-1].ice_servers == "stun:turn.example:3478\nturn:turn.example:3478?transport=udp"
    servers.setPlainText("stun:turn.example:3478\nhttp://turn.example")
    assert servers.property("fault") == "true"
    settle(qtbot, desk)
    assert len(kept.settings) == 1


def test_the_turn_secret_goes_to_the_keyring_and_nowhere_else(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    retyped(qtbot, screen.ui.turn_secret, "t0rn-secret")
    settle(qtbot, desk)
    assert kept.passwords == ["t0rn-secret"]
    assert screen.ui.turn_secret.text() == ""
    assert not any("t0rn" in str(settings) for settings in kept.settings)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("ok", "✓ Les clients atteignent la page."),
        ("not_set", "✗ Aucune adresse n’est réglée"),
        ("not_secure", "✗ L’adresse doit commencer par https"),
        ("unreachable", "✗ Rien ne répond"),
        ("wrong_certificate", "✗ Le certificat"),
        ("other_program", "✗ Un autre programme"),
        ("not_started", "✗ La page n’a pas démarré"),
    ],
)
def test_the_public_address_is_tried_and_the_answer_told_in_words(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept, answer: str, told: str
) -> None:
    kept.page_answer = answer
    qtbot.mouseClick(screen.ui.try_page, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert screen.ui.page_told.text().startswith(told)
    assert screen.ui.try_page.isEnabled()


def test_the_database_can_be_looked_at_and_what_is_wrong_is_told(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    qtbot.mouseClick(screen.ui.try_database, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "db.example / desk" in screen.ui.database_told.text())
    assert screen.ui.database_told.property("role") == "tick"
    kept.looked = (
        Looked("ok", "database.reached", {"place": "db.example / desk"}),
        Looked("ok", "database.encrypted", {}),
        Looked("note", "database.no_standby", {}),
        Looked("bad", "database.schema_older", {"found": "0002", "needed": "0005"}),
    )
    qtbot.mouseClick(screen.ui.try_database, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "0005" in screen.ui.database_told.text())
    lines = screen.ui.database_told.text().split("\n")
    assert [line[0] for line in lines] == ["✓", "!", "✗"]  # what is as it should be goes without saying
    assert screen.ui.database_told.property("role") == "bad"


def test_a_shared_database_is_kept_for_the_next_start_and_asks_for_its_companions(
    qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept
) -> None:
    ui = screen.ui
    assert ui.database_url.text() == ""
    assert not ui.report_database_url.isVisible()
    retyped(qtbot, ui.database_url, "postgresql://nadia@db.example/desk")
    settle(qtbot, desk)
    assert kept.settings[-1].database_url == "postgresql://nadia@db.example/desk"
    assert ui.report_database_url.isVisible()
    assert "prochain démarrage" in ui.database_note.text()
    assert not ui.use_database.isVisible()
    retyped(qtbot, ui.database_url, "mysql://db.example/desk")
    assert ui.database_url.property("fault") == "true"
    assert kept.settings[-1].database_url == "postgresql://nadia@db.example/desk"
    ui.database_url.clear()
    qtbot.keyClick(ui.database_url, Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert kept.settings[-1].database_url.startswith("sqlite:///")
    assert ui.database_url.text() == ""


def test_a_password_in_an_address_is_refused(qtbot: QtBot, screen: SettingsScreen, desk: Desk, kept: Kept) -> None:
    retyped(qtbot, screen.ui.database_url, "postgresql://nadia:s3cret@db.example/desk")
    assert screen.ui.database_url.property("fault") == "true"
    assert screen.told.text() == desk.wording.text("errors.password_in_address")
    assert not any("s3cret" in str(settings) for settings in kept.settings)


def test_what_the_site_has_set_can_be_read_and_not_changed(
    qtbot: QtBot, window: MainWindow, desk: Desk, kept: Kept
) -> None:
    kept.site_keys = frozenset({"database_url", "relay_host", "relay_port", "relay_security", "mail_sender"})
    before = desk.settings
    window.go("settings")
    settle(qtbot, desk)
    screen = window.current
    assert isinstance(screen, SettingsScreen)
    qtbot.keyClicks(screen.ui.relay_host, "other.example")
    screen.ui.relay_port.setValue(25)
    assert screen.ui.relay_host.isReadOnly()
    assert not screen.ui.relay_security.isEnabled()
    for name in ("relay_host", "relay_port", "database_url"):
        assert "fixé par votre site" in getattr(screen.ui, f"label_{name}").text()
    assert "fixé" not in screen.ui.label_company.text()
    settle(qtbot, desk)
    assert (desk.settings.relay_host, desk.settings.relay_port) == (before.relay_host, before.relay_port)
    retyped(qtbot, screen.ui.company, "Aide")
    settle(qtbot, desk)
    assert kept.settings[-1].company == "Aide"


def test_the_name_of_who_signed_in_is_their_accounts(qtbot: QtBot, window: MainWindow, desk: Desk, kept: Kept) -> None:
    signed_in = replace(desk.context, person="karim", settings=replace(desk.settings, agent_name="Karim Benali"))
    with qtbot.waitSignal(desk.becameReady, timeout=20_000):
        desk.start(lambda _show: signed_in, desk.report, lambda: None)
    assert desk.settings.agent_name == "Karim Benali"
    window.go("settings")
    settle(qtbot, desk)
    screen = window.current
    assert isinstance(screen, SettingsScreen)
    assert screen.ui.agent_name.text() == "Karim Benali"
    assert screen.ui.agent_name.isReadOnly()
    assert "selon votre compte" in screen.ui.label_agent_name.text()
    desk.change_settings(replace(desk.settings, agent_name="Nadia Leroy", company="Aide"))
    settle(qtbot, desk)
    assert desk.context.settings.agent_name == "Karim Benali"
    assert kept.settings[-1].company == "Aide"
