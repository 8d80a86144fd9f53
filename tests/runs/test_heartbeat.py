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
from fmnist.runs.heartbeat import WorkerHeartbeat
from fmnist.runs.presence import Presence, this_process
from fmnist.runs.store import Store
from fmnist.types import Progress
from tests.conftest import wait_until
from tests.runs.conftest import only_sqlite

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)


@pytest.fixture
def worker():
    return this_process("worker")


@pytest.fixture
def heartbeat(desk, worker):
    heartbeat = WorkerHeartbeat(desk.store, worker, leave_with_servers=False)
    yield heartbeat
    heartbeat.close()


@pytest.fixture
def run(desk, worker, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=9)
    desk.store.release(run.id, "worker")
    desk.store.claim(run.id, worker.id, {})
    return desk.store.run(run.id)


@pytest.fixture
def write_progress(desk, worker, run):
    return lambda progress: desk.store.record_progress(run.id, worker.id, progress)


def test_the_worker_is_present_from_the_first_moment_to_the_last(desk, worker):
    heartbeat = WorkerHeartbeat(desk.store, worker, leave_with_servers=False)
    assert [presence.id for presence in desk.store.presences.all()] == [worker.id]

    heartbeat.close()
    assert desk.store.presences.all() == []


def test_it_beats(desk, heartbeat):
    with desk.store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE processes SET beat_at = beat_at - 1000")

    wait_until(lambda: desk.store.presences.all()[0].silence < 500)


def test_a_worker_that_was_taken_for_dead_comes_back(desk, heartbeat, worker):
    desk.store.presences.leave(worker)

    wait_until(lambda: [presence.id for presence in desk.store.presences.all()] == [worker.id])


def test_progress_reaches_the_store_and_the_wish_to_stop_the_training(desk, heartbeat, run, write_progress):
    with heartbeat.tracking(write_progress):
        heartbeat.report(PROGRESS)
        wait_until(lambda: desk.store.run(run.id).progress == PROGRESS)
        assert not heartbeat.should_stop()

        desk.stop(run.id)
        heartbeat.report(replace(PROGRESS, batch=21))
        wait_until(heartbeat.should_stop)
    assert not heartbeat.should_stop()
    assert not heartbeat.leaving.is_set()


def test_a_run_that_was_taken_away_is_left(desk, heartbeat, run, worker, write_progress):
    with heartbeat.tracking(write_progress):
        desk.store.release(run.id, worker.id)
        heartbeat.report(PROGRESS)
        wait_until(heartbeat.should_stop)
    assert desk.store.run(run.id).progress is None


def test_a_deleted_run_is_left(desk, heartbeat, run, worker, write_progress):
    with heartbeat.tracking(write_progress):
        desk.store.release(run.id, worker.id)
        desk.delete(run.id)
        heartbeat.report(PROGRESS)
        wait_until(heartbeat.should_stop)


def test_a_report_after_the_run_is_no_news(heartbeat):
    heartbeat.report(PROGRESS)

    assert not heartbeat.should_stop()


def test_a_local_worker_leaves_with_the_last_server(desk, worker):
    servers = [this_process("server"), this_process("command")]
    for server in servers:
        desk.store.presences.beat(server)
    heartbeat = WorkerHeartbeat(desk.store, worker, leave_with_servers=True)
    desk.store.presences.leave(servers[0])
    assert not heartbeat.leaving.wait(2.5)

    desk.store.presences.leave(servers[1])
    wait_until(heartbeat.leaving.is_set)
    assert heartbeat.should_stop()
    heartbeat.close()


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
    with closing(WorkerHeartbeat(desk.store, worker, leave_with_servers=True)) as heartbeat:
        assert not heartbeat.leaving.wait(0.7)
        shutil.rmtree(sqlite_file.parent)
        assert not heartbeat.leaving.wait(1.5)  # a live server may get its store back

        server.kill()
        server.wait()
        wait_until(heartbeat.leaving.is_set)
        with pytest.raises(StoreUnavailable):
            heartbeat.retry_until_stored(desk.store.runs)
    assert not sqlite_file.parent.exists()


@only_sqlite
def test_a_server_of_another_machine_is_gone_after_its_silence(desk, worker, sqlite_file, monkeypatch):
    monkeypatch.setattr(presence, "SILENCE_SECONDS", 2.0)
    desk.store.presences.beat(replace(this_process("server"), host="another"))
    with closing(WorkerHeartbeat(desk.store, worker, leave_with_servers=True)) as heartbeat:
        shutil.rmtree(sqlite_file.parent)
        assert not heartbeat.leaving.is_set()

        wait_until(heartbeat.leaving.is_set)


@only_sqlite
def test_a_local_worker_stays_in_a_store_that_is_back_until_its_servers_are_there_too(
    desk, worker, settings, sqlite_file
):
    desk.store.presences.beat(this_process("server"))
    with closing(WorkerHeartbeat(desk.store, worker, leave_with_servers=True)) as heartbeat:
        shutil.rmtree(sqlite_file.parent)
        assert not heartbeat.leaving.wait(1.5)

        with closing(Store(settings.database_url)) as store:
            wait_until(lambda: [each.id for each in store.presences.all()] == [worker.id])
            assert not heartbeat.leaving.wait(1.5)


@only_sqlite
def test_a_worker_of_an_operator_outlives_its_store(heartbeat, sqlite_file):
    shutil.rmtree(sqlite_file.parent)

    assert not heartbeat.leaving.wait(1.5)


def test_another_worker_stays_without_servers(heartbeat):
    assert not heartbeat.leaving.wait(2.5)


@only_sqlite
def test_it_outlives_a_store_that_is_away_for_a_while(desk, heartbeat, run, write_progress, sqlite_file, caplog):
    desk.store.run(run.id)
    good = sqlite_file.read_bytes()
    with heartbeat.tracking(write_progress):
        sqlite_file.write_bytes(b"nonsense " * 1_000)
        wait_until(lambda: "file is not a database" in caplog.text)
        assert not heartbeat.should_stop()
        sqlite_file.write_bytes(good)

        def comes_through():
            heartbeat.report(PROGRESS)
            return desk.store.run(run.id).progress == PROGRESS

        wait_until(comes_through)
