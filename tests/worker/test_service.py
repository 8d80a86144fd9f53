"""Real workers train real, small runs; they are killed, told to go, and robbed of their disk."""

import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from fmnist.data import sources
from fmnist.recipe import Recipe
from fmnist.runs.database import sibling_path
from fmnist.worker import service
from tests.conftest import wait_until
from tests.worker.conftest import in_the_middle_of_an_epoch

# Epochs of a second or two: long enough to be met in the middle of one. Validating on the test set costs nothing more.
ENDLESS = Recipe(epochs=200, batch_size=16, training_images=3_000, validation="test")
SHORT = Recipe(epochs=3, batch_size=16, training_images=2_000, validation="test")


@pytest.mark.thorough
def test_a_killed_worker_costs_the_epoch_it_was_in_and_no_more(store, look, start):
    run = store.submit(SHORT, "terminal")
    worker = start("-m", "fmnist", "worker")
    wait_until(lambda: in_the_middle_of_an_epoch(look(run.id)))
    assert has_batch_scheduling(worker.pid)
    worker.kill()
    worker.wait()
    killed = look(run.id)
    first_logits = store.logits(run.id, 1).tobytes()
    assert killed.status == "running"

    successor = start("-m", "fmnist", "worker")
    wait_until(lambda: not look(run.id).active)
    ended = look(run.id)
    assert (ended.status, [epoch.epoch for epoch in ended.epochs]) == ("succeeded", [1, 2, 3]), start.log()
    assert ended.epochs[: len(killed.epochs)] == killed.epochs
    assert store.logits(run.id, 1).tobytes() == first_logits
    assert "tensorflow" in " ".join(ended.environment["packages"])
    # The epoch that was trained twice has its points once.
    places = [point.epochs for point in store.curve(run.id)]
    assert places == sorted(set(places)) and places[0] < 1 < 2 < places[-1]

    # Told to go in the middle of an epoch, a worker puts its run back before it ends.
    interrupted = store.submit(ENDLESS, "terminal")
    wait_until(lambda: in_the_middle_of_an_epoch(look(interrupted.id)))
    successor.send_signal(signal.SIGTERM)
    assert successor.wait() == 0
    interrupted = look(interrupted.id)
    assert (interrupted.status, interrupted.progress) == ("queued", None)
    assert interrupted.epochs
    assert store.leases.living() == []


def test_a_worker_that_cannot_lower_its_priority_trains_all_the_same(monkeypatch, caplog):
    def forbid(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "nice", lambda _niceness: NotImplemented)
    monkeypatch.setattr(os, "SCHED_BATCH", 3, raising=False)
    monkeypatch.setattr(os, "sched_param", int, raising=False)
    monkeypatch.setattr(os, "sched_setscheduler", forbid, raising=False)
    service._lower_priority()
    assert "Operation not permitted" in caplog.text


def has_batch_scheduling(process: int) -> bool:
    """Return true where the training threads have batch scheduling on Linux; a few others started before."""
    if sys.platform != "linux":
        return True
    policies = [os.sched_getscheduler(int(thread.name)) for thread in Path(f"/proc/{process}/task").iterdir()]
    return os.sched_getscheduler(process) == os.SCHED_BATCH and policies.count(os.SCHED_BATCH) > len(policies) / 2


# A worker that is too large after its first piece of work.
LARGE_WORKER = """
from fmnist.settings import Settings
from fmnist.worker import memory, service

memory.LIMIT_BYTES = 0
service.work(Settings.from_environment(), local=False)
"""


@pytest.mark.thorough
def test_what_happens_to_the_runs_of_one_worker(store, look, start, settings, run_with_epochs):
    """Damage, a renewed process, Stop, more epochs, a full disk, a deleted run: all with one worker, for speed."""
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    damaged = store.extend(run_with_epochs(1).id, 1)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE checkpoints SET weights = x'0102030405060708'")
    connection.close()
    # Its optimizer's state is not Adam's.
    foreign = store.extend(run_with_epochs(1).id, 1)
    worker = start("-c", LARGE_WORKER)
    wait_until(store.leases.living)
    (before,) = store.leases.living()

    wait_until(lambda: not look(foreign.id).active)
    (renewed,) = store.leases.living()
    assert renewed.id != before.id
    assert renewed.pid == before.pid == worker.pid
    assert psutil.Process(worker.pid).cmdline()[-3:] == ["-m", "fmnist", "worker"]
    assert psutil.Process(worker.pid).nice() == min(psutil.Process().nice() + service.NICENESS, 19)
    assert (look(damaged.id).status, look(foreign.id).status) == ("failed", "failed")
    assert "damaged in the store" in str(look(damaged.id).failure)
    assert "The training ended with an error: KeyError" in str(look(foreign.id).failure)

    stopped = store.submit(ENDLESS, "page")
    wait_until(lambda: in_the_middle_of_an_epoch(look(stopped.id)))
    assert has_batch_scheduling(worker.pid)
    store.request_stop(stopped.id)
    wait_until(lambda: not look(stopped.id).active)
    stopped = look(stopped.id)
    done = len(stopped.epochs)
    assert (stopped.status, stopped.stop_requested) == ("stopped", False)
    assert stopped.epochs

    extended = store.extend(stopped.id, 1)
    wait_until(lambda: not look(extended.id).active)
    extended = look(extended.id)
    assert extended.status == "succeeded"
    assert extended.epochs[:done] == stopped.epochs
    assert len(extended.epochs) == done + 1

    # Nothing can grow on a full disk, but what is there can be changed.
    full = store.submit(SHORT, "page")
    wait_until(lambda: look(full.id).epochs)
    unlimited = psutil.Process(worker.pid).rlimit(psutil.RLIMIT_FSIZE)
    psutil.Process(worker.pid).rlimit(psutil.RLIMIT_FSIZE, (database.stat().st_size, unlimited[1]))
    wait_until(lambda: "free space" in start.log())
    recorded = look(full.id).epochs
    assert look(full.id).status == "running"
    psutil.Process(worker.pid).rlimit(psutil.RLIMIT_FSIZE, unlimited)
    wait_until(lambda: not look(full.id).active)
    assert look(full.id).status == "succeeded"
    assert [epoch.epoch for epoch in look(full.id).epochs] == [1, 2, 3]
    assert look(full.id).epochs[: len(recorded)] == recorded

    # Deleted by force: the worker lets go of it and takes the next.
    deleted, following = store.submit(ENDLESS, "page"), store.submit(SHORT, "page")
    wait_until(lambda: in_the_middle_of_an_epoch(look(deleted.id), after=0))
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM runs WHERE id = ?", (deleted.id,))
    connection.close()
    wait_until(lambda: not look(following.id).active)
    assert look(following.id).status == "succeeded"
    assert worker.poll() is None


