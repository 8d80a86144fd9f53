"""The confidence view of Evaluate, on answers of which it is known how far their confidence can be believed."""

import numpy as np
import pytest

from fmnist.analysis.calibration import coverage_at
from fmnist.analysis.metrics import predictions, softmax
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from tests.conftest import claim, epoch_like_real, weights_like_real
from tests.ui.conftest import charts, rows, sentences
from ui.server import resources
from ui.server.dataset import dataset_loader

SPOKEN = "Softmax before the temperature", "Softmax after the temperature", "Notebook's score (sigmoid)"


def believable_logits(labels, times=1.0):
    """Logits whose softmax is the true probability of each class, times a number: that is their best temperature."""
    outputs = np.random.default_rng(len(labels)).normal(size=(len(labels), 10))
    outputs[np.arange(len(labels)), labels] += 2
    return (2 * times * outputs).astype(np.float16)


@pytest.fixture
def judged_run(server, store):
    """Make a run of one epoch: `judged_run(held_out_times=2)`, `judged_run(validation="test", test_times=3)`."""

    def make(held_out_times=None, test_times=2.0, **settings):
        dataset = dataset_loader().dataset
        run = store.submit(Recipe(**{"epochs": 1, **settings}), "page")
        claim(store, run.id, "worker")
        held_out = held_out_times and believable_logits(dataset.train.labels[-5000:], held_out_times)
        test = believable_logits(dataset.test.labels, test_times)
        store.record_epoch(
            Claim(run.id, "training", "worker"), epoch_like_real(1), weights_like_real(), test, {}, held_out
        )
        store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
        return store.run(run.id)

    return make


def come(visit, run, browser="en", **parameters):
    return visit("evaluate", browser, evaluate_view="calibration", run=run.id, **parameters)


def diagram_and_curve(tab):
    diagram, curve = charts(tab)
    return diagram, curve


def the_table(tab):
    return tab.table[0].value.set_index("Confidence")


def test_the_temperature_takes_back_what_the_network_promises_too_much(visit, judged_run):
    tab = come(visit, judged_run(held_out_times=2))
    table = the_table(tab)
    (message,) = [line.value for line in tab.markdown if line.value.startswith("**Temperature")]

    assert 1.9 < float(message.split("**")[1].split()[1]) < 2.1
    assert tuple(table.index) == SPOKEN
    error = table["Calibration error (ECE)"].str.rstrip("%").astype(float)
    assert error[SPOKEN[1]] < 2 < 5 < error[SPOKEN[0]] < error[SPOKEN[2]]
    for score in ("Negative log-likelihood", "Brier score"):
        assert float(table[score][SPOKEN[1]]) < float(table[score][SPOKEN[0]])
        assert table[score][SPOKEN[2]] == "–"
    assert set(rows(diagram_and_curve(tab)[0]).kind) == set(SPOKEN)


def test_the_temperature_is_fitted_on_the_held_out_images_alone(visit, judged_run):
    """It is that of the held-out images' logits, also where the test images' would have another one."""
    tab = come(visit, judged_run(held_out_times=2, test_times=6))

    assert any(line.value.startswith(("**Temperature 1.9", "**Temperature 2.0")) for line in tab.markdown)


@pytest.mark.parametrize(
    ("recipe", "begins"),
    [
        ({"validation": "test"}, "This run validates on the test images, as the notebook does, so no image is left"),
        ({}, "The predictions for the held-out images were not stored"),
    ],
)
def test_without_held_out_answers_a_sentence_stands_for_the_temperature(visit, judged_run, recipe, begins):
    tab = come(visit, judged_run(**recipe))
    (message,) = sentences(tab)

    assert message.startswith(begins)
    assert tuple(the_table(tab).index) == ("Softmax", SPOKEN[2])
    assert set(rows(diagram_and_curve(tab)[0]).kind) == {"Softmax", SPOKEN[2]}
    assert "Confidence: Softmax." in [caption.value for caption in tab.caption]


def test_the_slider_sets_coverage_and_selective_accuracy(visit, judged_run):
    run = judged_run(validation="test")
    tab = come(visit, run, threshold="0.9")
    logits, labels = resources.logits(run.id, 1), dataset_loader().dataset.test.labels
    for threshold in (0.9, 0.55):
        tab.slider(key="choose_threshold").set_value(threshold).run()
        count, right = coverage_at(softmax(logits).max(axis=1), predictions(logits) == labels, threshold)

        sentence = (
            f"At a confidence of {threshold:.0%} or more: {count:,} of 10,000 images answered, "
            f"{right / count:.1%} of the answers right."
        )
        assert sentence in [line.value for line in tab.markdown]
        assert diagram_and_curve(tab)[1].proto.alt == sentence
        assert tab.query_params["threshold"] == str(threshold)


def test_the_curve_is_that_of_the_confidence_after_the_temperature(visit, judged_run):
    tab = come(visit, judged_run(held_out_times=8, test_times=8), threshold="1")

    # Before it, many a confidence is 1 to the last digit.
    assert "None of the 10,000 predictions has such a confidence." in [line.value for line in tab.markdown]
    assert "Confidence: Softmax after the temperature." in [caption.value for caption in tab.caption]


def test_it_is_written_in_spanish_too(visit, judged_run):
    tab = come(visit, judged_run(held_out_times=2), "es", threshold="0.5")
    diagram, curve = diagram_and_curve(tab)

    assert "Softmax antes de la temperatura: " in diagram.proto.alt and "puntos de más" in diagram.proto.alt
    assert curve.proto.alt.startswith("Con una confianza de 50% o más: ")
