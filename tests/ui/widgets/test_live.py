"""The reruns of a page while a run trains."""

import pytest
import streamlit as st

from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from fmnist.types import Progress
from tests.conftest import claim
from ui.server import resources
from ui.widgets import live


@pytest.fixture
def drawn_again(monkeypatch, store):
    """Return whether a page with these runs reruns at its timer."""
    asked = []
    monkeypatch.setattr(st, "fragment", lambda look, run_every: look)
    monkeypatch.setattr(st, "rerun", lambda: asked.append(True))
    monkeypatch.setattr(resources, "store", lambda: store)

    def drawn_again(runs, followed=None):
        asked.clear()
        live.rerun_when_changed(runs, followed)
        return bool(asked)

    return drawn_again


def test_an_epoch_of_any_run_counts_where_all_are_shown(drawn_again, store, run_with_epochs, train_epochs):
    trained = run_with_epochs(1, status="running", epochs=4)
    runs = store.runs()
    assert not drawn_again(runs)
    train_epochs(trained.id, "worker", 2)
    assert drawn_again(runs)


def test_what_others_train_does_not_disturb_who_asks(drawn_again, store, run_with_epochs, train_epochs):
    asked, trained = run_with_epochs(2), run_with_epochs(1, status="running", epochs=4)
    runs = store.runs()
    train_epochs(trained.id, "worker", 2)
    assert not drawn_again(runs, lambda: {asked.id, None})
    assert drawn_again(runs, lambda: {trained.id})


def test_a_run_that_ends_counts_always(drawn_again, store, run_with_epochs):
    asked, trained = run_with_epochs(2), run_with_epochs(1, status="running", epochs=4)
    runs = store.runs()
    store.jobs.finish(Claim(trained.id, "training", "worker"), "stopped")
    assert drawn_again(runs, lambda: {asked.id})


def test_a_run_that_is_taken_from_the_queue_leaves_the_cores_to_its_first_batches(drawn_again, store):
    run = store.submit(Recipe(), "page")
    runs = store.runs()
    claim(store, run.id, "worker")
    assert not drawn_again(runs)
    store.jobs.record_progress(Claim(run.id, "training", "worker"), Progress(1, 8, 430, 2.0, 0.3, 9_000.0, 6.0))
    assert drawn_again(runs)
