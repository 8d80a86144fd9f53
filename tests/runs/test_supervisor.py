import sys
import time
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import psutil
import pytest
from platformdirs import user_data_path

from fmnist.errors import FmnistError
from fmnist.recipe import Recipe
from fmnist.runs import leases, locks, loop
from fmnist.runs import supervisor as supervisor_module
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.system import subprocesses
from fmnist.worker.reporter import WorkerReporter
from tests.conftest import wait_until
from tests.runs.conftest import only_sqlite

# What becomes of the workers it starts is tested in tests/worker/.


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    monkeypatch.setattr(locks, "SETTLING_SECONDS", 0.3)


@pytest.fixture
def external(settings):
    return replace(settings, external_workers=True)


def test_a_server_is_present_while_it_attends(store, external):
    with WorkerSupervisor(external, store, "server"):
        wait_until(store.leases.living)
        assert [process.kind for process in store.leases.living()] == ["server"]
    assert store.leases.living() == []


@only_sqlite
def test_being_there_writes_nothing(store, external, sqlite_file):
    store.submit(Recipe(), "page")
    with (
        WorkerSupervisor(external, store, "server") as supervisor,
        closing(WorkerReporter(store, leave_with_servers=True)),
    ):
        wait_until(lambda: len(store.leases.living()) == 2)
        before = sqlite_file.stat()
        time.sleep(4 * loop.INTERVAL)
        assert sqlite_file.stat() == before
        assert not supervisor.store_error


def test_no_worker_is_started_where_others_do(store, external):
    store.submit(Recipe(), "page")
    with WorkerSupervisor(external, store, "server") as supervisor:
        wait_until(store.leases.living)
        supervisor.wake()
    assert supervisor._worker is None


def test_no_worker_is_started_while_nothing_waits(store, settings, run_with_epochs, compute):
    compute(run_with_epochs(1).id)
    with WorkerSupervisor(settings, store, "server") as supervisor:
        wait_until(store.leases.living)
        supervisor.wake()
    assert supervisor._worker is None


@only_sqlite
@pytest.mark.parametrize(("available", "count"), [(2e9, 1), (1.9e9, 0)])
def test_a_worker_is_started_ahead_of_a_job_once_and_where_memory_is_ample(
    store, settings, starts, monkeypatch, available, count
):
    monkeypatch.setattr(loop, "INTERVAL", 0.05)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=available))
    started = starts("sys.exit(3)")
    with WorkerSupervisor(settings, store, "server") as supervisor:
        supervisor.warm_up()
        wait_until(lambda: started() == count and supervisor._worker is None)
        supervisor.warm_up()
        time.sleep(1)
        assert supervisor.failure is None  # nothing waits for it
    assert started() == count


@pytest.fixture
def starts(monkeypatch, tmp_path):
    """Let workers be a line of Python; how many were started is how many lines there are in the file."""

    def let(line):
        code = f"open({str(tmp_path / 'starts')!r}, 'a').write('x'); import os, sys, time; {line}"
        monkeypatch.setattr(subprocesses, "command", lambda *_arguments: [sys.executable, "-c", code])
        return lambda: len(path.read_text()) if (path := tmp_path / "starts").exists() else 0

    return let


@only_sqlite
@pytest.mark.parametrize(
    ("line", "sentence"), [("sys.exit(3)", "exit code 3."), ("os.kill(os.getpid(), 9)", "memory ran out")]
)
def test_a_worker_that_cannot_start_is_told_and_started_again_later_and_later(
    store, settings, starts, monkeypatch, line, sentence
):
    monkeypatch.setattr(supervisor_module, "RESTART_DELAY", 0.3)
    monkeypatch.setattr(loop, "INTERVAL", 0.05)
    started = starts(line)
    run = store.submit(Recipe(), "page")
    with WorkerSupervisor(settings, store, "server") as supervisor:
        wait_until(lambda: sentence in str(store.run(run.id).failure))
        later = store.submit(Recipe(), "page")
        wait_until(lambda: sentence in str(store.run(later.id).failure))
        wait_until(lambda: started() == 3)
        assert supervisor._pause == pytest.approx(0.3 * 2**3)
        before = started()
        supervisor.retry()
        wait_until(lambda: started() > before)
        wait_until(lambda: supervisor.failure)
        for each in (run, later):
            store.request_stop(each.id)
        wait_until(lambda: supervisor.failure is None)


