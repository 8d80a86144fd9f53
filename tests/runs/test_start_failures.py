import signal

import pytest

from fmnist.errors import DataUnavailable, FmnistError
from fmnist.recipe import Recipe
from fmnist.runs.start_failures import failure_of_exit
from tests.conftest import claim

NO_DATA = DataUnavailable("There is no data in {place}.", place="Lima")
NO_MEMORY = FmnistError("There is no memory.")


def test_all_that_waits_is_told_and_what_a_worker_takes_is_not(store, run_with_epochs):
    done = run_with_epochs(1)
    store.jobs.request(done.id, "tsne")
    running = run_with_epochs(1, status="running", epochs=2)
    waiting = store.submit(Recipe(), "page")
    assert store.start_failures.current() is None

    store.start_failures.record(NO_DATA)
    said = [store.run(waiting.id).failure, store.jobs.state(done.id, "tsne").failure]
    assert [str(failure) for failure in said] == ["There is no data in Lima."] * 2
    assert str(store.start_failures.current()) == "There is no data in Lima."
    assert store.jobs.state(done.id, "tsne").status == "queued"
    assert [store.run(run.id).failure for run in (done, running)] == [None, None]

    assert claim(store, waiting.id, "worker")
    while name := claim(store, done.id):
        assert store.jobs.state(done.id, name).failure is None
    assert store.run(waiting.id).failure is None
    assert store.start_failures.current() is None


def test_what_came_later_is_told_without_another_reason(store):
    first = store.submit(Recipe(), "page")
    store.start_failures.record(NO_DATA)
    second = store.submit(Recipe(), "page")
    store.start_failures.record(NO_MEMORY, again=True)
    assert [str(store.run(run.id).failure) for run in (first, second)] == [str(NO_DATA), str(NO_MEMORY)]
    store.start_failures.record(NO_MEMORY)
    assert str(store.run(first.id).failure) == str(NO_MEMORY)


def test_a_worker_that_is_ready_takes_it_back(store):
    run = store.submit(Recipe(), "page")
    store.start_failures.record(NO_DATA)
    store.start_failures.clear()
    assert store.run(run.id).failure is None
    assert store.start_failures.current() is None


def test_a_run_that_is_stopped_while_it_waits_did_not_fail(store):
    run = store.submit(Recipe(), "page")
    store.start_failures.record(NO_DATA)
    stopped = store.request_stop(run.id)
    assert (stopped.status, stopped.failure) == ("stopped", None)


@pytest.mark.parametrize(
    ("code", "sentence"), [(-signal.SIGKILL, "memory ran out"), (1, "exit code 1."), (-signal.SIGSEGV, "code -11.")]
)
def test_an_exit_code_is_a_sentence(code, sentence):
    assert sentence in str(failure_of_exit(code))
