import json
import math

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Recipe
from tests.photographs import file_of, photograph


def test_evaluates_the_newest_run_with_a_finished_epoch(command, store, trained):
    run = trained()
    store.add(Recipe(), "page")
    answer = json.loads(command("evaluate", "--json").stdout)
    assert (answer["run"], answer["id"], answer["epoch"]) == (run.number, run.id, 3)
    assert answer["accuracy"] == 1.0
    assert answer["loss"] == pytest.approx(math.log(math.exp(6) + 9) - 6)
    assert answer["class_accuracy"] == dict.fromkeys(CLASS_NAMES, 1.0)


@pytest.mark.parametrize("naming", ["number", "id"])
def test_evaluates_the_epoch_of_the_run_that_is_named(command, trained, dataset, naming):
    run = trained()
    trained(epochs=1)
    answer = json.loads(command("evaluate", getattr(run, naming), "--epoch", 1, "--json").stdout)
    assert (answer["run"], answer["epoch"], answer["accuracy"]) == (run.number, 1, 0.8)
    bags = dataset.test.labels == 8
    assert answer["class_accuracy"]["Bag"] == pytest.approx(1 - bags[:2000].sum() / bags.sum())


def test_shows_every_class(command, trained):
    run = trained()
    shown = command("evaluate").stdout
    assert f"Run {run.number} ({run.id}) after epoch 3" in shown
    assert "accuracy 1.0000, loss 0.0221" in shown
    assert all(name in shown for name in CLASS_NAMES)


def test_predicts_with_probabilities_and_the_notebooks_scores(command, trained, dataset):
    run = trained()
    answer = json.loads(command("predict", 169, "--run", run.number, "--json").stdout)
    assert answer["true_class"] == answer["predicted_class"] == "Pullover"
    assert answer["confidence"] == pytest.approx(math.exp(6) / (math.exp(6) + 9))
    assert list(answer["probabilities"]) == list(answer["notebook_scores"]) == list(CLASS_NAMES)
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    assert answer["notebook_scores"]["Pullover"] == pytest.approx(1 / (1 + math.exp(-6)))
    assert answer["notebook_scores"]["Bag"] == 0.5


def test_predicts_what_the_network_thought_after_an_epoch(command, trained, dataset):
    trained()
    shown = command("predict", 0, "--epoch", 1).stdout
    assert CLASS_NAMES[dataset.test.labels[0]] == "Ankle boot"
    assert "true class       Ankle boot\npredicted class  T-shirt/top, confidence 97.82%" in shown
    assert "Ankle boot       0.2425%            0.5000" in shown


@pytest.fixture
def coat(dataset, tmp_path):
    path = tmp_path / "coat.jpg"
    path.write_bytes(file_of(photograph(dataset.test.images[6], np.random.default_rng(0))))
    return path


def test_a_file_is_asked_about_too(project_run, command, coat):
    answer = json.loads(command("predict", coat, "--json").stdout)
    assert answer["file"] == str(coat)
    assert answer["predicted_class"] == "Coat"
    assert answer["familiar"] and 0.05 < answer["weaker_test_images"] <= 1
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    assert "true_class" not in answer

    shown = command("predict", coat).stdout
    assert f"{coat}, as 28 × 28 greys, run 0" in shown
    assert f"predicted class  Coat, confidence {answer['confidence']:.2%}\n" in shown
    assert "true class" not in shown and "unlike" not in shown


def test_a_foreign_picture_is_called_so(project_run, command, tmp_path):
    path = tmp_path / "zero.png"
    digit = Image.fromarray((255 - load_digits().images[0] * 255 / 16).astype(np.uint8))
    path.write_bytes(file_of(digit.resize((280, 280), Image.Resampling.BICUBIC), "PNG"))

    assert "unlike what the network learned from" in command("predict", path).stdout


def test_what_is_neither_an_index_nor_a_picture_is_refused(project_run, command, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear teacher")
    for asked, said in (
        ("missing.png", "'missing.png' is neither an index of the test set, 0 to 9999, nor a file that can be read"),
        (tmp_path, "nor a file that can be read"),
        (letter, "The file holds no picture that can be read; choose a PNG or a JPEG."),
        (10_000, "There is no test image 10000"),
        ("9" * 5_000, f"There is no test image {'9' * 40};"),
    ):
        refused = command("predict", asked)
        assert refused.exit_code == 2
        assert said in refused.stderr
