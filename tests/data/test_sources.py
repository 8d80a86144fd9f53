import gzip
import signal
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.data import sources
from fmnist.data.dataset import load_dataset
from fmnist.data.sources import FILES, TEST_LABELS, TRAINING_IMAGES, TRAINING_LABELS, CorruptFile, load_file, refusal
from fmnist.errors import DataUnavailable

ARCHIVES = [file.archive for file in FILES]
# The sums of all pixels of the two splits, as every good process prints them.
GOOD = "3431114169 573469082\n"


def flipped(archive: bytes, bit: int) -> bytes:
    return archive[: bit // 8] + bytes([archive[bit // 8] ^ 1 << bit % 8]) + archive[bit // 8 + 1 :]


def store(folder: Path, archives: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, archive in archives.items():
        (folder / name).write_bytes(archive)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


# The check


def test_every_flipped_bit_is_caught(archives):
    archive = archives[TEST_LABELS.archive]
    good = TEST_LABELS.uncompress(archive)
    caught = 0
    for bit in range(len(archive) * 8):
        try:
            assert TEST_LABELS.uncompress(flipped(archive, bit)) == good
        except CorruptFile:
            caught += 1
    # What does no harm is the 10 bytes of the gzip header and the padding behind the last code.
    assert caught > (len(archive) - 10) * 8 - 8


def test_every_truncation_is_caught(archives):
    archive = archives[TEST_LABELS.archive]
    good = TEST_LABELS.uncompress(archive)
    caught = 0
    for length in range(len(archive)):
        try:
            assert TEST_LABELS.uncompress(archive[:length]) == good
        except CorruptFile:
            caught += 1
    # What does no harm is the end: the code that closes the stream, and 8 bytes that say less than the SHA-256.
    assert caught >= len(archive) - 10


def test_other_data_of_the_same_shape_is_refused(archives):
    other = bytearray(gzip.decompress(archives[TEST_LABELS.archive]))
    other[8], other[9] = other[9], other[8]
    with pytest.raises(CorruptFile, match="SHA-256"):
        TEST_LABELS.uncompress(gzip.compress(bytes(other)))


def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    tracemalloc.start()
    try:
        with pytest.raises(CorruptFile, match="10,008 bytes"):
            TEST_LABELS.uncompress(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


# The places


def test_the_data_folder_comes_first_and_is_only_read(archives, empty, mirror):
    folder = store(empty.cache_dir.with_name("data"), archives)
    found = load_file(TRAINING_LABELS, replace(empty, data_dir=folder))
    assert found.path == folder / TRAINING_LABELS.archive
    assert len(found.content) == TRAINING_LABELS.size
    assert contents(folder) == archives
    assert not empty.cache_dir.exists()
    assert mirror.requests == []


def test_the_system_package_is_used(archives, empty, mirror):
    store(sources.SYSTEM_FOLDER, archives)
    assert load_file(TEST_LABELS, empty).path == sources.SYSTEM_FOLDER / TEST_LABELS.archive
    assert mirror.requests == []


def test_a_data_folder_without_the_file_is_reported(empty, mirror, caplog):
    folder = empty.cache_dir.with_name("data")
    found = load_file(TEST_LABELS, replace(empty, data_dir=folder))
    assert found.path.parent == empty.cache_dir
    assert f"FMNIST_DATA_DIR is set, but {folder} holds no {TEST_LABELS.archive}" in caplog.text


def test_why_the_named_folder_is_not_used(archives, empty):
    assert refusal(empty) is None
    folder = store(empty.cache_dir.with_name("data"), archives)
    named = replace(empty, data_dir=folder)
    assert refusal(named) is None
    (folder / TEST_LABELS.archive).write_bytes(flipped(archives[TEST_LABELS.archive], 20_000))
    assert TEST_LABELS.archive in str(refusal(named))
    (folder / TEST_LABELS.archive).unlink()
    assert refusal(named).values == {"file": TEST_LABELS.archive}


def test_a_damaged_file_in_the_data_folder_is_reported_and_left_alone(archives, empty, mirror, caplog):
    damaged = archives | {TEST_LABELS.archive: flipped(archives[TEST_LABELS.archive], 20_000)}
    folder = store(empty.cache_dir.with_name("data"), damaged)
    assert load_file(TEST_LABELS, replace(empty, data_dir=folder)).path.parent == empty.cache_dir
    assert str(folder / TEST_LABELS.archive) in caplog.text
    assert contents(folder) == damaged


# The cache


def test_a_cold_cache_is_filled_once(archives, empty, mirror):
    load_dataset(empty)
    load_dataset(empty)
    assert mirror.requests == ARCHIVES
    assert contents(empty.cache_dir) == archives


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_damaged_cache_heals(archives, empty, mirror, caplog, file):
    archive = archives[file.archive]
    store(empty.cache_dir, archives | {file.archive: flipped(archive, len(archive) * 4)})
    load_dataset(empty)
    assert contents(empty.cache_dir) == archives
    assert mirror.requests == [file.archive]
    assert str(empty.cache_dir / file.archive) in caplog.text


def test_a_truncated_cache_heals(archives, empty, mirror):
    store(empty.cache_dir, {name: archive[: len(archive) // 2] for name, archive in archives.items()})
    load_dataset(empty)
    assert contents(empty.cache_dir) == archives


def test_a_cache_below_a_file_is_explained(empty, mirror):
    empty.cache_dir.write_text("not a folder")
    folder = empty.cache_dir / "cache"
    with pytest.raises(DataUnavailable, match="Not a directory") as caught:
        load_file(TEST_LABELS, replace(empty, cache_dir=folder))
    assert str(folder) in str(caught.value)
    assert "FMNIST_DATA_DIR" in str(caught.value)
    assert mirror.requests == []


def test_a_full_disk_is_explained_and_leaves_nothing_half_written(archives, empty, mirror, start_process):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
    printed, _ = start_process(limit).communicate()
    assert f"{empty.cache_dir}: File too large)" in printed
    assert contents(empty.cache_dir) == {}
    assert start_process().communicate()[0] == GOOD
    assert contents(empty.cache_dir) == archives


def test_nothing_works(empty):
    with pytest.raises(DataUnavailable) as caught:
        load_file(TRAINING_IMAGES, empty)
    message = str(caught.value)
    assert f"- {sources.SYSTEM_FOLDER} holds no train-images-idx3-ubyte.gz" in message
    assert f"- {empty.cache_dir} holds no train-images-idx3-ubyte.gz" in message
    assert "- apt-get: this system has none" in message
    assert "FMNIST_DATA_DIR" in message


# More than one at a time, and sudden ends


@pytest.mark.thorough
@pytest.mark.parametrize("count", [2, pytest.param(8, marks=pytest.mark.thorough)])
def test_processes_that_start_cold_download_once(archives, empty, mirror, start_process, count):
    processes = [start_process() for _ in range(count)]
    assert [process.communicate() for process in processes] == [(GOOD, "")] * count
    assert mirror.requests == ARCHIVES


def test_threads_that_start_cold_download_once(empty, mirror):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: load_file(TEST_LABELS, empty).content, range(4)))
    assert len(set(found)) == 1
    assert mirror.requests == ARCHIVES


@pytest.mark.thorough
@pytest.mark.parametrize("offset", [0, 1, 10_000_000, 26_421_856, 26_430_000, 30_870_000])
def test_a_download_that_is_killed_heals(archives, empty, mirror, start_process, offset):
    reached, killed = threading.Event(), threading.Event()
    total = 0

    def stop_at_offset(name: str, body: bytes, write) -> None:
        nonlocal total
        if reached.is_set():
            write(body)
        elif total + len(body) > offset:
            write(body[: offset - total])
            reached.set()
            killed.wait(300)
        else:
            total += len(body)
            write(body)

    mirror.send = stop_at_offset
    process = start_process()
    assert reached.wait(300)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    killed.set()
    assert contents(empty.cache_dir).items() <= archives.items()
    assert start_process().communicate()[0] == GOOD
    assert contents(empty.cache_dir) == archives


def test_a_write_that_is_killed_heals(archives, empty, mirror, start_process):
    process = start_process("import os, signal; os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)")
    assert process.wait() == -signal.SIGKILL
    (left_behind,) = contents(empty.cache_dir)
    assert left_behind.startswith(".train-images-idx3-ubyte.gz.")
    assert start_process().communicate()[0] == GOOD
    assert contents(empty.cache_dir) == archives
