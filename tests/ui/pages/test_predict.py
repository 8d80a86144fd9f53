"""The Predict page, as a person asks it for an answer."""

import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from tests.conftest import logits_like_real, weights_like_real
from tests.ui.conftest import click, sentences
from tests.ui.pages.predict_page import drawn, drawn_confidence, shown, softmax


def test_it_opens_with_the_notebooks_image(visit, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("predict")

    assert shown(tab) == "Test image 169: Pullover"
    assert tab.get("image")[0].proto.imgs[0].url
    assert tab.query_params == {"run": run.id}
    assert [widget.value for widget in (*tab.number_input, *tab.slider)] == [169, 169]


@pytest.mark.parametrize("view", ["prediction", "explanation", "epochs"])
def test_every_picture_is_as_exact_as_it_is(visit, run_with_epochs, view):
    run_with_epochs(2)
    tab = visit("predict", predict_view=view, layer="convolution_1")
    urls = [element.proto.imgs[0].url for element in tab.get("image")]

    assert urls
    assert all(url.endswith(".png") for url in urls), urls


@pytest.mark.parametrize("index", [0, 169, 9_999])
def test_the_prediction_is_the_softmax_of_the_stored_logits(visit, run_with_epochs, labels, index):
    run_with_epochs(2)
    tab = visit("predict", index=str(index))
    logits = logits_like_real(2)[index]
    confidence = softmax(logits)
    predicted = CLASS_NAMES[confidence.argmax()]

    assert tab.metric[0].value == predicted
    assert drawn_confidence(tab) == pytest.approx(confidence, abs=6e-5)
    assert drawn(tab)[:, 1] == pytest.approx(1 / (1 + np.exp(-logits.astype(float))), abs=6e-5)
    (verdict,) = sentences(tab)
    assert f", with a confidence of {confidence.max():.2%}" in verdict
    assert verdict.startswith("Right") == (confidence.argmax() == labels[index])
    assert any("the ten scores add up to" in text.value for text in tab.markdown)


def test_correct_and_wrong_predictions_differ(visit, run_with_epochs, labels):
    run_with_epochs(1)
    right = logits_like_real(1).argmax(axis=1) == labels
    good, bad = int(np.flatnonzero(right)[0]), int(np.flatnonzero(~right)[0])

    tab = visit("predict", index=str(good))
    assert len(tab.success) == 1 and not tab.error
    tab = visit("predict", index=str(bad))
    assert len(tab.error) == 1 and not tab.success
    assert tab.error[0].value.endswith(f": the true class is {CLASS_NAMES[labels[bad]]}.")


def test_slider_and_number_show_one_image(visit, run_with_epochs):
    run_with_epochs(1)
    tab = visit("predict")
    tab.slider(key="choose_index").set_value(12).run()
    assert tab.number_input(key="type_index").value == 12
    tab.number_input(key="type_index").set_value(13).run()

    assert tab.slider(key="choose_index").value == 13
    assert shown(tab).startswith("Test image 13: ")
    assert tab.query_params["index"] == "13"


def test_a_random_image_is_one_of_the_split(visit, run_with_epochs):
    run_with_epochs(1)
    tab = visit("predict")
    drawn = set()
    for _ in range(4):
        click(tab, "Random")
        drawn.add(tab.slider(key="choose_index").value)

    assert len(drawn) > 1
    assert all(0 <= index < 10_000 for index in drawn)


def test_the_next_mistake_goes_round(visit, run_with_epochs, labels):
    run_with_epochs(1)
    wrong = np.flatnonzero(logits_like_real(1).argmax(axis=1) != labels)
    tab = visit("predict", index="0")
    found = []
    for _ in range(3):
        click(tab, "Next mistake")
        found.append(tab.slider(key="choose_index").value)
        assert tab.error
    assert found == wrong[wrong > 0][:3].tolist()

    tab = click(visit("predict", index="9999"), "Next mistake")
    assert tab.slider(key="choose_index").value == wrong[0]


def test_every_finished_epoch_predicts(visit, run_with_epochs):
    run = run_with_epochs(3)
    tab = visit("predict")
    assert tab.select_slider(key="choose_epoch").value == 3
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(3)[169]), abs=6e-5)

    tab.select_slider(key="choose_epoch").set_value(1).run()
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(1)[169]), abs=6e-5)
    assert tab.query_params == {"run": run.id, "epoch": "1"}
    assert drawn_confidence(visit("predict", epoch="2")) == pytest.approx(softmax(logits_like_real(2)[169]), abs=6e-5)


@pytest.mark.parametrize(("status", "epoch"), [("succeeded", 2), ("succeeded", 1), ("running", 2)])
def test_a_training_image_is_predicted_by_the_network_of_any_epoch(visit, run_with_epochs, dataset, status, epoch):
    run_with_epochs(2, status=status, epochs=3)
    networks = [Classifier(weights_like_real(seed)).logits(dataset.train.images[:20]) for seed in (1, 2)]
    # An image that the two networks answer differently.
    index = int(np.flatnonzero(networks[0].argmax(axis=1) != networks[1].argmax(axis=1))[0])
    tab = visit("predict", sample_split="train", index=str(index), epoch=str(epoch))

    assert shown(tab) == f"Training image {index}: {CLASS_NAMES[dataset.train.labels[index]]}"
    assert drawn_confidence(tab) == pytest.approx(softmax(networks[epoch - 1][index]), abs=6e-5)


def test_from_a_training_image_there_is_a_way_back(visit, run_with_epochs):
    run_with_epochs(2)
    tab = visit("predict", sample_split="train", index="7")
    assert [button.label for button in tab.button] == ["Random", "Back to the test images", "Draw on it"]
    click(tab, "Random")
    assert tab.slider(key="choose_index").proto.max == 59_999
    click(tab, "Back to the test images")

    assert shown(tab) == "Test image 169: Pullover"
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(2)[169]), abs=6e-5)


def test_it_answers_in_spanish(visit, run_with_epochs, labels):
    run_with_epochs(1)
    tab = visit("predict", "es")

    assert shown(tab) == "Imagen de prueba 169: Suéter"
    (verdict,) = sentences(tab)
    assert "con una confianza de " in verdict
    assert tab.selectbox(key="choose_run").options == ["Corrida 1 · Propia · 1 época · exactitud de prueba 74.0%"]


@pytest.mark.parametrize(("split", "language", "label"), [("test", "en", "Index (0–9,999)"),
                                                          ("train", "es", "Índice (0–59,999)")])  # fmt: skip
def test_the_input_of_the_index_has_its_range(visit, run_with_epochs, split, language, label):
    run_with_epochs(1)
    tab = visit("predict", language, sample_split=split, index="3")
    assert tab.number_input(key="type_index").label == label
