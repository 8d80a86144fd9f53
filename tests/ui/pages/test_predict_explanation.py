"""The explanation of a prediction on the page Predict."""

import json
import re

import numpy as np
import pytest

from fmnist.analysis.metrics import softmax
from fmnist.analysis.saliency import grad_cam, occlusion
from fmnist.architecture import LAYERS, WEIGHT_SHAPES
from fmnist.data.dataset import CLASS_NAMES
from fmnist.errors import FmnistError
from fmnist.inference.classifier import Classifier
from fmnist.recipe import Recipe
from tests.conftest import computed_like_real, epoch_like_real, logits_like_real, weights_like_real
from tests.ui.conftest import bars, charts, click, components, rows, send, sentences
from tests.ui.pages.predict_page import pictures, shown
from ui.views.prediction.saliency import grad_cam_sentence, occlusion_sentence

ASK = "Find the most similar training images"


def grid(tab):
    """Return the data of the grid of similar images, None where there is none."""
    drawn = components(tab)
    return json.loads(drawn[0].proto.json) if drawn else None


def headers(tab):
    return [header.value for header in tab.header]


def said_of(weights, image, label):
    """Return the expected sentences on Grad-CAM and on occlusion."""
    network = Classifier(weights)
    probability = softmax(network.logits(image[np.newaxis]))[0, label]
    evidence = grad_cam(network.activations(image), weights, label)
    return [
        grad_cam_sentence(evidence, label),
        occlusion_sentence(occlusion(network.logits, image, label), probability, label),
    ]


def test_the_views_are_one_click_apart(visit, run_with_epochs):
    run = run_with_epochs(2)
    tab = visit("predict")
    tab.segmented_control[1].set_value("explanation").run()
    assert headers(tab) == [
        "Saliency maps",
        "Activations: the output of each layer",
        "Nearest neighbors: the nine most similar training images",
    ]
    assert tab.query_params == {"run": run.id, "predict_view": "explanation"}

    tab.segmented_control[1].set_value("prediction").run()
    assert not tab.header and len(bars(tab)) == 1
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize(("status", "epoch"), [("succeeded", 2), ("running", 1)])
def test_the_predicted_class_is_explained_by_the_chosen_network(visit, speak, run_with_epochs, dataset, status, epoch):
    run_with_epochs(2, status=status, epochs=3)
    tab = visit("predict", predict_view="explanation", index="12", epoch=str(epoch))
    predicted = int(logits_like_real(epoch)[12].argmax())

    assert tab.selectbox(key="choose_explained_class").value is None
    assert tab.selectbox(key="choose_explained_class").proto.placeholder == f"{CLASS_NAMES[predicted]} (predicted)"
    speak("en")
    expected = said_of(weights_like_real(epoch), dataset.test.images[12], predicted)
    assert [text for text in pictures(tab) if text in expected] == expected
    assert [text.value for text in tab.markdown if text.value in expected] == expected
    assert shown(tab) == "Test image 12: Sneaker"


def scales(tab):
    """Return the labels of the color scales, one below each map that is not empty."""
    return re.findall('alt="(Scale: [^"]*)"', "".join(each.proto.body for each in tab.get("html")))


def test_a_map_that_is_there_has_a_scale(visit, run_with_epochs):
    run_with_epochs(1)
    grad_cam_scale, occlusion_scale = scales(visit("predict", predict_view="explanation"))

    assert grad_cam_scale == "Scale: no evidence to the most evidence"
    assert re.fullmatch(r"Scale: rises by [\d.]+% to falls by [\d.]+%", occlusion_scale)


def test_of_a_network_that_sees_nothing_there_is_no_map_and_no_scale(visit, desk):
    run = desk.store.add(Recipe(epochs=1), "page")
    desk.store.claim(run.id, "worker", {})
    blind = {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}
    desk.store.record_epoch(run.id, "worker", epoch_like_real(1), blind, np.zeros((10_000, 10), np.float16), {}, None)
    tab = visit("predict", predict_view="explanation")

    assert "Grad-CAM finds no evidence for T-shirt/top in the last convolution." in "".join(
        each.value for each in tab.markdown
    )
    assert scales(tab) == []


def test_any_class_can_be_explained(visit, speak, run_with_epochs, dataset):
    run_with_epochs(1)
    tab = visit("predict", predict_view="explanation")
    tab.selectbox(key="choose_explained_class").set_value(7).run()

    assert tab.query_params["explained_class"] == "7"
    speak("en")
    expected = said_of(weights_like_real(1), dataset.test.images[169], 7)
    assert [text for text in pictures(tab) if text in expected] == expected


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_every_layer_shows_what_it_gives(visit, run_with_epochs, dataset, layer):
    run_with_epochs(1)
    tab = visit("predict", predict_view="explanation")
    tab.selectbox(key="choose_layer").set_value(layer.name).run()
    values = Classifier(weights_like_real(1)).activations(dataset.test.images[169])[layer.name]

    if values.ndim == 3:
        assert not charts(tab)
        assert pictures(tab)[-1].startswith(f"{layer.output_shape[2]} maps of {layer.output_shape[0]} × ")
    else:
        (chart,) = charts(tab)
        assert rows(chart).sort_values("order").value.to_numpy() == pytest.approx(values)
        assert chart.proto.alt in [caption.value for caption in tab.caption]


def test_layers_are_called_as_in_the_layer_table(visit, run_with_epochs):
    run_with_epochs(1)
    offered = visit("predict", predict_view="explanation").selectbox(key="choose_layer").options
    table = visit("train").table[0].value

    assert offered == [f"{name} · {output}" for name, output in zip(table["Layer"], table["Output"], strict=True)]


