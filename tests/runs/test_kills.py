"""Workers and servers are killed or stopped, PostgreSQL restarts: no run is lost, none is doubled, none is torn."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from fmnist.errors import RunConflict
from fmnist.recipe import Recipe
from fmnist.runs import jobs, leases, locks
from fmnist.runs.record import Claim, JobName
from fmnist.runs.store import Store
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.settings import Settings
from fmnist.types import Arrays, Progress
from fmnist.worker.reporter import JobContext, WorkerReporter
from fmnist.worker.runner import run_job
from fmnist.worker.tasks import Task
from tests.conftest import epoch_like_real, wait_until
from tests.runs.conftest import restart

KILLS = 100
EPOCHS = 30
LOGITS = np.zeros((10_000, 10), np.float16)


def work(url: str) -> None:
    """Train as a worker does, without TensorFlow: claim, report and record epochs until the process is killed."""
    store = Store(url)
    lease = store.leases.lease("worker")
    lease.keep()
    while True:
        if (claim := store.jobs.claim(lease.process.id, {})) is None:
            time.sleep(0.01)
            continue
        with suppress(RunConflict):
            if claim.name == "training":
                train(store, claim)
            store.jobs.finish(claim, "succeeded", result={"points": LOGITS[:1]})


def serve(url: str) -> None:
    """Requeue what dead workers left, as a server does, until the process is killed."""
    jobs.MAX_ATTEMPTS = 10**6
    settings = replace(Settings.from_environment(), database_url=url, external_workers=True)
    with WorkerSupervisor(settings, Store(url), "server"):
        threading.Event().wait()


def train(store: Store, claim: Claim) -> None:
    """Record the epochs that are missing."""
    for epoch in range(len(store.run(claim.run).epochs) + 1, EPOCHS + 1):
        store.jobs.record_progress(claim, Progress(epoch, 1, 2, 0.5, 0.8, 9_000.0, 0.1))
        record_epoch(store, claim, epoch)


def record_epoch(store: Store, claim: Claim, epoch: int) -> None:
    """Record arrays that say of which epoch they are."""
    arrays = {"epoch": np.full(3, epoch, np.float32)}
    store.record_epoch(claim, epoch_like_real(epoch), arrays, LOGITS + np.float16(epoch), arrays)


class StandInTasks:
    """A worker's training without TensorFlow, with what happens before each epoch is recorded."""

    def __init__(self, store: Store, before: Callable[[int], None] = lambda epoch: None) -> None:
        self.by_name: dict[JobName, Task] = {"training": self._train}
        self._store, self._before = store, before

    def _train(self, job: JobContext) -> Arrays | None:
        for epoch in range(len(self._store.run(job.claim.run).epochs) + 1, EPOCHS + 1):
            job.report(Progress(epoch, 1, 2, 0.5, 0.8, 9_000.0, 0.1))
            self._before(epoch)
            if job.should_stop():
                return None
            job.retry_until_stored(partial(record_epoch, self._store, job.claim, epoch))
            time.sleep(0.1)
        return {}


def assert_whole(store: Store, run_id: str) -> None:
    run = store.run(run_id)
    assert (run.status, [epoch.epoch for epoch in run.epochs]) == ("succeeded", [*range(1, EPOCHS + 1)])
    for epoch in run.kept:
        assert store.weights(run_id, epoch)["epoch"][0] == store.logits(run_id, epoch)[0, 0] == epoch


@pytest.fixture
def external(settings, monkeypatch):
    monkeypatch.setattr(locks, "SETTLING_SECONDS", 0.0)
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 10**6)  # so many crashes in one epoch are the tests'
    return replace(settings, external_workers=True)


@pytest.fixture
def start(database_url):
    """Start `work` or `serve` in a process; all are killed after the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    started = []

    def start(act):
        started.append(context.Process(target=act, args=(database_url,)))
        started[-1].start()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.join()


@pytest.mark.thorough
def test_kills_cost_the_epoch_at_hand_and_no_more(store, monkeypatch, start, database_url):
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 10**6)
    chance, waited = random.Random(1), []
    runs = [store.submit(Recipe(epochs=EPOCHS), "page").id for _ in range(2 + KILLS // 10)]

    def finished() -> dict[str, int]:
        return {run.id: len(run.epochs) for run in store.runs()}

    server = start(serve)
    for _ in range(KILLS):
        worker = start(work)
        killed = chance.choice([[worker], [server], [server, worker]])
        time.sleep(chance.uniform(0, 0.4))
        before = finished()
        for process in killed:
            process.kill()
            process.join()
        if server in killed:
            server = start(serve)
        now = time.monotonic()
        worker.kill()  # one that outlived its server has gone on until now
        worker.join()
        wait_until(lambda: all(run.status != "running" for run in store.runs()))
        waited.append(time.monotonic() - now)
        assert all(finished()[run_id] >= count for run_id, count in before.items())
    start(work)
    wait_until(lambda: not store.jobs.any_active())
    print(f"requeued after {max(waited):.2f} s at most, {np.median(waited):.2f} s in the median of {KILLS}")
    with closing(Store(database_url)) as again:
        assert sorted(run.id for run in again.runs()) == sorted(runs)
        for run_id in runs:
            assert_whole(again, run_id)
            assert again.jobs.state(run_id, "pca").status == "succeeded"


@pytest.mark.thorough
def test_a_stopped_worker_loses_its_run_and_writes_nothing_when_it_goes_on(store, external, start, monkeypatch):
    monkeypatch.setattr(leases, "STALL_SECONDS", 2.0)
    run = store.submit(Recipe(epochs=EPOCHS), "page")
    with WorkerSupervisor(external, store, "server"):
        stopped = start(work)
        wait_until(lambda: store.run(run.id).epochs)
        with store._database.writing():  # not while it holds the lock of a SQLite store
            os.kill(stopped.pid, signal.SIGSTOP)
        start(work)
        wait_until(lambda: not store.jobs.any_active())
        ended = store.run(run.id)
        os.kill(stopped.pid, signal.SIGCONT)
        time.sleep(1)
    assert store.run(run.id) == ended
    assert_whole(store, run.id)


@pytest.mark.thorough
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_run_outlives_a_restart_of_postgresql(store, external, postgresql_server, monkeypatch):
    monkeypatch.setattr(locks, "SETTLING_SECONDS", 5.0)
    run = store.submit(Recipe(epochs=EPOCHS), "page")

    def restart_once(epoch: int) -> None:
        if epoch == EPOCHS // 2:
            restart(postgresql_server)

    reporter = WorkerReporter(store, leave_with_servers=False)
    with WorkerSupervisor(external, store, "server"), closing(reporter):
        claim = store.jobs.claim(reporter.worker, {})
        run_job(store, reporter, StandInTasks(store, restart_once).by_name, claim)
    assert_whole(store, run.id)
