"""What is kept on the workstation is whole, sealed, bound to its place, and never lost."""

from pathlib import Path

import pytest

from agent_desk.adapters import keep as keep_module
from agent_desk.adapters.keep import KEY_NAME, Keep
from tests.support.desks import MemorySecrets

NOTE = b"Claire Morvan, 482 915 307"


@pytest.fixture
def secrets() -> MemorySecrets:
    """Give a keyring."""
    return MemorySecrets()


@pytest.fixture
def keep(tmp_path: Path, secrets: MemorySecrets) -> Keep:
    """Give an empty keep."""
    return Keep(tmp_path / "kept", secrets)


def test_a_note_is_read_again_by_another_program_of_the_same_person(
    keep: Keep, tmp_path: Path, secrets: MemorySecrets
) -> None:
    assert keep.put(7, b"before")
    assert keep.put(7, NOTE)
    again = Keep(tmp_path / "kept", secrets)
    assert (again.get(7), list(again.numbers())) == (NOTE, [7])
    again.drop(7)
    again.drop(7)
    assert (keep.get(7), list(keep.numbers())) == (None, [])


def test_nothing_of_it_can_be_read_in_the_file_and_nobody_else_may_open_it(keep: Keep, tmp_path: Path) -> None:
    keep.put(7, NOTE)
    keep.put(8, NOTE)
    files = sorted((tmp_path / "kept").iterdir())
    raw = [file.read_bytes() for file in files]
    assert [file.name for file in files] == ["7.keep", "8.keep"]
    assert not any(word in one for one in raw for word in (b"Morvan", b"482", b"Claire"))
    assert raw[0] != raw[1]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


@pytest.mark.parametrize("byte", [0, 20, 35, -1])
def test_a_spoiled_file_is_set_aside_and_not_believed(keep: Keep, tmp_path: Path, byte: int) -> None:
    keep.put(7, NOTE)
    file = tmp_path / "kept" / "7.keep"
    raw = bytearray(file.read_bytes())
    raw[byte] ^= 1
    file.write_bytes(raw)
    assert keep.get(7) is None
    assert (tmp_path / "kept" / "7.unreadable").read_bytes() == bytes(raw)


def test_a_file_does_not_open_in_place_of_another_nor_with_another_key(
    keep: Keep, tmp_path: Path, secrets: MemorySecrets
) -> None:
    keep.put(7, NOTE)
    (tmp_path / "kept" / "7.keep").rename(tmp_path / "kept" / "8.keep")
    assert keep.get(8) is None
    keep.put(7, NOTE)
    secrets.kept[KEY_NAME] = bytes(32).hex()
    assert keep.get(7) is None


def test_without_a_keyring_nothing_is_written_and_it_says_so(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "kept", MemorySecrets(usable=False))
    assert not keep.lasting
    assert not keep.put(7, NOTE)
    assert not (tmp_path / "kept").exists()


def test_a_keyring_that_is_away_today_leaves_the_file_for_tomorrow(
    keep: Keep, tmp_path: Path, secrets: MemorySecrets
) -> None:
    keep.put(7, NOTE)
    secrets.usable = False
    assert keep.get(7) is None
    secrets.usable = True
    assert keep.get(7) == NOTE


def test_more_than_any_session_holds_is_not_kept(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_module, "LARGEST", 10)
    assert not keep.put(7, NOTE)


def test_a_folder_that_takes_no_file_says_so_and_leaves_no_half(keep: Keep, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        keep.put(7, NOTE)
