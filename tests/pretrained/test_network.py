"""The included network is complete, small, and as accurate as its record."""

from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from scipy.spatial import KDTree

from fmnist import pretrained
from fmnist.analysis.calibration import expected_calibration_error, fit_temperature
from fmnist.analysis.metrics import accuracy, predictions, softmax
from fmnist.architecture import LAYERS, WEIGHT_SHAPES
from fmnist.data.dataset import load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.pretrained import FOLDER
from fmnist.pretrained.network import read
from fmnist.recipe import BEST, HELD_OUT_IMAGES, Recipe
from fmnist.runs.export import network_file
from fmnist.settings import Settings

MAX_BYTES = 6_000_000
CARD = (FOLDER / "CARD.md").read_text()


@pytest.fixture(scope="module")
def network():
    return read()


@pytest.fixture(scope="module")
def dataset():
    return load_dataset(Settings.from_environment())


def test_it_was_trained_as_best_is(network):
    assert Recipe(**network.record["recipe"]) == BEST
    assert [epoch["epoch"] for epoch in network.record["epochs"]] == list(range(1, BEST.epochs + 1))


def test_it_is_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) < MAX_BYTES


def test_about_a_dozen_epochs_are_kept_the_first_and_the_last_among_them(network):
    kept = [kept.epoch for kept in network.kept]
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (1, BEST.epochs)
    assert 8 <= len(kept) <= 14
    for each in network.kept:
        assert {name: array.shape for name, array in each.weights.items()} == WEIGHT_SHAPES
        assert (each.test_logits.shape, each.test_logits.dtype) == ((10_000, 10), np.float16)
        assert (each.held_out_logits.shape, each.held_out_logits.dtype) == ((HELD_OUT_IMAGES, 10), np.float16)


def test_every_kept_epoch_is_as_good_as_its_record_says(network, dataset):
    numbers = {epoch["epoch"]: epoch for epoch in network.record["epochs"]}
    held_out = dataset.train.labels[-HELD_OUT_IMAGES:]
    for kept in network.kept:
        assert accuracy(kept.test_logits, dataset.test.labels) == numbers[kept.epoch]["test_accuracy"]
        assert accuracy(kept.held_out_logits, held_out) == numbers[kept.epoch]["val_accuracy"]


def test_its_litert_file_is_as_good_as_its_card_from_the_raw_images(network, dataset):
    file = network_file("litert", network.kept[-1].weights)
    run = Interpreter(model_content=file, num_threads=1).get_signature_runner()
    images = dataset.test.images[..., np.newaxis].astype(np.float32) / 255
    outputs = [run(images=images[index : index + 1]) for index in range(len(images))]
    assert set(outputs[0]) == {layer.name for layer in LAYERS}
    found = accuracy(np.concatenate([output["logits"] for output in outputs]), dataset.test.labels)
    # A logit stored as float16 can tie with another: an image of ten thousand at most.
    assert found == pytest.approx(network.record["epochs"][-1]["test_accuracy"], abs=1.5e-4)
    assert f"| {found:.2%} |" in CARD


def test_a_kept_epochs_network_gives_its_logits(network, dataset):
    for kept in network.kept:
        logits = Classifier(kept.weights).logits(dataset.test.images[:50])
        # Rounded to float16, and all but the last one's weights, too.
        assert np.abs(logits - kept.test_logits[:50]).max() < 0.1
        assert np.mean(logits.argmax(axis=1) == predictions(kept.test_logits[:50])) > 0.95


def test_a_map_lies_along_two_directions_of_its_54_numbers(network, dataset):
    indices = range(0, 10_000, 50)
    classifier = Classifier(network.kept[-1].weights)
    numbers = np.stack([classifier.activations(dataset.test.images[index])["dense_1"].ravel() for index in indices])
    points = network.computed["pca"]["points"][indices]
    with_offset = np.hstack([numbers, np.ones((len(numbers), 1))])
    axes = np.linalg.lstsq(with_offset, points, rcond=None)[0]

    assert np.abs(with_offset @ axes - points).max() < 0.02 * np.abs(points).max()
    assert 0.1 < network.computed["pca"]["explained_variance_ratio"].sum() < 1


def test_on_the_other_map_neighbors_are_taken_for_the_same(network):
    tree = KDTree(network.computed["tsne"]["points"])
    nearest = tree.query(tree.data, k=2)[1][:, 1]
    predicted = predictions(network.kept[-1].test_logits)

    assert np.mean(predicted[nearest] == predicted) > 0.9


def test_its_confidence_is_as_its_card_says(network, dataset):
    last = network.kept[-1]
    temperature = fit_temperature(last.held_out_logits, dataset.train.labels[-HELD_OUT_IMAGES:])
    right = predictions(last.test_logits) == dataset.test.labels
    for degree in (1.0, temperature):
        confidence = softmax(last.test_logits.astype(np.float64) / degree).max(axis=1)
        assert f"{expected_calibration_error(confidence, right):.4f}" in CARD
    assert f"{temperature:.2f}" in CARD


def test_what_is_written_can_be_read(network, tmp_path: Path):
    network.write(tmp_path)
    again = read(tmp_path)
    assert (again.id, again.record, again.network) == (network.id, network.record, network.network)
    for name, arrays in network.computed.items():
        assert all(np.array_equal(again.computed[name][part], array) for part, array in arrays.items())
    for kept, before in zip(again.kept, network.kept, strict=True):
        assert kept.epoch == before.epoch
        assert np.array_equal(kept.test_logits, before.test_logits)
        assert np.array_equal(kept.held_out_logits, before.held_out_logits)
        assert all(np.array_equal(kept.weights[name], before.weights[name]) for name in WEIGHT_SHAPES)


def test_the_teachers_answer_every_training_image(dataset):
    answers = pretrained.soft_labels()
    assert (answers.shape, answers.dtype) == ((60_000, 10), np.float32)
    assert answers.sum(axis=1) == pytest.approx(1, abs=1e-5)
    right = answers.argmax(axis=1) == dataset.train.labels
    # No better on those that the others learned from: who answers has seen neither.
    assert 0.94 < right[:-HELD_OUT_IMAGES].mean() <= right[-HELD_OUT_IMAGES:].mean()
    with pytest.raises(ValueError, match="read-only"):
        answers[0, 0] = 1