def expected_neighbors(embeddings, own, leave_out=None):
    distances = np.linalg.norm(embeddings["train"].astype(float) - own.astype(float), axis=1)
    order = [index for index in np.argsort(distances, kind="stable") if index != leave_out][:9]
    return [(f"training image {index:,}", f"distance {distances[index]:,.0f}") for index in order]


@pytest.mark.parametrize(("split", "index"), [("test", 169), ("train", 41)])
def test_the_nine_nearest_training_images_are_shown(visit, run_with_epochs, compute, dataset, split, index):
    run = run_with_epochs(2)
    compute(run.id)
    embeddings = computed_like_real("embeddings")
    tab = visit("predict", predict_view="explanation", sample_split=split, index=str(index))
    own = index if split == "train" else None
    network = Classifier(weights_like_real(2))
    image = dataset.sample(split, index).image
    expected = expected_neighbors(embeddings, network.activations(image)["dense_1"], leave_out=own)

    drawn = grid(tab)
    assert [tuple(text.split(", ", 1)[1].split(", ")) for text in drawn["descriptions"]] == expected
    names = [text.split(",")[0] for text in drawn["descriptions"]]
    indices = [int(text.removeprefix("training image ").replace(",", "")) for text, _distance in expected]
    assert names == [CLASS_NAMES[dataset.train.labels[each]] for each in indices]
    most = max(names.count(name) for name in names)
    (sentence,) = [text.value for text in tab.markdown if "of the nine" in text.value]
    assert sentence.startswith(f"{most} of the nine")
    assert ("is left out" in sentence) == (split == "train")


def test_another_epoch_is_told_that_the_finished_network_compares(visit, run_with_epochs, compute):
    run = run_with_epochs(3)
    compute(run.id)
    tab = visit("predict", predict_view="explanation", epoch="1")

    assert any("those of the finished network, after epoch 3; not of epoch 1." in text.value
               for text in tab.markdown)  # fmt: skip


def test_a_similar_image_opens_and_is_explained_in_turn(visit, run_with_epochs, compute):
    run = run_with_epochs(1)
    compute(run.id)
    tab = visit("predict", predict_view="explanation")
    second = grid(tab)["descriptions"][1].split(", ")[1].removeprefix("training image ")
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    send(tab, events, json_trigger_value=json.dumps([{"event": "open", "value": 1}]))

    assert shown(tab).startswith(f"Training image {second}: ")
    assert tab.query_params == {
        "run": run.id,
        "predict_view": "explanation",
        "sample_split": "train",
        "index": second.replace(",", ""),
    }
    assert f"training image {second}" not in str(grid(tab)["descriptions"])


def test_while_it_trains_similar_images_are_promised_for_later(visit, run_with_epochs):
    run_with_epochs(1, status="running", epochs=3)
    tab = visit("predict", predict_view="explanation")

    assert sentences(tab) == ["Available when the training has ended: it is computed from the finished network."]
    assert grid(tab) is None and ASK not in [button.label for button in tab.button]
    assert len(pictures(tab)) == 4, "everything else is there"


def test_what_a_worker_has_still_to_compute_is_followed(visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("predict", predict_view="explanation")
    assert tab.get("progress")[0].proto.text == "Queued"

    computations = desk.store.computations
    assert computations.claim(run.id, "worker") == "embeddings"
    computations.record_progress(run.id, "embeddings", "worker", 0.4)
    tab.run()
    assert (tab.get("progress")[0].proto.value, grid(tab)) == (40, None)

    computations.finish(run.id, "embeddings", "worker", computed_like_real("embeddings"))
    tab.run()
    assert not tab.get("progress") and len(grid(tab)["captions"]) == 9


def test_what_failed_can_be_tried_again(visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    desk.store.computations.claim(run.id, "worker")
    failure = FmnistError("The computation ended with an error: {error}. The worker's log has the details.", error="no")
    desk.store.computations.fail(run.id, "embeddings", "worker", failure)
    tab = visit("predict", predict_view="explanation")

    assert sentences(tab) == ["The computation ended with an error: no. The worker's log has the details."]
    click(tab, "Try again")
    assert desk.store.computations.state(run.id, "embeddings").status == "waiting"
    assert tab.get("progress") and not sentences(tab)


def test_what_nobody_asked_for_is_asked_for_by_a_button(visit, desk, run_with_epochs):
    # A run that diverged has finished epochs, but nothing is computed of it by itself.
    run = run_with_epochs(1, status="failed")
    assert desk.store.computations.state(run.id, "embeddings") is None
    tab = visit("predict", predict_view="explanation")
    click(tab, ASK)

    assert desk.store.computations.state(run.id, "embeddings").status == "waiting"
    assert tab.get("progress")


def test_a_run_deleted_meanwhile_is_explained(visit, desk, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(2)
    tab = visit("predict", predict_view="explanation", run=run.id)
    desk.delete(run.id)
    tab.run()

    assert tab.warning[0].value.startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.query_params == {"run": kept.id, "predict_view": "explanation"}
    assert len(pictures(tab)) == 4


def test_it_explains_in_spanish(visit, run_with_epochs, compute):
    compute(run_with_epochs(2).id)
    tab = visit("predict", "es", predict_view="explanation", epoch="1")

    assert headers(tab) == [
        "Mapas de saliencia",
        "Activaciones: la salida de cada capa",
        "Vecinos más cercanos: las nueve imágenes de entrenamiento más parecidas",
    ]
    assert "imagen de entrenamiento" in grid(tab)["descriptions"][0]