SERVER = """
import sys, time
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.runs.store import Store
from fmnist.settings import Settings

settings = Settings.from_environment()
store = Store(settings.database_url)
with WorkerSupervisor(settings, store, "server"):
    sys.stdin.read()
"""


@pytest.mark.thorough
def test_a_local_worker_goes_with_its_server_and_the_next_one_goes_on(store, look, start):
    run = store.submit(ENDLESS, "page")

    def workers() -> list[int]:
        return [process.pid for process in store.leases.living() if process.kind == "worker"]

    first = start("-c", SERVER)
    wait_until(lambda: in_the_middle_of_an_epoch(look(run.id)))
    assert len(workers()) == 1
    first.kill()
    first.wait()
    wait_until(lambda: look(run.id).status == "queued")
    wait_until(lambda: not workers())
    done = look(run.id).epochs
    assert done

    second = start("-c", SERVER)
    wait_until(lambda: in_the_middle_of_an_epoch(look(run.id), after=len(done) + 1))
    second.stdin.close()
    assert second.wait() == 0
    wait_until(lambda: look(run.id).status == "queued")
    wait_until(lambda: not workers())
    assert look(run.id).epochs[: len(done)] == done
    assert not workers()


@pytest.mark.thorough
def test_a_worker_goes_on_in_an_older_copy_of_its_store_and_ends_without_store_and_server(
    store, look, start, settings, tmp_path_factory
):
    file, copy = Path(settings.database_url.removeprefix("sqlite:///")), tmp_path_factory.mktemp("copy") / "copy"
    run = store.submit(ENDLESS, "page")
    server = start("-c", SERVER)
    wait_until(lambda: look(run.id).epochs)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    (worker,) = [each for each in store.leases.living() if each.kind == "worker"]
    copied = look(run.id).epochs
    wait_until(lambda: len(look(run.id).epochs) > len(copied))
    shutil.rmtree(file.parent)
    file.parent.mkdir()
    copy.rename(file)

    wait_until(lambda: len(look(run.id).epochs) > len(copied) + 1)
    assert [each.id for each in store.leases.living() if each.kind == "worker"] == [worker.id], start.log()
    assert look(run.id).status == "running"

    shutil.rmtree(file.parent)
    server.kill()
    server.wait()
    wait_until(lambda: not psutil.pid_exists(worker.pid))
    assert not file.parent.exists()


def test_of_two_local_workers_the_second_goes_at_once(store, start, settings):
    with FileLock(sibling_path(settings.database_url, "-worker.lock")):
        assert start("-m", "fmnist", "worker", "--local").wait() == 0
    assert store.leases.living() == []
    assert start.log() == ""


def test_a_local_worker_without_a_server_ends_by_itself(store, look, start):
    run = store.submit(SHORT, "page")

    assert start("-m", "fmnist", "worker", "--local").wait() == 0
    assert (look(run.id).status, look(run.id).epochs) == ("queued", ())


def test_a_worker_whose_store_is_unusable_says_so_in_a_sentence(settings, start):
    Path(settings.database_url.removeprefix("sqlite:///")).write_text("my thesis\n" * 1_000)

    assert start("-m", "fmnist", "worker").wait() == 2
    assert "file is not a database" in start.log()
    assert "Traceback" not in start.log()


def test_a_worker_that_cannot_start_tells_the_store_why(store, look, start, tmp_path, monkeypatch):
    if sources.SYSTEM_FOLDER.exists():
        pytest.skip("the system's own package brings the data")
    (tmp_path / "file").touch()
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    run = store.submit(SHORT, "page")
    with monkeypatch.context() as without_data:
        without_data.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        assert start("-m", "fmnist", "worker").wait() == 2
    failure = look(run.id).failure
    assert "cache folder on this server cannot be written" in str(failure)
    assert str(tmp_path) not in str(failure)

    worker = start("-m", "fmnist", "worker")
    wait_until(lambda: look(run.id).status == "running")
    assert look(run.id).failure is None
    worker.kill()
