import sqlite3
import uuid
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fmnist.errors import Diverged, RunConflict, UnknownRun
from fmnist.recipe import NOTEBOOK, Recipe
from fmnist.runs.record import EpochRecord, Progress
from fmnist.runs.rows import MOST_ATTEMPTS
from fmnist.runs.store import Store
from tests.conftest import epoch_like_real, logits_like_real, weights_like_real
from tests.runs.conftest import only_sqlite

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)


@pytest.fixture
def store(desk):
    return desk.store


@pytest.fixture
def in_status(store, run_with_epochs):
    """Make a run with one finished epoch in any status; a queued one was extended."""

    def make(status):
        if status == "queued":
            return store.extend(run_with_epochs(1).id, 3)
        return run_with_epochs(1, status=status)

    return make


# What a run says


def test_a_new_run_waits_with_all_that_was_asked(store):
    run = store.add(NOTEBOOK, "terminal")

    assert run == store.run(run.id) == store.runs()[0]
    assert (run.recipe, run.target_epochs, run.origin, run.status) == (NOTEBOOK, 10, "terminal", "queued")
    assert (run.progress, run.failure, run.epochs, run.stop_requested) == (None, None, (), False)
    assert abs(run.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_runs_are_numbered_from_1_and_listed_newest_first(store):
    ids = [store.add(Recipe(), "page").id for _ in range(3)]

    assert [(run.number, run.id) for run in store.runs()] == [(3, ids[2]), (2, ids[1]), (1, ids[0])]


def test_the_number_of_a_deleted_run_is_not_used_again(store):
    store.delete(store.add(Recipe(), "page").id)

    assert store.add(Recipe(), "page").number == 2


def test_the_store_is_the_same_when_opened_again(store, database_url, run_with_epochs):
    run = run_with_epochs(2)
    again = Store(database_url)

    assert again.runs() == [run]
    again.close()


@pytest.mark.parametrize("bad", ["", "x", "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n", "../../etc/passwd", "é" * 32])
@pytest.mark.parametrize(
    "ask",
    [
        lambda store, bad: store.run(bad),
        lambda store, bad: store.logits(bad, 1),
        lambda store, bad: store.weights(bad, 1),
        lambda store, bad: store.optimizer(bad),
        lambda store, bad: store.artifact(bad, "network.tflite"),
        lambda store, bad: store.extend(bad, 5),
        lambda store, bad: store.request_stop(bad),
        lambda store, bad: store.delete(bad),
    ],
)
def test_what_is_no_run_id_is_refused(tmp_path, ask, bad):
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with pytest.raises(UnknownRun, match="is not a run id; an id has 32 characters"):
        ask(store, bad)
    store.close()


@pytest.mark.parametrize("ask", ["run", "request_stop", "delete"])
def test_a_run_that_is_not_there_is_unknown(store, ask):
    with pytest.raises(UnknownRun, match=r"There is no run 0{32}; it may have been deleted"):
        getattr(store, ask)("0" * 32)


def test_arrays_and_files_of_a_run_that_is_not_there_are_unknown(store):
    for ask in (lambda: store.logits("0" * 32, 1), lambda: store.artifact("0" * 32, "network.tflite")):
        with pytest.raises(UnknownRun, match=r"There is no run 0{32}"):
            ask()


# Its arrays


def test_the_arrays_of_every_epoch_come_back_as_they_were(store, run_with_epochs):
    run = run_with_epochs(3)

    for epoch in (1, 2, 3):
        logits, weights = store.logits(run.id, epoch), store.weights(run.id, epoch)
        np.testing.assert_array_equal(logits, logits_like_real(epoch))
        assert logits.dtype == np.float16
        for name, array in weights_like_real(epoch).items():
            np.testing.assert_array_equal(weights[name], array)
            assert weights[name].dtype == np.float32
    assert run.epochs == tuple(epoch_like_real(epoch) for epoch in (1, 2, 3))


def test_only_the_last_optimizer_state_is_kept(store, run_with_epochs):
    assert store.optimizer(run_with_epochs(3).id)["adam/iteration"] == 3
    assert store.optimizer(store.add(Recipe(), "page").id) == {}


@pytest.mark.parametrize("epoch", [0, -1, 3, 10**30])
def test_an_epoch_that_is_not_there_is_unknown(store, run_with_epochs, epoch):
    run = run_with_epochs(2)
    for ask in (store.logits, store.weights):
        with pytest.raises(UnknownRun, match=f"no finished epoch {epoch}"):
            ask(run.id, epoch)


def test_files_are_there_once_the_run_has_ended(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    assert store.artifact(run.id, "network.tflite") is None

    store.finish(run.id, "worker", "stopped", {"network.tflite": b"one", "network.safetensors": b"two"})
    assert store.artifact(run.id, "network.tflite") == b"one"
    assert store.artifact(run.id, "network.safetensors") == b"two"
    assert store.artifact(run.id, "other") is None


def test_files_of_an_older_epoch_are_gone_when_a_newer_one_is_finished(store, run_with_epochs, train_epochs):
    run = run_with_epochs(1)
    store.extend(run.id, 2)
    assert store.artifact(run.id, "network.tflite") == b"network"

    store.claim(run.id, "worker", {})
    train_epochs(run.id, "worker", 2)
    assert store.artifact(run.id, "network.tflite") is None


def test_an_epoch_that_is_stored_twice_is_stored_once(store, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running")
    train_epochs(run.id, "worker", 2)

    assert [epoch.epoch for epoch in store.run(run.id).epochs] == [1, 2]


def test_an_epoch_is_stored_whole_or_not_at_all(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    numbers = epoch_like_real(2)
    broken = EpochRecord(**{**vars(numbers), "val_loss": None})

    with pytest.raises(Exception, match=r"(?i)null"):
        store.record_epoch(run.id, "worker", broken, weights_like_real(2), logits_like_real(2), {})
    assert store.run(run.id) == run
    assert store.optimizer(run.id)["adam/iteration"] == 1
    with pytest.raises(UnknownRun):
        store.logits(run.id, 2)


@only_sqlite
def test_a_damaged_network_is_said_to_be_damaged(store, run_with_epochs, sqlite_file):
    run = run_with_epochs(1)
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute("UPDATE arrays SET weights = x'0102030405060708'")
    connection.close()

    with pytest.raises(UnknownRun, match="is damaged in the store"):
        store.weights(run.id, 1)


@only_sqlite
def test_a_run_that_cannot_be_read_hides_no_other(store, run_with_epochs, sqlite_file, caplog):
    bad, good = run_with_epochs(1), run_with_epochs(1)
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute("UPDATE runs SET recipe = '{\"colour\": 3}' WHERE id = ?", (bad.id,))
    connection.close()

    assert store.runs() == [good]
    assert "There is no setting colour" in caplog.text
    store.delete(bad.id)


@only_sqlite
def test_a_deleted_run_leaves_nothing(store, run_with_epochs, sqlite_file):
    store.delete(run_with_epochs(2).id)

    connection = sqlite3.connect(sqlite_file)
    for table in ("runs", "epochs", "arrays", "optimizers", "artifacts"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


def test_a_deleted_run_is_unknown(store, run_with_epochs):
    run, other = run_with_epochs(1), run_with_epochs(1)
    store.delete(run.id)

    for ask in (store.run, lambda run_id: store.logits(run_id, 1), lambda run_id: store.weights(run_id, 1)):
        with pytest.raises(UnknownRun):
            ask(run.id)
    assert store.runs() == [other]


# Its statuses


def test_a_claimed_run_trains(store):
    run = store.add(Recipe(), "page")

    assert store.claim(run.id, "a", {"python": "3"})
    assert not store.claim(run.id, "b", {})
    run = store.run(run.id)
    assert (run.status, run.environment, run.runs_ahead) == ("running", {"python": "3"}, None)


@pytest.mark.parametrize("status", ["running", "succeeded", "stopped", "failed"])
def test_only_a_waiting_run_is_claimed(store, in_status, status):
    run = in_status(status)

    assert not store.claim(run.id, "other", {})
    assert store.run(run.id) == run


def test_what_is_no_run_is_not_claimed(store):
    assert not store.claim("0" * 32, "worker", {})
    assert not store.claim("nonsense", "worker", {})


def test_progress_is_carried_and_brings_the_wish_to_stop(store, run_with_epochs):
    run = run_with_epochs(0, status="running")

    assert store.record_progress(run.id, "worker", PROGRESS) is False
    assert store.run(run.id).progress == PROGRESS
    store.request_stop(run.id)
    assert store.record_progress(run.id, "worker", PROGRESS) is True


@pytest.mark.parametrize("status", ["succeeded", "stopped", "failed"])
def test_a_run_ends(store, run_with_epochs, status):
    run = run_with_epochs(1, status="running")
    store.record_progress(run.id, "worker", PROGRESS)
    store.request_stop(run.id)
    failure = Diverged("The loss became {loss}.", loss=float("nan")) if status == "failed" else None
    store.finish(run.id, "worker", status, failure=failure)

    run = store.run(run.id)
    assert (run.status, run.progress, run.stop_requested, run.active) == (status, None, False, False)
    assert str(run.failure) == ("The loss became nan." if status == "failed" else "None")


@pytest.mark.parametrize("status", ["queued", "running", "succeeded", "stopped", "failed"])
@pytest.mark.parametrize(
    "act",
    [
        lambda store, run_id: store.record_progress(run_id, "other", PROGRESS),
        lambda store, run_id: store.record_epoch(run_id, "other", epoch_like_real(2), {}, logits_like_real(), {}),
        lambda store, run_id: store.finish(run_id, "other", "succeeded", {"network.tflite": b"wrong"}),
        lambda store, run_id: store.release(run_id, "other"),
    ],
)
def test_nobody_writes_over_a_run_that_is_not_theirs(store, in_status, status, act):
    run = in_status(status)
    files = store.artifact(run.id, "network.tflite")

    with pytest.raises(RunConflict, match="no longer this worker's"):
        act(store, run.id)
    assert store.run(run.id) == run
    assert store.artifact(run.id, "network.tflite") == files


def test_a_released_run_waits_at_its_old_place(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    later = store.add(Recipe(), "page")
    store.record_progress(run.id, "worker", PROGRESS)
    store.release(run.id, "worker")

    run = store.run(run.id)
    assert (run.status, run.progress, run.runs_ahead, len(run.epochs)) == ("queued", None, 0, 1)
    assert list(store.waiting()) == [run.id, later.id]


@pytest.mark.parametrize("status", ["succeeded", "stopped"])
def test_a_run_with_a_network_can_be_extended(store, in_status, status):
    run = store.extend(in_status(status).id, 7)

    assert (run.status, run.target_epochs, run.recipe.epochs, len(run.epochs)) == ("queued", 7, 1, 1)


@pytest.mark.parametrize("status", ["queued", "running", "failed"])
def test_other_runs_cannot_be_extended(store, in_status, status):
    run = in_status(status)
    with pytest.raises(RunConflict, match="Only a run that succeeded or was stopped"):
        store.extend(run.id, 7)
    assert store.run(run.id) == run


def test_a_waiting_run_without_epochs_is_stopped_at_once(store):
    run = store.request_stop(store.add(Recipe(), "page").id)

    assert (run.status, run.epochs, run.stop_requested) == ("stopped", (), False)
    assert store.waiting() == {}


def test_a_waiting_run_whose_files_are_there_is_stopped_at_once(store, in_status):
    run = store.request_stop(in_status("queued").id)

    assert (run.status, len(run.epochs)) == ("stopped", 1)
    assert store.artifact(run.id, "network.tflite") == b"network"


def test_a_waiting_run_whose_files_are_missing_waits_for_a_worker_to_make_them(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    store.release(run.id, "worker")
    run = store.request_stop(run.id)

    assert (run.status, run.stop_requested) == ("queued", True)
    assert store.claim(run.id, "next", {})
    assert store.run(run.id).stop_requested


@pytest.mark.parametrize("status", ["succeeded", "stopped", "failed"])
def test_stopping_a_run_that_has_ended_changes_nothing(store, in_status, status):
    run = in_status(status)

    assert store.request_stop(run.id) == run


@pytest.mark.parametrize("status", ["queued", "succeeded", "stopped", "failed"])
def test_a_run_that_does_not_train_can_be_deleted(store, in_status, status):
    store.delete(in_status(status).id)

    assert store.runs() == []


def test_a_run_that_trains_cannot_be_deleted(store, in_status):
    run = in_status("running")
    with pytest.raises(RunConflict, match="is training; stop it before you delete it"):
        store.delete(run.id)
    assert store.run(run.id) == run


@pytest.mark.parametrize(("status", "active"), [("queued", True), ("running", True), ("succeeded", False)])
def test_the_store_knows_whether_there_is_work(store, in_status, status, active):
    assert not store.has_work()
    in_status(status)

    assert store.has_work() is active


def test_the_revision_grows_with_every_change(store, train_epochs):
    run = store.add(Recipe(), "page")
    changes = [
        lambda: store.claim(run.id, "worker", {}),
        lambda: store.record_progress(run.id, "worker", PROGRESS),
        lambda: train_epochs(run.id, "worker", 1),
        lambda: store.request_stop(run.id),
        lambda: store.release(run.id, "worker"),
        lambda: store.claim(run.id, "worker", {}),
        lambda: store.finish(run.id, "worker", "stopped"),
        lambda: store.extend(run.id, 7),
        lambda: store.claim(run.id, uuid.uuid4().hex, {}),
        lambda: store.reap(),
    ]
    for change in changes:
        before = store.run(run.id).revision
        change()
        assert store.run(run.id).revision > before


# The queue's order


def test_runs_ahead_counts_those_that_train_and_those_asked_for_earlier(store):
    runs = [store.add(Recipe(), "page") for _ in range(4)]
    store.claim(runs[2].id, "worker", {})

    assert [store.run(run.id).runs_ahead for run in runs] == [1, 2, None, 3]
    assert list(store.waiting()) == [runs[0].id, runs[1].id, runs[3].id]


def test_an_extended_run_waits_behind_those_asked_for_before(store, run_with_epochs):
    run = run_with_epochs(1)
    earlier = store.add(Recipe(), "page")

    assert store.extend(run.id, 3).runs_ahead == 1
    assert list(store.waiting()) == [earlier.id, run.id]


# Workers that die


def test_a_run_is_put_back_when_its_worker_is_gone(store, run_with_epochs):
    run = run_with_epochs(2, status="running", epochs=5)
    store.record_progress(run.id, "worker", PROGRESS)
    store.reap()

    run = store.run(run.id)
    assert (run.status, run.progress, len(run.epochs), run.runs_ahead) == ("queued", None, 2, 0)
    with pytest.raises(RunConflict):
        store.finish(run.id, "worker", "succeeded")


def test_a_run_that_its_idle_worker_lost_is_put_back(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=5)
    store.reap("worker")

    assert store.run(run.id).status == "queued"


def test_a_run_that_takes_its_workers_down_fails(store):
    run = store.add(Recipe(), "page")
    for _ in range(MOST_ATTEMPTS):
        assert store.run(run.id).status == "queued"
        store.claim(run.id, uuid.uuid4().hex, {})
        store.reap()

    run = store.run(run.id)
    assert run.status == "failed"
    assert str(run.failure) == ("The worker died 3 times in the same epoch; it may lack memory. Try a smaller batch.")


def test_a_finished_epoch_and_a_release_give_new_attempts(store, train_epochs):
    run = store.add(Recipe(epochs=50), "page")
    for epoch in range(1, MOST_ATTEMPTS + 1):
        store.claim(run.id, "worker", {})
        train_epochs(run.id, "worker", epoch)
        store.reap()
    for _ in range(MOST_ATTEMPTS):
        store.claim(run.id, "worker", {})
        store.release(run.id, "worker")
    store.claim(run.id, "worker", {})
    store.reap()

    assert store.run(run.id).status == "queued"
