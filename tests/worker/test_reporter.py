"""The worker's second thread: progress goes to the store, requests to stop come back, and a local worker ends alone."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from fmnist.types import Progress, Snapshot
from fmnist.worker import reporter as reporter_module
from fmnist.worker.reporter import JobContext, WorkerReporter
from tests.conftest import claim, wait_until

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)


@pytest.fixture
def sqlite_file(database_url):
    return Path(database_url.removeprefix("sqlite:///"))


@pytest.fixture
def reporter(store):
    with closing(WorkerReporter(store, leave_with_servers=False)) as reporter:
        yield reporter


@pytest.fixture
def run(store, reporter, train_epochs):
    # Never another worker's: the reporter would requeue the run of one that does not live.
    run = store.submit(Recipe(epochs=9), "page")
    claim(store, run.id, reporter.worker)
    train_epochs(run.id, reporter.worker, 1)
    return store.run(run.id)


@pytest.fixture
def claimed(run, reporter):
    return Claim(run.id, "training", reporter.worker)


def test_progress_reaches_the_store_and_the_wish_to_stop_the_training(store, reporter, run, claimed):
    with reporter.tracking(claimed) as job:
        job.report(PROGRESS)
        wait_until(lambda: store.run(run.id).progress == PROGRESS)
        assert not job.should_stop()

        store.request_stop(run.id)
        job.report(replace(PROGRESS, batch=21))
        wait_until(job.should_stop)
    assert job.interrupt == "stop"
    assert not reporter.leaving.is_set()


def test_a_run_that_was_taken_away_is_left(store, reporter, run, claimed):
    with reporter.tracking(claimed) as job:
        store.jobs.release(claimed)
        job.report(PROGRESS)
        wait_until(job.should_stop)
    assert store.run(run.id).progress is None


def test_a_job_that_reports_nothing_is_written_again_but_not_for_ever(store, reporter, claimed, monkeypatch):
    monkeypatch.setattr(reporter_module, "RENEW_SECONDS", 0.0)
    written = []
    monkeypatch.setattr(store.jobs, "record_progress", lambda _claim, progress, *_others: written.append(progress))
    with reporter.tracking(claimed) as job:
        job.report(PROGRESS)
        wait_until(lambda: len(written) > 2)
        monkeypatch.setattr(reporter_module, "SILENT_SECONDS", 0.0)
        count = len(written)
        assert not reporter.leaving.wait(1.6)
        assert len(written) <= count + 1
    assert set(written) == {PROGRESS}


def test_a_local_worker_leaves_with_the_last_server(store):
    servers = [store.leases.lease("server"), store.leases.lease("command")]
    for server in servers:
        server.keep()
    with closing(WorkerReporter(store, leave_with_servers=True)) as reporter:
        servers[0].close()
        assert not reporter.leaving.wait(1.5)

        servers[1].close()
        wait_until(reporter.leaving.is_set)


def test_a_local_worker_leaves_when_its_store_is_gone_for_long(store, sqlite_file, monkeypatch):
    server = store.leases.lease("server")
    server.keep()
    with closing(server), closing(WorkerReporter(store, leave_with_servers=True)) as it:
        shutil.rmtree(sqlite_file.parent)
        assert not it.leaving.wait(1.0)  # a live server may get its store back

        monkeypatch.setattr(reporter_module, "ORPHAN_SECONDS", 0.5)
        wait_until(it.leaving.is_set)
        with pytest.raises(StoreUnavailable):
            it.retry_until_stored(store.runs)
    assert not sqlite_file.parent.exists()


def test_a_worker_of_an_operator_outlives_its_store(reporter, sqlite_file, monkeypatch):
    monkeypatch.setattr(reporter_module, "ORPHAN_SECONDS", 0.0)
    shutil.rmtree(sqlite_file.parent)

    assert not reporter.leaving.wait(1.5)


def test_it_outlives_a_store_that_is_away_for_a_while(store, reporter, run, claimed, sqlite_file, caplog):
    store.run(run.id)
    good = sqlite_file.read_bytes()
    with reporter.tracking(claimed) as job:
        sqlite_file.write_bytes(b"nonsense " * 1_000)
        wait_until(lambda: "file is not a database" in caplog.text)
        assert not job.should_stop()
        sqlite_file.write_bytes(good)

        def comes_through():
            job.report(PROGRESS)
            return store.run(run.id).progress == PROGRESS

        wait_until(comes_through)


def test_snapshots_are_stored_with_the_next_progress(store, reporter, run, claimed):
    snapshots = [Snapshot(1.2, 2.0, [], [], [], []), Snapshot(1.4, 3.0, [], [], [], [])]
    with reporter.tracking(claimed) as job:
        for snapshot in snapshots:
            job.report_snapshot(snapshot)
            job.report(PROGRESS)
        wait_until(lambda: store.snapshots(run.id) == tuple(snapshots))
        job.report(replace(PROGRESS, batch=21))
        wait_until(lambda: store.run(run.id).progress.batch == 21)
    assert store.snapshots(run.id) == tuple(snapshots)


def test_snapshots_that_the_store_refuses_are_stored_later(store, reporter, run, claimed, monkeypatch):
    job = JobContext(claimed, reporter)
    snapshot = Snapshot(1.2, 2.0, [], [], [], [])
    job.report_snapshot(snapshot)
    job.report(PROGRESS)

    def refuse(*_arguments):
        raise StoreUnavailable("The store is away.")

    with monkeypatch.context() as patch:
        patch.setattr(store.jobs, "record_progress", refuse)
        with pytest.raises(StoreUnavailable):
            job.write(store)
    job.report(PROGRESS)
    job.write(store)
    assert store.snapshots(run.id) == (snapshot,)
