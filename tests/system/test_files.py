import os
import stat

import pytest

from fmnist.system.files import check_writable, write_atomically


def test_files_are_written(tmp_path):
    write_atomically({tmp_path / "one": b"1", tmp_path / "two": b"2"})
    write_atomically({tmp_path / "one": b"11"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"11", "two": b"2"}
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o666 & ~umask


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path):
    write_atomically({tmp_path / ("x" * 255): b"1", tmp_path / ("é" * 127): b"2"})
    assert {path.name for path in tmp_path.iterdir()} == {"x" * 255, "é" * 127}


def test_nothing_half_written_stays(tmp_path, monkeypatch):
    (tmp_path / "one").write_bytes(b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically({tmp_path / "one": b"1", tmp_path / "two": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"before"}


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically({tmp_path / "folder": b"1"})
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_folder_is_tried_before_it_is_made(tmp_path):
    check_writable(tmp_path / "not" / "yet")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    for folder in ("/proc/none", tmp_path / "file", tmp_path / "file" / "none", tmp_path / ("x" * 10_000) / "none"):
        with pytest.raises(OSError, match=r"No such|Not a directory|not permitted|denied|too long"):
            check_writable(type(tmp_path)(folder))
