import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fmnist.errors import DamagedRun, InvalidSample, RunConflict, UnknownRun
from fmnist.recipe import NOTEBOOK, Recipe
from fmnist.runs.parse import PARTS
from fmnist.runs.record import Claim
from fmnist.runs.rows import ranges
from fmnist.runs.schema import runs
from fmnist.runs.store import Store
from fmnist.types import EpochMetrics
from tests.conftest import epoch_like_real, held_out_logits_like_real, logits_like_real, weights_like_real
from tests.runs.conftest import only_sqlite

# What a run says


def test_a_new_run_waits_with_all_that_was_asked(store):
    run = store.submit(NOTEBOOK, "terminal")

    assert run == store.run(run.id) == store.runs()[0]
    assert (run.recipe, run.target_epochs, run.origin, run.status) == (NOTEBOOK, 10, "terminal", "queued")
    assert (run.progress, run.failure, run.epochs, run.stop_requested) == (None, None, (), False)
    assert abs(run.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_runs_are_numbered_from_1_and_listed_newest_first(store):
    ids = [store.submit(Recipe(), "page").id for _ in range(3)]

    assert [(run.number, run.id) for run in store.runs()] == [(3, ids[2]), (2, ids[1]), (1, ids[0])]


def test_the_number_of_a_deleted_run_is_not_used_again(store):
    store.delete(store.submit(Recipe(), "page").id)

    assert store.submit(Recipe(), "page").number == 2


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
        lambda store, bad: store.held_out_logits(bad, 1),
        lambda store, bad: store.sample_logits(bad, 0),
        lambda store, bad: store.weights(bad, 1),
        lambda store, bad: store.training_state(bad),
        lambda store, bad: store.jobs.state(bad, "tsne"),
        lambda store, bad: store.jobs.result(bad, "tsne"),
        lambda store, bad: store.jobs.request(bad, "tsne"),
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


def test_arrays_of_a_run_that_is_not_there_are_unknown(store):
    nobody = "0" * 32
    for ask in (
        lambda: store.logits(nobody, 1),
        lambda: store.held_out_logits(nobody, 1),
        lambda: store.sample_logits(nobody, 0),
        lambda: store.jobs.state(nobody, "tsne"),
        lambda: store.jobs.result(nobody, "tsne"),
        lambda: store.jobs.request(nobody, "tsne"),
    ):
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


def test_held_out_logits_are_kept_where_the_run_validates_on_them(store, run_with_epochs):
    held_out, on_test = run_with_epochs(2), run_with_epochs(1, validation="test")

    for epoch in (1, 2):
        logits = store.held_out_logits(held_out.id, epoch)
        np.testing.assert_array_equal(logits, held_out_logits_like_real(epoch))
        assert logits.dtype == np.float16
    assert store.held_out_logits(on_test.id, 1) is None


@pytest.mark.parametrize("index", [0, 169, 9_999])
def test_one_image_is_followed_over_all_epochs(store, run_with_epochs, index):
    run = run_with_epochs(3)
    logits = store.sample_logits(run.id, index)

    np.testing.assert_array_equal(logits, [logits_like_real(epoch)[index] for epoch in (1, 2, 3)])
    assert logits.dtype == np.float16


def test_logits_beyond_float16_come_back_as_they_were(store, run_with_epochs):
    run, huge = run_with_epochs(1, status="running", epochs=2), 1_000_003 * logits_like_real(2).astype(np.float32)
    store.record_epoch(
        Claim(run.id, "training", "worker"), epoch_like_real(2), weights_like_real(2), huge, {}, huge[:5_000]
    )

    np.testing.assert_array_equal(store.logits(run.id, 2), huge)
    np.testing.assert_array_equal(store.held_out_logits(run.id, 2), huge[:5_000])
    np.testing.assert_array_equal(store.sample_logits(run.id, 169), [logits_like_real(1)[169], huge[169]])


def test_before_the_first_epoch_an_image_has_no_logits(store):
    assert store.sample_logits(store.submit(Recipe(), "page").id, 169).shape == (0, 10)


@pytest.mark.parametrize("index", [-1, 10_000, 10**30])
def test_an_image_that_is_not_there_is_refused(store, run_with_epochs, index):
    with pytest.raises(InvalidSample, match=f"There is no test image {index}; choose an index from 0 to 9,999"):
        store.sample_logits(run_with_epochs(1).id, index)


def test_only_the_last_optimizer_state_is_kept(store, run_with_epochs):
    assert store.training_state(run_with_epochs(3).id)["adam/iteration"] == 3
    assert store.training_state(store.submit(Recipe(), "page").id) == {}


@pytest.mark.parametrize("epoch", [0, -1, 3, 10**30])
def test_an_epoch_that_is_not_there_is_unknown(store, run_with_epochs, epoch):
    run = run_with_epochs(2)
    for ask in (store.logits, store.weights, store.held_out_logits):
        with pytest.raises(
            UnknownRun, match=f"Run {run.number} has no network of epoch {epoch}; choose one of these: 1–2"
        ):
            ask(run.id, epoch)


def test_a_run_without_a_network_names_no_epoch(store, run_with_epochs):
    run = run_with_epochs(0)
    with pytest.raises(UnknownRun, match=f"Run {run.number} has no network yet; choose another run."):
        store.weights(run.id, 1)


@pytest.mark.parametrize(
    ("numbers", "words"), [((1,), "1"), ((1, 2), "1–2"), ((1, 2, 3, 5, 8, 9), "1–3, 5, 8–9"), (range(1, 101), "1–100")]
)
def test_numbers_in_a_row_are_named_by_the_first_and_the_last(numbers, words):
    assert ranges(numbers) == words


def test_an_epoch_that_is_stored_twice_is_stored_once(store, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running")
    train_epochs(run.id, "worker", 2)

    assert [epoch.epoch for epoch in store.run(run.id).epochs] == [1, 2]


def test_an_epoch_whose_predecessor_the_store_lacks_is_refused(store, run_with_epochs, train_epochs):
    run = run_with_epochs(1, status="running", epochs=5)

    with pytest.raises(RunConflict, match="no longer this worker's"):
        train_epochs(run.id, "worker", 3)
    assert store.run(run.id) == run


def test_an_epoch_is_stored_whole_or_not_at_all(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    numbers = epoch_like_real(2)
    broken = EpochMetrics(**{**vars(numbers), "val_loss": None})

    with pytest.raises(Exception, match=r"(?i)null"):
        store.record_epoch(Claim(run.id, "training", "worker"), broken, weights_like_real(2), logits_like_real(2), {})
    assert store.run(run.id) == run
    assert store.training_state(run.id)["adam/iteration"] == 1
    with pytest.raises(UnknownRun):
        store.logits(run.id, 2)


@only_sqlite
@pytest.mark.parametrize("damage", ["substr(weights, 1, 1000)", "zeroblob(length(weights))", "x''", "'abc'", "7"])
def test_damaged_numbers_are_refused_alone(store, run_with_epochs, sqlite_file, damage):
    run = run_with_epochs(2)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(f"UPDATE checkpoints SET weights = {damage} WHERE epoch = 1")

    with pytest.raises(DamagedRun, match="are damaged in the store"):
        store.weights(run.id, 1)
    assert store.runs() == [run]
    assert store.weights(run.id, 2).keys() == weights_like_real(2).keys()
    np.testing.assert_array_equal(store.logits(run.id, 1), logits_like_real(1))


@only_sqlite
@pytest.mark.parametrize("damage", ["'abc'", "7", "x'00'", "substr(test_logits, 1, 150000)"])
def test_damaged_logits_are_refused_as_such(store, run_with_epochs, sqlite_file, damage):
    run = run_with_epochs(1)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(f"UPDATE checkpoints SET test_logits = {damage}")

    for read in (lambda: store.logits(run.id, 1), lambda: store.sample_logits(run.id, 169)):
        with pytest.raises(DamagedRun, match="are damaged in the store"):
            read()


@only_sqlite
@pytest.mark.parametrize(
    ("column", "damage"),
    [
        ("recipe", """'{"colour": 3}'"""), ("recipe", "'nonsense'"), ("recipe", "CAST(x'ff00fe' AS TEXT)"),
        ("status", "'nonsense'"), ("origin", "''"), ("failure", "''"), ("failure", "'{}'"), ("failure", "'{\"a'"),
        ("failure", """'{"template": "{missing}", "values": {}}'"""), ("progress", "'[1]'"),
        ("environment", "'null'"), ("created_at", "1e300"), ("target_epochs", "'many'"), ("position", "'first'"),
    ],
)  # fmt: skip
def test_a_damaged_run_hides_no_other(store, run_with_epochs, sqlite_file, column, damage):
    bad, good = run_with_epochs(1), run_with_epochs(1)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        table, key = ("runs", "id") if column in runs.c else ("jobs", "name = 'training' AND run")
        connection.execute(f"UPDATE {table} SET {column} = {damage} WHERE {key} = ?", (bad.id,))

    assert good in store.runs()
    assert store.submit(Recipe(), "page").status == "queued"
    if column != "position":
        assert [error.values["part"] for error in store.damaged_runs()] == [PARTS[column]]
        with pytest.raises(
            DamagedRun, match=f"Run {bad.number} is damaged in the store: its {PARTS[column]} cannot be read"
        ):
            store.run(bad.id)
    store.delete(bad.id)
    assert store.damaged_runs() == []


@only_sqlite
def test_a_lost_epoch_is_a_damage(store, run_with_epochs, sqlite_file):
    bad = run_with_epochs(3)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute("DELETE FROM epochs WHERE epoch = 2")

    assert [error.values["run_id"] for error in store.damaged_runs()] == [bad.id]


@only_sqlite
def test_a_deleted_run_leaves_nothing(store, run_with_epochs, sqlite_file):
    store.delete(run_with_epochs(2).id)

    connection = sqlite3.connect(sqlite_file)
    for table in ("runs", "epochs", "checkpoints", "training_states", "held_out_logits", "jobs"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


def test_a_deleted_run_is_unknown(store, run_with_epochs):
    run, other = run_with_epochs(1), run_with_epochs(1)
    store.delete(run.id)

    for ask in (store.run, lambda run_id: store.logits(run_id, 1), lambda run_id: store.weights(run_id, 1)):
        with pytest.raises(UnknownRun):
            ask(run.id)
    assert store.runs() == [other]
