"""Real workers run analysis jobs, and are interrupted or killed, or lose the run."""

import signal
from collections.abc import Callable

import numpy as np
import pytest

from fmnist.recipe import Recipe
from fmnist.runs.record import Claim, Run
from tests.conftest import claim, wait_until

AN_EPOCH = Recipe(epochs=1, training_images=500)


@pytest.fixture
def run_to_map(store, run_with_epochs) -> Callable[..., Run]:
    """Make a run that has the embeddings of so many images. Not beside a worker, which would take it from the test."""

    def make(images: int, scale: float = 1.0) -> Run:
        run = run_with_epochs(1)
        embeddings = scale * np.random.default_rng(0).normal(size=(images, 54))
        claim(store, run.id)
        store.jobs.finish(
            Claim(run.id, "embeddings", "worker"), "succeeded", result={"test": embeddings.astype(np.float16)}
        )
        return run

    return make


@pytest.mark.thorough
def test_what_two_workers_compute(store, look, start, run_to_map):
    """All with as few workers as will do, as starting one takes seconds."""

    def state_of_tsne(run: Run) -> str:
        return store.jobs.state(run.id, "tsne").status

    def is_being_mapped(run: Run) -> bool:
        return store.jobs.state(run.id, "tsne").progress > 0 and state_of_tsne(run) == "running"

    impossible, small, large, last = run_to_map(200, np.nan), run_to_map(200), run_to_map(6_000), run_to_map(6_000)
    for run in (impossible, small, large):
        store.jobs.request(run.id, "tsne")
    worker = start("-m", "fmnist", "worker")

    # A map gives way to a training, and is made when that has ended.
    wait_until(lambda: is_being_mapped(large))
    trained = store.submit(AN_EPOCH, "page")
    wait_until(lambda: look(trained.id).status != "queued")
    assert state_of_tsne(large) == "queued"
    assert state_of_tsne(impossible) == "failed"
    assert "The computation ended with an error: " in str(store.jobs.state(impossible.id, "tsne").failure)
    assert store.jobs.result(small.id, "tsne")["points"].shape == (200, 2)

    # Of a run that is deleted the worker lets go, and takes the next: the new run's embeddings.
    wait_until(lambda: is_being_mapped(large))
    store.delete(large.id)
    wait_until(lambda: store.jobs.result(trained.id, "embeddings"))
    embeddings = store.jobs.result(trained.id, "embeddings")
    assert {split: array.shape for split, array in embeddings.items()} == {"train": (60_000, 54), "test": (10_000, 54)}
    wait_until(lambda: store.jobs.result(trained.id, "pca"))
    pca = store.jobs.result(trained.id, "pca")
    assert (pca["points"].shape, pca["explained_variance_ratio"].shape) == ((10_000, 2), (2,))
    assert store.held_out_logits(trained.id, 1).shape == (5_000, 10)

    # The same seed, the same network; without beginning anew of what is there.
    store.jobs.request(trained.id, "determinism")
    wait_until(lambda: store.jobs.result(trained.id, "determinism"))
    first, second = store.jobs.result(trained.id, "determinism")["sha256"]
    assert first.shape == (32,)
    assert (first == second).all()

    # What a killed worker computed waits again.
    store.jobs.request(last.id, "tsne")
    wait_until(lambda: is_being_mapped(last))
    worker.kill()
    worker.wait()
    assert state_of_tsne(last) == "running"
    store.leases.reap()
    assert state_of_tsne(last) == "queued"

    # So it does when its worker is told to go.
    successor = start("-m", "fmnist", "worker")
    wait_until(lambda: is_being_mapped(last))
    successor.send_signal(signal.SIGTERM)
    assert successor.wait() == 0
    assert state_of_tsne(last) == "queued"
    assert store.leases.living() == []
