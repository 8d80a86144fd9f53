"""Networks that learned nothing: every page says so, and says nothing that they deny."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from tests.conftest import claim, epoch_like_real
from tests.ui.conftest import charts, components, sentences
from tests.ui.pages.predict_page import answer, data

PAGES = ("train", "predict", "evaluate", "compare")


@pytest.fixture
def hopeless(store):
    """A run that is as good as guessing: `hopeless(logits)`, of one epoch, with weights that are all 0."""

    def make(logits, held_out, status="succeeded", **settings):
        run = store.submit(Recipe(epochs=1, **settings), "page")
        claim(store, run.id, "worker", {"python": "3"})
        weights = {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}
        numbers = replace(epoch_like_real(1), accuracy=0.1, val_accuracy=0.098, test_accuracy=0.1)
        store.record_epoch(
            Claim(run.id, "training", "worker"), numbers, weights, logits, {"adam/iteration": np.array(1)}, held_out
        )
        store.jobs.finish(Claim(run.id, "training", "worker"), status)
        return store.run(run.id)

    return make


def alike(name):
    """The results of the jobs on a network with one output for all images."""
    if name == "embeddings":
        return {"train": np.zeros((60_000, 54), np.float16), "test": np.zeros((10_000, 54), np.float16)}
    points = {"points": np.zeros((10_000, 2), np.float32)}
    return points if name == "tsne" else points | {"explained_variance_ratio": np.full(2, np.nan)}


def written(tab):
    """All that a page writes in sentences."""
    results = [str(json.loads(part.proto.json).get("ending")) for part in components(tab)]
    return "\n".join([*sentences(tab), *(each.value for each in (*tab.markdown, *tab.caption)), *results])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rate", [1.0, 1e-5])
def test_it_is_called_so_with_the_likely_cause(visit, hopeless, page, rate):
    logits = np.zeros((10_000, 10), np.float16)
    run = hopeless(logits, logits[:5_000], learning_rate=rate)
    text = written(visit(page, run=run.id))

    assert f"The network of run {run.number} learned nothing: after epoch 1 the test accuracy is 10.0%" in text
    assert ("probably too high" in text) is (rate == 1.0)
    assert ("probably too short" in text) is (rate != 1.0)
    assert "best validation epoch" not in text
    assert "overfits" not in text


@pytest.mark.parametrize("page", PAGES)
def test_it_is_called_so_in_spanish(visit, hopeless, page):
    logits = np.zeros((10_000, 10), np.float16)
    run = hopeless(logits, logits[:5_000], learning_rate=1.0, batch_size=16, training_images=1_000)
    text = written(visit(page, "es", run=run.id))

    assert f"La red de la corrida {run.number} no aprendió nada" in text
    assert "La tasa de aprendizaje, 1, es probablemente demasiado alta; entrena otra vez con 0.001" in text


@pytest.mark.parametrize("projection", ["pca", "tsne"])
def test_images_that_are_all_alike_are_no_map(visit, hopeless, store, projection):
    logits = np.zeros((10_000, 10), np.float16)
    run = hopeless(logits, logits[:5_000])
    for name in ("embeddings", "pca", "tsne"):
        store.jobs.request(run.id, name)
    while name := claim(store, run.id):
        store.jobs.finish(Claim(run.id, name, "worker"), "succeeded", result=alike(name))
    tab = visit("evaluate", evaluate_view="map", run=run.id, projection=projection)

    assert "All images have the same 54 values in this network; they lie on one point." in sentences(tab)
    assert components(tab) == []

    similar = data(visit("predict", run=run.id, predict_view="explanation"))["similar"]
    assert similar["sentence"].startswith("All images have the same 54 values in this network")


def test_a_temperature_at_the_end_of_its_range_mends_nothing(visit, hopeless):
    random = np.random.default_rng(0)
    logits = (random.normal(size=(10_000, 10)) * 3_000).astype(np.float16)
    run = hopeless(logits, logits[:5_000])
    tab = visit("evaluate", run=run.id, evaluate_view="calibration")

    assert "No temperature calibrates this network" in written(tab)
    assert "as sure on average as it is right" not in written(tab)
    assert len(charts(tab)) == 2


def test_a_network_that_diverged_has_its_own_predictions(visit, hopeless):
    # Beyond float16, most of all for the third class.
    logits = np.full((10_000, 10), 2e6, np.float32)
    logits[:, 2] = 3e6
    run = hopeless(logits, logits[:5_000], learning_rate=1.0)

    assert answer(visit("predict", run=run.id))[1].tolist() == logits[169].tolist()
    text = written(visit("evaluate", run=run.id, evaluate_view="calibration"))
    assert "No temperature calibrates this network" in text


def test_the_table_of_runs_shows_it(visit, hopeless):
    logits = np.zeros((10_000, 10), np.float16)
    run = hopeless(logits, logits[:5_000])

    assert list(visit("train", run=run.id).dataframe[0].value["Status"]) == ["succeeded; learned nothing"]


@pytest.mark.parametrize("status", ["stopped", "failed"])
def test_a_run_that_has_ended_has_no_epoch_to_come(visit, run_with_epochs, status):
    run_with_epochs(1)
    ended = run_with_epochs(0, status=status)
    names = visit("train").selectbox(key="choose_run").options

    assert f"Run {ended.number} · Custom · no finished epoch" in names
    assert "no finished epoch yet" not in written(visit("predict", run=ended.id))
    assert f"Run {ended.number} has no finished epoch; another run is shown." in written(visit("predict", run=ended.id))
