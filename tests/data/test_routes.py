import os
import shutil
import socket

import pytest

from fmnist.data import routes
from fmnist.data.dataset import load_dataset
from fmnist.data.routes import DownloadProgress
from fmnist.data.sources import FILES, TEST_LABELS, TRAINING_IMAGES, load_file
from fmnist.errors import DataUnavailable
from fmnist.settings import Settings

ARCHIVES = [file.archive for file in FILES]


def stored(settings: Settings) -> dict[str, bytes]:
    return {name: (settings.cache_dir / name).read_bytes() for name in ARCHIVES}


def test_progress_tells_every_file_to_its_end(archives, empty, mirror):
    told: list[DownloadProgress] = []
    load_dataset(empty, told.append)
    assert {progress.route for progress in told} == {mirror.url}
    assert {progress.total for progress in told if progress.file == ARCHIVES[0]} == {len(archives[ARCHIVES[0]])}
    for name in ARCHIVES:
        done = [progress.done for progress in told if progress.file == name]
        assert done == sorted(done)
        assert done[-1] == len(archives[name])


def test_a_mirror_without_the_files_gives_way_after_one_request(archives, empty, start_mirror):
    first, second = start_mirror(), start_mirror()
    first.archives.clear()
    load_file(TEST_LABELS, empty)
    assert first.requests == ARCHIVES[:1]
    assert second.requests == ARCHIVES
    assert stored(empty) == archives


def test_a_mirror_that_breaks_off_gives_way_for_the_rest(archives, empty, start_mirror):
    first, second = start_mirror(), start_mirror()
    first.send = lambda name, body, write: write(body if name != ARCHIVES[2] else body[:1_000_000])
    load_dataset(empty)
    assert first.requests == ARCHIVES[:3]
    assert second.requests == ARCHIVES[2:]
    assert stored(empty) == archives


def test_a_mirror_with_other_files_gives_way(archives, empty, start_mirror):
    first, second = start_mirror(), start_mirror()
    first.archives = dict.fromkeys(ARCHIVES, b"<html>Please log in to this network.</html>")
    load_dataset(empty)
    assert second.requests == ARCHIVES
    assert stored(empty) == archives


def test_a_silent_mirror_gives_way(archives, empty, start_mirror, monkeypatch):
    monkeypatch.setattr(routes, "ROUTE_TIMEOUT", 0.5)
    start_mirror()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(routes, "MIRRORS", (f"http://127.0.0.1:{silent.getsockname()[1]}/", *routes.MIRRORS))
        load_dataset(empty)
    assert stored(empty) == archives


def test_an_endless_answer_is_cut_off(empty, mirror):
    sent = 0

    def send_for_ever(name: str, body: bytes, write) -> None:
        nonlocal sent
        while True:
            sent += write(bytes(1_000_000))

    mirror.send = send_for_ever
    with pytest.raises(DataUnavailable, match="not intact gzip"):
        load_file(TRAINING_IMAGES, empty)
    # What was under way in the buffers of the connection comes on top.
    assert sent < TRAINING_IMAGES.size + 20_000_000


def test_a_mirror_that_nobody_answers_for_is_named(empty, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    monkeypatch.setattr(routes, "MIRRORS", (url,))
    with pytest.raises(DataUnavailable, match=f"- {url}: .*refused"):
        load_file(TEST_LABELS, empty)


@pytest.mark.skipif(not shutil.which("apt-get"), reason="this system has no apt-get")
def test_the_package_archive_brings_the_files(archives, empty, monkeypatch):
    monkeypatch.setenv("PATH", os.defpath)
    left_behind = empty.cache_dir / "apt-killed" / "lists"
    left_behind.mkdir(parents=True)
    told: list[DownloadProgress] = []
    try:
        found = load_file(TEST_LABELS, empty, told.append)
    except DataUnavailable as error:
        if "Failed to fetch" in str(error):
            pytest.skip("apt-get cannot reach its archive")
        raise
    assert found.path == empty.cache_dir / TEST_LABELS.archive
    assert {path.name for path in empty.cache_dir.iterdir()} == {"lock", *ARCHIVES}
    assert told[-1] == DownloadProgress("apt-get", "dataset-fashion-mnist", told[-1].total, told[-1].total)
    assert [file.read(empty.cache_dir) for file in FILES] == [file.uncompress(archives[file.archive]) for file in FILES]


@pytest.mark.skipif(not shutil.which("apt-get"), reason="this system has no apt-get")
def test_what_apt_get_says_is_passed_on(empty, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", os.defpath)
    (tmp_path / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{tmp_path}/none.list";\nDir::Etc::sourceparts "{tmp_path}/none.list.d";\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    with pytest.raises(DataUnavailable, match=r"- apt-get: .*Unable to locate package dataset-fashion-mnist"):
        load_file(TEST_LABELS, empty)
    assert [path.name for path in empty.cache_dir.iterdir()] == ["lock"]


@pytest.mark.skipif(not shutil.which("apt-get"), reason="this system has no apt-get")
def test_apt_get_is_not_started_on_a_full_disk(empty, monkeypatch):
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.setattr(routes, "WORKSPACE_BYTES", 10**18)
    with pytest.raises(DataUnavailable, match=f"- apt-get: it needs .* MB in {empty.cache_dir} .* free some space"):
        load_file(TEST_LABELS, empty)
    assert [path.name for path in empty.cache_dir.iterdir()] == ["lock"]
