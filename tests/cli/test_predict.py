import json
import math

import numpy as np
import pytest
from PIL import Image

from fmnist.data.dataset import CLASS_NAMES
from testing.photographs import file_of, photograph


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
    assert answer["in_distribution"] is True and answer["ood_score"] == "distance"
    assert 0.05 <= answer["ood_percentile"] <= 1
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    assert "true_class" not in answer

    shown = command("predict", coat).stdout
    assert f"{coat}, as 28 × 28 greys, run 0" in shown
    assert f"predicted class  Coat, confidence {answer['confidence']:.2%}\n" in shown
    assert f"\nin distribution: {answer['ood_percentile']:.1%} of the held-out images are as far from" in shown
    assert "true class" not in shown


@pytest.fixture
def stripes(tmp_path):
    """Soft stripes, 28 × 28 greys: the network predicts a Bag, and more clearly than it does most bags."""
    path = tmp_path / "stripes.png"
    down = np.mgrid[:28, :28][0]
    path.write_bytes(file_of(Image.fromarray(np.uint8(127.5 - 127.5 * np.cos(down / 2))), "PNG"))
    return path


def test_a_foreign_picture_is_out_of_distribution_however_confident_the_network_is(project_run, command, stripes):
    answer = json.loads(command("predict", stripes, "--json").stdout)

    assert answer["predicted_class"] == "Bag" and answer["confidence"] > 0.99
    assert answer["in_distribution"] is False and answer["ood_percentile"] < 0.01
    assert "\nout of distribution: 0.4% of the held-out images are as far" in command("predict", stripes).stdout


def test_another_network_is_judged_by_its_energy(project_run, command, coat):
    answer = json.loads(command("predict", coat, "--epoch", 1, "--json").stdout)

    assert answer["ood_score"] == "energy"
    shown = command("predict", coat, "--epoch", 1).stdout
    assert "\nin distribution: 7.3% of the test images have ten outputs that together are as low; many foreign" in shown


def test_many_foreign_pictures_pass_is_said_only_of_one_that_passed(project_run, command, tmp_path):
    noise = np.pad(np.random.default_rng(0).integers(0, 120, (26, 26), dtype=np.uint8), 1)
    path = tmp_path / "noise.png"
    path.write_bytes(file_of(Image.fromarray(noise), "PNG"))
    shown = command("predict", path, "--epoch", 1).stdout

    assert "\nout of distribution: " in shown
    assert "of the test images have ten outputs that together are as low\n" in shown


def test_what_is_neither_an_index_nor_a_picture_is_refused(project_run, command, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear teacher")
    for argument, sentence in (
        ("missing.png", "'missing.png' is neither an index of the test set, 0 to 9999, nor a file that can be read"),
        (tmp_path, "nor a file that can be read"),
        (letter, "The file holds no picture that can be read; choose a PNG or a JPEG."),
        (10_000, "There is no test image 10000"),
        ("9" * 5_000, f"There is no test image {'9' * 40};"),
    ):
        refused = command("predict", argument)
        assert refused.exit_code == 2
        assert sentence in refused.stderr
