"""Settings survive being written, moved, damaged and refused."""

import json
import stat
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.settings import (
    FILE_NAME,
    InvalidSettings,
    Settings,
    UnsavedSettings,
    facts,
    faulty_keys,
    load_settings,
    save_settings,
    settings_folder,
)
from agent_desk.wording import load_wording


def test_defaults_are_within_their_own_bounds() -> None:
    assert faulty_keys(Settings()) == ()


def test_every_setting_has_a_line_of_help_and_a_type() -> None:
    declared = facts()
    assert [fact.key for fact in declared] == [one.name for one in fields(Settings)]
    assert all(fact.help and "\n" not in fact.help and fact.kind for fact in declared)


def test_a_first_start_makes_a_mark_that_stays_the_same(tmp_path: Path) -> None:
    first = load_settings(tmp_path / "new")
    assert (first.fault, len(first.settings.agent_id)) == ("", 8)
    assert load_settings(tmp_path / "new").settings == first.settings


def test_the_database_is_a_file_in_the_data_folder_and_moves_with_it(tmp_path: Path) -> None:
    here = load_settings(tmp_path / "here").settings
    assert here.database_url == f"sqlite:///{(tmp_path / 'here' / 'agent-desk.sqlite3').as_posix()}"
    (tmp_path / "here").rename(tmp_path / "there")
    assert "/there/" in load_settings(tmp_path / "there").settings.database_url


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    settings = replace(
        load_settings(tmp_path).settings,
        agent_name="Éloïse d’Arc 👩‍💻",
        database_url="postgresql+psycopg://desk@/desk",
        extra_holidays=(date(2026, 11, 2), date(2027, 5, 7)),
        locator_digits=5,
        first_start_done=True,
    )
    with pytest.raises(InvalidSettings) as refused:
        save_settings(tmp_path, settings)
    assert refused.value.fields == ("agent_name",)  # the joiner in this emoji is not a printable character
    settings = replace(settings, agent_name="Éloïse d’Arc 🙂")
    save_settings(tmp_path, settings)
    assert load_settings(tmp_path).settings == settings


def test_only_this_person_reads_the_file(tmp_path: Path) -> None:
    load_settings(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'"text"', b"[" * 100_000, b" " * 300_000 + b"{}", b"1e999999"],
    ids=["empty", "cut", "not UTF-8", "a list", "a text", "deeply nested", "too long", "no table"],
)
def test_a_broken_file_is_kept_under_another_name_and_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    loaded = load_settings(tmp_path)
    assert (loaded.fault, loaded.kept_as, loaded.fields) == ("settings_broken", "settings.broken-1.json", ())
    assert (tmp_path / loaded.kept_as).read_bytes() == content
    assert load_settings(tmp_path).fault == ""


