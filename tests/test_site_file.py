"""What a site hands out to its workstations wins, and a slip of the pen is told rather than passed over."""

from datetime import date
from pathlib import Path

import pytest

from agent_desk.paths import data_path, site_path
from agent_desk.settings import Settings, facts, has_password, load_settings
from agent_desk.site_file import PERSONAL, SiteFileFault, load_site_file
from agent_desk.wiring.station import Station
from agent_desk.wording import load_wording
from tests.support.deskctl import deskctl

SITE = """
database_url = "postgresql://@db.example/desk"
signal_database_url = "postgresql://@direct.example/desk"
report_database_url = "postgresql://@copy.example/desk"
relay_host = "relay.example"
relay_port = 25
extra_holidays = [2026-12-24, "2026-12-31"]
ice_servers = '''
stun:stun.example:3478
turn:turn.example:3478?transport=udp
'''
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a site file as IT hands it out."""
    path = tmp_path / "site.toml"
    path.write_text(SITE, encoding="utf-8")
    monkeypatch.setenv("AGENT_DESK_SITE", str(path))
    return path


def fault(path: Path, text: str | bytes) -> SiteFileFault:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SiteFileFault) as refused:
        load_site_file(path)
    for language in ("fr", "en"):
        sentence = load_wording(language).text(f"errors.{refused.value.code}", **refused.value.values)
        assert len(sentence) <= 160
    return refused.value


def test_the_site_wins_and_what_it_does_not_say_is_the_workstations(file: Path, tmp_path: Path) -> None:
    settings = Station(tmp_path / "home").read_site()
    assert settings.database_url == "postgresql://@db.example/desk"
    assert settings.relay_port == 25
    assert settings.extra_holidays == (date(2026, 12, 24), date(2026, 12, 31))
    assert settings.ice_servers.count("\n") >= 2
    assert settings.company == Settings().company


def test_what_the_site_sets_is_never_written_to_the_workstations_own_file(file: Path, tmp_path: Path) -> None:
    station = Station(tmp_path / "home")
    in_force = station.read_site()
    station.save(in_force)
    assert station.site_keys >= {"database_url", "relay_host", "relay_port"}
    file.unlink()
    own = load_settings(tmp_path / "home").settings
    assert own.database_url.startswith("sqlite:///")
    assert (own.relay_host, own.relay_port) == ("", 587)


def test_without_a_site_file_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_DESK_SITE", "")
    assert site_path() is None
    station = Station(tmp_path / "home")
    assert (station.read_site(), station.site_keys) == (station.loaded.settings, frozenset())


def test_a_file_that_is_named_and_not_there_is_no_reason_to_open_another_database(file: Path, tmp_path: Path) -> None:
    file.unlink()
    with pytest.raises(SiteFileFault) as refused:
        Station(tmp_path / "home").read_site()
    assert refused.value.code == "site_file_unreadable"


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("database_ur", "database_url"), ("Relay-Host", "relay_host"), ("zzz", None), ("", None), ("x" * 5000, None)],
)
def test_an_unknown_key_is_named_with_the_nearest_that_there_is(file: Path, typed: str, nearest: str | None) -> None:
    refused = fault(file, f'"{typed}" = 1')
    assert refused.code == "site_key_unknown"
    assert refused.values["key"] == typed if len(typed) <= 30 else str(refused.values["key"]).endswith("…")
    assert refused.values["nearest"] in {fact.key for fact in facts()} - PERSONAL
    if nearest:
        assert refused.values["nearest"] == nearest


@pytest.mark.parametrize(
    "line",
    [
        "relay_port = '25'",
        "relay_port = true",
        "relay_port = 70000",
        "relay_host = 'not a host'",
        "database_url = 'mysql://db.example/desk'",
        "signal_database_url = 'sqlite:///desk.sqlite3'",
        "language = 'de'",
        "extra_holidays = ['2026-02-30']",
        "extra_holidays = 2026-12-24",
        "[relay_host]\nname = 'x'",
    ],
)
def test_a_value_of_the_wrong_kind_or_out_of_bounds_is_named_by_its_key(file: Path, line: str) -> None:
    refused = fault(file, line)
    assert refused.code == "site_value_refused"
    assert str(refused.values["key"]) in line


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nadia:s3cret@db.example/desk",
        "postgresql+psycopg://@/desk?host=db.example&password=s3cret",
        "postgresql://nadia@db.example/desk?sslpassword=s3cret",
    ],
)
def test_a_password_has_no_place_in_it(file: Path, address: str) -> None:
    assert fault(file, f"database_url = '{address}'").code == "site_password"


@pytest.mark.parametrize("address", ["postgresql://nadia@db.example:5432/desk", "sqlite:///C:/desk@home.sqlite3", ""])
def test_an_address_without_a_password_is_not_mistaken(address: str) -> None:
    assert not has_password(address)


@pytest.mark.parametrize("key", sorted(PERSONAL))
def test_what_belongs_to_one_workstation_is_refused(file: Path, key: str) -> None:
    assert fault(file, f"{key} = 'abcd1234'").code == "site_key_personal"


@pytest.mark.parametrize("text", ["database_url", "relay_port = 25\nrelay_port = 26", "= 1", "x = [1,"])
def test_bad_toml_is_told_with_its_line(file: Path, text: str) -> None:
    refused = fault(file, text)
    assert refused.code == "site_file_syntax"
    assert set(str(refused.values["line"])) <= set("0123456789?")


@pytest.mark.parametrize("raw", [b"company = '\xff'", b"#" * 300_000], ids=["not UTF-8", "too long"])
def test_what_cannot_be_read_is_told(file: Path, raw: bytes) -> None:
    assert fault(file, raw).code == "site_file_unreadable"


def test_a_byte_order_mark_of_a_windows_editor_is_no_fault(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfrelay_port = 25\r\n")
    assert load_site_file(file).values == {"relay_port": 25}


def test_the_file_that_ships_as_a_pattern_is_one(tmp_path: Path) -> None:
    found = load_site_file(data_path("resources", "installer", "site.toml")).values
    assert {"database_url", "relay_host", "gateway_mode"} <= found.keys()
    assert found["extra_holidays"] == (date(2026, 12, 24), date(2026, 12, 31))


def test_deskctl_says_the_same_in_one_line_and_opens_nothing(file: Path, tmp_path: Path) -> None:
    file.write_text("datbase_url = 'postgresql://@db.example/desk'")
    said = deskctl("verify-log", environment={"LANG": "en"})
    assert said.refuses("site")
    assert "datbase_url" in said.err
    assert "database_url" in said.err
    assert not list(tmp_path.rglob("*.sqlite3"))
