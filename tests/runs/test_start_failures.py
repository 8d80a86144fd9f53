import signal

import pytest

from fmnist.errors import DataUnavailable, FmnistError
from fmnist.recipe import Recipe
from fmnist.runs.start_failures import failure_of_exit

NO_DATA = DataUnavailable("There is no data in {place}.", place="Lima")
NO_MEMORY = FmnistError("There is no memory.")


def test_all_that_waits_is_told_and_what_a_worker_takes_is_not(desk, run_with_epochs):
    done = run_with_epochs(1)
    desk.request(done.id, "tsne")
    running = run_with_epochs(1, status="running", epochs=2)
    waiting = desk.submit(Recipe(), "page")
    assert desk.store.start_failures.current() is None

    desk.store.start_failures.record(NO_DATA)
    said = [desk.store.run(waiting.id).failure, desk.store.computations.state(done.id, "tsne").failure]
    assert [str(failure) for failure in said] == ["There is no data in Lima."] * 2
    assert str(desk.store.start_failures.current()) == "There is no data in Lima."
    assert desk.store.computations.state(done.id, "tsne").status == "waiting"
    assert [desk.store.run(run.id).failure for run in (done, running)] == [None, None]

    assert desk.store.claim(waiting.id, "worker", {})
    while name := desk.store.computations.claim(done.id, "worker"):
        assert desk.store.computations.state(done.id, name).failure is None
    assert desk.store.run(waiting.id).failure is None
    assert desk.store.start_failures.current() is None


def test_what_came_later_is_told_without_another_reason(desk):
    first = desk.submit(Recipe(), "page")
    desk.store.start_failures.record(NO_DATA)
    second = desk.submit(Recipe(), "page")
    desk.store.start_failures.record(NO_MEMORY, again=True)
    assert [str(desk.store.run(run.id).failure) for run in (first, second)] == [str(NO_DATA), str(NO_MEMORY)]
    desk.store.start_failures.record(NO_MEMORY)
    assert str(desk.store.run(first.id).failure) == str(NO_MEMORY)


def test_a_worker_that_is_ready_takes_it_back(desk):
    run = desk.submit(Recipe(), "page")
    desk.store.start_failures.record(NO_DATA)
    desk.store.start_failures.clear()
    assert desk.store.run(run.id).failure is None
    assert desk.store.start_failures.current() is None


def test_a_run_that_is_stopped_while_it_waits_did_not_fail(desk):
    run = desk.submit(Recipe(), "page")
    desk.store.start_failures.record(NO_DATA)
    stopped = desk.stop(run.id)
    assert (stopped.status, stopped.failure) == ("stopped", None)


@pytest.mark.parametrize(
    ("code", "sentence"), [(-signal.SIGKILL, "memory ran out"), (1, "exit code 1."), (-signal.SIGSEGV, "code -11.")]
)
def test_an_exit_code_is_a_sentence(code, sentence):
    assert sentence in str(failure_of_exit(code))