@only_sqlite
def test_what_a_worker_told_itself_stays_and_one_that_is_ready_ends_it(store, settings, starts, monkeypatch):
    monkeypatch.setattr(supervisor_module, "RESTART_DELAY", 0.3)
    monkeypatch.setattr(loop, "INTERVAL", 0.05)
    run = store.submit(Recipe(), "page")
    starts("sys.exit(2)")
    store.start_failures.record(FmnistError("No data."))
    with WorkerSupervisor(settings, store, "server") as supervisor:
        wait_until(lambda: str(supervisor.failure) == "No data.")
        starts("time.sleep(600)")
        supervisor.retry()
        wait_until(lambda: supervisor._worker)
        store.start_failures.clear()
        wait_until(lambda: supervisor.failure is None)
        assert store.run(run.id).failure is None
        supervisor._worker.kill()
        supervisor._worker.wait()


@only_sqlite
def test_the_run_of_a_worker_that_died_waits_again(store, settings, starts, run_with_epochs):
    starts("sys.exit(3)")
    run = run_with_epochs(1, status="running", epochs=3)  # by a worker that is not there
    with WorkerSupervisor(settings, store, "server"):
        wait_until(lambda: "exit code 3" in str(store.run(run.id).failure))
    waiting = store.run(run.id)
    assert (waiting.status, len(waiting.epochs)) == ("queued", 1)


@only_sqlite
def test_a_worker_of_its_own_that_does_nothing_is_replaced(store, settings, starts, monkeypatch):
    monkeypatch.setattr(leases, "STALL_SECONDS", 0.5)
    started = starts(f"""
from fmnist.runs.store import Store
store = Store({settings.database_url!r})
lease = store.leases.lease('worker')
lease.keep()
store.jobs.claim(lease.process.id, {{}})
time.sleep(600)""")
    run = store.submit(Recipe(), "page")
    with WorkerSupervisor(settings, store, "server") as supervisor:
        wait_until(lambda: started() == 2)
        assert supervisor.failure is None
        supervisor._worker.kill()
        supervisor._worker.wait()
    assert store.run(run.id).active


@only_sqlite
def test_a_program_that_cannot_be_run_is_told(store, settings, monkeypatch):
    monkeypatch.setattr(subprocesses, "command", lambda *_arguments: ["/nowhere/python"])
    run = store.submit(Recipe(), "page")
    with WorkerSupervisor(settings, store, "server"):
        wait_until(lambda: "cannot start the worker: No such file" in str(store.run(run.id).failure))


def test_where_others_start_workers_and_none_is_there_it_is_told(store, external):
    with WorkerSupervisor(external, store, "server") as supervisor:
        wait_until(lambda: "No worker is running" in str(supervisor.failure))  # before anybody asks for a run
        run = store.submit(Recipe(), "page")
        wait_until(lambda: "No worker is running" in str(store.run(run.id).failure))
        with closing(store.leases.lease("worker")) as worker:
            worker.keep()
            wait_until(lambda: supervisor.failure is None)


@only_sqlite
def test_trouble_is_told_while_it_lasts(store, external, sqlite_file, caplog):
    good = sqlite_file.read_bytes()
    with WorkerSupervisor(external, store, "server") as supervisor:
        wait_until(store.leases.living)
        with sqlite_file.open("r+b") as file:  # not truncated, which would be an empty database for a moment
            file.write(b"nonsense " * 1_000)
        wait_until(lambda: "file is not a database" in str(supervisor.store_error))

        sqlite_file.write_bytes(good)
        wait_until(lambda: supervisor.store_error is None)
    assert caplog.text.count("file is not a database") == 1


@only_sqlite
def test_it_leaves_though_the_store_cannot_be_written(store, external, sqlite_file):
    with WorkerSupervisor(external, store, "server"):
        wait_until(store.leases.living)
        sqlite_file.write_bytes(b"nonsense " * 1_000)


@pytest.mark.thorough
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_trains_what_waits_in_postgresql(store, settings, tmp_path, monkeypatch):
    # Nothing of the project is on this machine yet: its data folder is still to be made.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new"))
    if not user_data_path().is_relative_to(tmp_path):
        pytest.skip("this platform's data folder cannot be moved")
    run = store.submit(Recipe(epochs=2, training_images=500), "page")
    with WorkerSupervisor(settings, store, "command") as supervisor:
        supervisor.wake()
        wait_until(lambda: not store.run(run.id).active)
    ended = store.run(run.id)

    assert (ended.status, len(ended.epochs)) == ("succeeded", 2)
    assert store.logits(run.id, 2).shape == (10_000, 10)
    # Nobody wants it any more.
    assert supervisor._worker.wait() == 0
    assert store.leases.living() == []
