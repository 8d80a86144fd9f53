"""The curve of a training: points between its epochs."""

import pytest

from fmnist.errors import UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.curve import MAX_POINTS
from fmnist.runs.record import Claim
from fmnist.types import CurvePoint, Progress
from tests.conftest import claim


@pytest.fixture
def report(store):
    """Claim a run of these epochs, and report (epoch, batch, loss, accuracy) of ten batches an epoch."""

    def report(epochs, *reports, batches=10):
        run = store.submit(Recipe(epochs=epochs), "page")
        claim(store, run.id, "worker")
        for epoch, batch, loss, accuracy in reports:
            progress = Progress(epoch, batch, batches, loss, accuracy, 9_000.0, 1.0)
            store.jobs.record_progress(Claim(run.id, "training", "worker"), progress)
        return run.id

    return report


def test_a_point_is_the_mean_of_the_batches_since_the_one_before(store, report):
    """A report has the means since the epoch began: 2 batches of 0.1 and 3 of 0.6 are 5 of 0.4."""
    run = report(2, (1, 2, 2.0, 0.1), (1, 5, 1.4, 0.4), (1, 10, 1.0, 0.5), (2, 5, 0.5, 0.8))

    wanted = [(0.2, 2.0, 0.1), (0.5, 1.0, 0.6), (1.0, 0.6, 0.6), (1.5, 0.5, 0.8)]
    assert [(point.epochs, point.loss, point.accuracy) for point in store.curve(run)] == [
        pytest.approx(point) for point in wanted
    ]


def test_what_was_reported_between_two_writes_gives_points_too(store, report):
    run = report(2)
    reports = [
        Progress(*each, 9_000.0, 1.0) for each in ((1, 2, 10, 2.0, 0.1), (1, 5, 10, 1.4, 0.4), (2, 5, 10, 0.5, 0.8))
    ]
    store.jobs.record_progress(Claim(run, "training", "worker"), reports[-1], (), reports)

    assert [(point.epochs, pytest.approx(point.accuracy)) for point in store.curve(run)] == [
        (0.2, 0.1), (0.5, 0.6), (1.5, 0.8)
    ]  # fmt: skip


@pytest.mark.parametrize(("after", "first"), [(0.0, 0), (0.2, 1), (0.3333, 2), (0.34, 2), (1.0, 3), (1.4, 5)])
def test_those_after_so_many_epochs_are_read_as_among_all(store, report, after, first):
    run = report(2, *[(epoch, batch, 1.0, 0.1 * batch) for epoch in (1, 2) for batch in (1, 2, 3)], batches=6)
    assert [point.epochs for point in store.curve(run)] == [0.1667, 0.3333, 0.5, 1.1667, 1.3333, 1.5]
    assert store.curve(run, after) == store.curve(run)[first:]


def test_the_same_report_again_is_no_other_point(store, report):
    assert store.curve(report(1, (1, 2, 2.0, 0.1), (1, 2, 2.0, 0.1))) == (CurvePoint(0.2, 2.0, 0.1),)


def test_a_long_run_has_no_more_points_than_a_chart_can_show(store, report):
    epochs = 200
    reports = [(epoch, batch, 1.0, 0.5) for epoch in (1, 2) for batch in range(1, 101)]
    points = store.curve(report(epochs, *reports, batches=100))
    assert len(points) == 2 * MAX_POINTS // epochs


def test_an_epoch_that_is_trained_again_has_its_own_points(store, report, train_epochs):
    run = report(2, (1, 10, 1.0, 0.5))
    train_epochs(run, "worker", 1)
    store.jobs.record_progress(Claim(run, "training", "worker"), Progress(2, 5, 10, 0.9, 0.6, 9_000.0, 1.0))
    store.jobs.release(Claim(run, "training", "worker"))

    claim(store, run, "another")
    assert store.curve(run) == (CurvePoint(1.0, 1.0, 0.5),)


def test_a_run_without_reports_has_none_and_an_unknown_one_is_an_error(store, report):
    assert store.curve(report(1)) == ()
    with pytest.raises(UnknownRun):
        store.curve("0" * 32)


def test_they_go_with_their_run(store, report):
    run = report(1, (1, 2, 2.0, 0.1))
    store.jobs.release(Claim(run, "training", "worker"))
    store.delete(run)
    with pytest.raises(UnknownRun):
        store.curve(run)
