import pytest

from fmnist.errors import InvalidRecipe, RunConflict, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.record import Computation
from tests.runs.conftest import only_sqlite


def test_what_is_asked_for_waits_in_the_store_and_in_the_queue(desk):
    runs = [desk.submit(Recipe(), "page") for _ in range(3)]

    assert [run.queue_position for run in runs] == [0, 1, 2]
    assert desk.queue.ids() == [run.id for run in runs]


def test_more_epochs_are_asked_for(desk, run_with_epochs):
    run = desk.extend(run_with_epochs(2).id, 3)

    assert (run.status, run.target_epochs) == ("queued", 5)
    assert desk.queue.ids() == [run.id]


@pytest.mark.parametrize("more", [0, -1, 199, 10**30, 1.0, True, "1", None])
def test_an_impossible_number_of_epochs_is_refused(desk, run_with_epochs, more):
    run = run_with_epochs(2)
    with pytest.raises(InvalidRecipe, match="are not possible; the run has 2 and may have at most 200 in all"):
        desk.extend(run.id, more)
    assert desk.store.run(run.id) == run


def test_as_many_epochs_as_a_run_may_have_are_granted(desk, run_with_epochs):
    assert desk.extend(run_with_epochs(2).id, 198).target_epochs == 200


def test_a_run_without_a_network_cannot_go_on(desk, run_with_epochs):
    with pytest.raises(RunConflict, match="no finished epoch to continue from"):
        desk.extend(run_with_epochs(0, status="stopped").id, 1)


def test_the_second_of_two_requests_for_more_is_refused(desk, run_with_epochs):
    run = run_with_epochs(1)
    desk.extend(run.id, 1)
    with pytest.raises(RunConflict):
        desk.extend(run.id, 1)


def test_what_is_asked_to_be_computed_waits_in_the_queue(desk, run_with_epochs, compute):
    runs = [run_with_epochs(1) for _ in range(2)]
    compute(runs[0].id)

    assert desk.request(runs[0].id, "tsne") == Computation("tsne", "waiting", 0.0, None)
    assert desk.queue.ids() == [runs[1].id, runs[0].id]


def test_stop_and_delete_reach_the_store(desk):
    run = desk.submit(Recipe(), "page")

    assert desk.stop(run.id).status == "stopped"
    desk.delete(run.id)
    with pytest.raises(UnknownRun):
        desk.stop(run.id)


def test_what_the_queue_lost_is_put_back_in_order(desk):
    runs = [desk.submit(Recipe(), "page") for _ in range(3)]
    assert desk.queue.take() == runs[0].id
    assert desk.queue.take() == runs[1].id

    desk.recover()
    assert desk.queue.ids() == [run.id for run in runs]


def test_a_run_whose_worker_died_is_the_next_one(desk):
    runs = [desk.submit(Recipe(), "page") for _ in range(3)]
    desk.store.claim(desk.queue.take(), "worker", {})

    desk.recover()
    assert desk.queue.ids() == [run.id for run in runs]
    assert desk.store.run(runs[0].id).queue_position == 0


def test_recovery_leaves_the_rest_alone(desk, run_with_epochs, compute):
    runs = [run_with_epochs(1, status=status) for status in ("succeeded", "stopped", "failed")]
    compute(runs[0].id)
    waiting = desk.submit(Recipe(), "page")

    desk.recover()
    # Of the stopped one the embeddings are still to be computed.
    assert desk.queue.ids() == [runs[1].id, waiting.id]
    assert [desk.store.run(run.id) for run in runs] == runs


@only_sqlite
def test_a_run_is_taken_though_the_queue_cannot_be_written(desk, sqlite_file, caplog):
    queue_file = sqlite_file.with_name(sqlite_file.name + "-queue")
    good = queue_file.read_bytes()
    queue_file.write_bytes(b"nonsense " * 1_000)
    run = desk.submit(Recipe(), "page")

    assert desk.store.run(run.id).status == "queued"
    assert "file is not a database" in caplog.text
    queue_file.write_bytes(good)
    desk.recover()
    assert desk.queue.take() == run.id
