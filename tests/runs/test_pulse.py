import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import psutil
import pytest

from fmnist.errors import StoreUnavailable
from fmnist.runs import presence
from fmnist.runs.presence import Presence, this_process
from fmnist.runs.pulse import Pulse
from fmnist.runs.store import Store
from fmnist.types import Progress
from tests.conftest import wait_until
from tests.runs.conftest import only_sqlite

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)


@pytest.fixture
def worker():
    return this_process("worker")


@pytest.fixture
def pulse(desk, worker):
    pulse = Pulse(desk.store, worker, leave_with_servers=False)
    yield pulse
    pulse.close()


@pytest.fixture
def run(desk, worker, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=9)
    desk.store.release(run.id, "worker")
    desk.store.claim(run.id, worker.id, {})
    return desk.store.run(run.id)


@pytest.fixture
def carry(desk, worker, run):
    return lambda progress: desk.store.record_progress(run.id, worker.id, progress)


def test_the_worker_is_present_from_the_first_moment_to_the_last(desk, worker):
    pulse = Pulse(desk.store, worker, leave_with_servers=False)
    assert [presence.id for presence in desk.store.presences.all()] == [worker.id]

    pulse.close()
    assert desk.store.presences.all() == []


def test_it_beats(desk, pulse):
    with desk.store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE processes SET beat_at = beat_at - 1000")

    wait_until(lambda: desk.store.presences.all()[0].silence < 500)


def test_a_worker_that_was_taken_for_dead_comes_back(desk, pulse, worker):
    desk.store.presences.leave(worker)

    wait_until(lambda: [presence.id for presence in desk.store.presences.all()] == [worker.id])


def test_progress_reaches_the_store_and_the_wish_to_stop_the_training(desk, pulse, run, carry):
    with pulse.following(carry):
        pulse.report(PROGRESS)
        wait_until(lambda: desk.store.run(run.id).progress == PROGRESS)
        assert not pulse.should_stop()

        desk.stop(run.id)
        pulse.report(replace(PROGRESS, batch=21))
        wait_until(pulse.should_stop)
    assert not pulse.should_stop()
    assert not pulse.leaving.is_set()


def test_a_run_that_was_taken_away_is_left(desk, pulse, run, worker, carry):
    with pulse.following(carry):
        desk.store.release(run.id, worker.id)
        pulse.report(PROGRESS)
        wait_until(pulse.should_stop)
    assert desk.store.run(run.id).progress is None


def test_a_deleted_run_is_left(desk, pulse, run, worker, carry):
    with pulse.following(carry):
        desk.store.release(run.id, worker.id)
        desk.delete(run.id)
        pulse.report(PROGRESS)
        wait_until(pulse.should_stop)


def test_a_report_after_the_run_is_no_news(pulse):
    pulse.report(PROGRESS)

    assert not pulse.should_stop()


def test_a_local_worker_leaves_with_the_last_server(desk, worker):
    servers = [this_process("server"), this_process("command")]
    for server in servers:
        desk.store.presences.beat(server)
    pulse = Pulse(desk.store, worker, leave_with_servers=True)
    desk.store.presences.leave(servers[0])
    assert not pulse.leaving.wait(2.5)

    desk.store.presences.leave(servers[1])
    wait_until(pulse.leaving.is_set)
    assert pulse.should_stop()
    pulse.close()


@pytest.fixture
def server() -> Iterator[subprocess.Popen]:
    """Another process, which a test may end."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def presence_of(process: subprocess.Popen) -> Presence:
    started = psutil.Process(process.pid).create_time() - psutil.boot_time()
    return replace(this_process("server"), pid=process.pid, started=started)


@only_sqlite
def test_a_local_worker_leaves_when_store_and_server_are_gone(desk, worker, server, sqlite_file):
    desk.store.presences.beat(presence_of(server))
    with closing(Pulse(desk.store, worker, leave_with_servers=True)) as pulse:
        assert not pulse.leaving.wait(0.7)
        shutil.rmtree(sqlite_file.parent)
        assert not pulse.leaving.wait(1.5)  # a live server may get its store back

        server.kill()
        server.wait()
        wait_until(pulse.leaving.is_set)
        with pytest.raises(StoreUnavailable):
            pulse.insist(desk.store.runs)
    assert not sqlite_file.parent.exists()


@only_sqlite
def test_a_server_of_another_machine_is_gone_after_its_silence(desk, worker, sqlite_file, monkeypatch):
    monkeypatch.setattr(presence, "SILENCE_SECONDS", 2.0)
    desk.store.presences.beat(replace(this_process("server"), host="another"))
    with closing(Pulse(desk.store, worker, leave_with_servers=True)) as pulse:
        shutil.rmtree(sqlite_file.parent)
        assert not pulse.leaving.is_set()

        wait_until(pulse.leaving.is_set)


@only_sqlite
def test_a_local_worker_stays_in_a_store_that_is_back_until_its_servers_are_there_too(
    desk, worker, settings, sqlite_file
):
    desk.store.presences.beat(this_process("server"))
    with closing(Pulse(desk.store, worker, leave_with_servers=True)) as pulse:
        shutil.rmtree(sqlite_file.parent)
        assert not pulse.leaving.wait(1.5)

        with closing(Store(settings.database_url)) as store:
            wait_until(lambda: [each.id for each in store.presences.all()] == [worker.id])
            assert not pulse.leaving.wait(1.5)


@only_sqlite
def test_a_worker_of_an_operator_outlives_its_store(pulse, sqlite_file):
    shutil.rmtree(sqlite_file.parent)

    assert not pulse.leaving.wait(1.5)


def test_another_worker_stays_without_servers(pulse):
    assert not pulse.leaving.wait(2.5)


@only_sqlite
def test_it_outlives_a_store_that_is_away_for_a_while(desk, pulse, run, carry, sqlite_file, caplog):
    desk.store.run(run.id)
    good = sqlite_file.read_bytes()
    with pulse.following(carry):
        sqlite_file.write_bytes(b"nonsense " * 1_000)
        wait_until(lambda: "file is not a database" in caplog.text)
        assert not pulse.should_stop()
        sqlite_file.write_bytes(good)

        def comes_through():
            pulse.report(PROGRESS)
            return desk.store.run(run.id).progress == PROGRESS

        wait_until(comes_through)