def test_a_second_broken_file_does_not_overwrite_the_first(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        (tmp_path / FILE_NAME).write_bytes(content)
        load_settings(tmp_path)
    assert (tmp_path / "settings.broken-1.json").read_bytes() == b"one"
    assert (tmp_path / "settings.broken-2.json").read_bytes() == b"two"


def test_values_out_of_bounds_get_their_default_and_the_others_stay(tmp_path: Path) -> None:
    save_settings(tmp_path, replace(Settings(), agent_name="Nadia", company="Aide", agent_id="abcd1234"))
    path = tmp_path / FILE_NAME
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"locator_digits": 9, "extra_holidays": ["2026-02-30"], "company": 3}))
    loaded = load_settings(tmp_path)
    assert loaded.fault == "settings_broken"
    assert loaded.fields == ("company", "locator_digits", "extra_holidays")
    assert (loaded.settings.agent_name, loaded.settings.locator_digits) == ("Nadia", 3)
    assert json.loads((tmp_path / loaded.kept_as).read_text())["locator_digits"] == 9


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agent_name", "x" * 81),
        ("agent_name", "Nadia\r\nBcc: all@example.com"),
        ("sender_address", "no address"),
        ("sender_address", "a@b.example>\n"),
        ("relay_host", "relay example"),
        ("relay_port", 0),
        ("relay_port", True),
        ("relay_port", 65536),
        ("relay_security", "ssl3"),
        ("language", "de"),
        ("theme", ""),
        ("page_url", ""),
        ("locator_digits", 6),
        ("withdrawal_published_days", 6),
        ("checkpoint_minutes", 0),
        ("extra_holidays", ("2026-01-01",)),
        ("agent_hours", "21:00-08:00"),
        ("agent_hours", "08:10-21:00"),
        ("agent_hours", "8-21"),
        ("agent_hours", ""),
        ("agent_hours", "Nord 09:00-18:00"),
        ("agent_hours", "08:00-21:00; 09:00-18:00"),
        ("agent_hours", "08:00-21:00; Nord 09:00-18:00; NORD 10:00-18:00"),
        ("agent_hours", "08:00-21:00; Nord 18:00-09:00"),
        ("agent_hours", "08:00-21:00;"),
        ("first_start_done", 1),
        ("gateway_mode", "on"),
        ("gateway_listen", "8477"),
        ("gateway_listen", "127.0.0.1:65536"),
        ("gateway_listen", "127.0.0.1:8477/page"),
        ("public_url", "aide.example"),
        ("public_url", "https://aide.example/page"),
        ("public_url", "https://user@aide.example"),
        ("gateway_url", "ftp://aide.example"),
        ("trusted_proxies", "proxy.example"),
        ("trusted_proxies", "10.0.0.1;10.0.0.2"),
        ("ice_servers", "stun.example:3478"),
        ("ice_servers", "stun:aide.example\nhttp://aide.example"),
        ("ice_servers", "turn:aide.example user"),
        ("ice_servers", "stun:aide.example\0"),
    ],
)
def test_a_value_out_of_bounds_is_named_and_nothing_is_written(tmp_path: Path, key: str, value: object) -> None:
    settings = replace(Settings(), **{key: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidSettings) as refused:
        save_settings(tmp_path, settings)
    assert refused.value.fields == (key,)
    assert load_wording("en").text(f"errors.{refused.value.code}", **refused.value.values).count(key) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("gateway_listen", "0.0.0.0:443"),
        ("gateway_listen", "[::1]:0"),
        ("gateway_listen", "localhost:65535"),
        ("public_url", "https://aide.example"),
        ("public_url", "https://aide.example:8443/"),
        ("gateway_url", "http://[::1]:8477"),
        ("trusted_proxies", "10.0.0.1"),
        ("trusted_proxies", "10.0.0.0/8, 192.168.1.1 fd00::/8"),
        ("ice_servers", "stun:aide.example\nturn:aide.example:3478?transport=udp\nturns:192.0.2.1 user p%C3%A4ss\n"),
    ],
)
def test_what_a_gateway_needs_is_accepted_as_people_write_it(tmp_path: Path, key: str, value: object) -> None:
    save_settings(tmp_path, replace(Settings(), **{key: value}))  # type: ignore[arg-type]
    assert getattr(load_settings(tmp_path).settings, key) == value


def test_a_folder_that_takes_no_file_is_reported_and_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    loaded = load_settings(tmp_path / "in the way")
    assert loaded.fault in {"settings_unsaved", "settings_broken"}
    assert loaded.settings.agent_id
    assert (tmp_path / "in the way").read_text() == "a file"


def test_a_failed_write_leaves_the_old_file_and_no_scrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_settings(tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()

    def disk_full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent_desk.settings.os.fsync", disk_full)
    with pytest.raises(UnsavedSettings, match="No space left"):
        save_settings(tmp_path, replace(Settings(), company="Aide"))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(FILE_NAME, before)]


def test_a_setting_of_a_newer_program_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"agent_id": "abcd1234", "from_the_future": 1}')
    assert load_settings(tmp_path).fault == ""


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path))
    assert settings_folder() == tmp_path
    monkeypatch.delenv("AGENT_DESK_HOME")
    assert settings_folder().name == "agent-desk"


@given(
    st.dictionaries(
        st.sampled_from([one.name for one in fields(Settings)]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
        ),
    )
)
def test_any_table_in_the_file_gives_settings_within_bounds(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / FILE_NAME).write_text(json.dumps(values))
    assert faulty_keys(load_settings(folder).settings) == ()
