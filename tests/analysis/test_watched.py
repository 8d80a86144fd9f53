"""The twenty watched images, and what is computed of a network while it trains."""

import numpy as np
import pytest

from fmnist.analysis.metrics import predictions
from fmnist.analysis.watched import WATCHED, answers, by_class, filters
from fmnist.architecture import WEIGHT_SHAPES
from fmnist.data.dataset import load_dataset
from fmnist.pretrained.network import read
from fmnist.settings import Settings


def test_two_of_each_class_are_watched_the_first_and_one_that_the_included_run_classifies_correctly():
    labels, last = load_dataset(Settings.from_environment()).test.labels, read().kept[-1]
    assert labels[[*WATCHED]].tolist() == [label for label in range(10) for _ in range(2)]
    assert [*WATCHED[::2]] == [np.flatnonzero(labels == label)[0] for label in range(10)]
    late = [*WATCHED[1::2]]
    assert predictions(last.test_logits)[late].tolist() == labels[late].tolist()


def test_an_answer_is_a_class_and_its_confidence():
    logits = np.zeros((2, 10), np.float16)
    logits[1, 7] = 3
    assert answers(logits) == [(0, 0.1), (7, pytest.approx(np.exp(3) / (9 + np.exp(3)), abs=1e-4))]


def test_a_filter_is_nine_numbers_row_by_row():
    kernel = np.arange(288, dtype=np.float32).reshape(WEIGHT_SHAPES["convolution_1/kernel"]) / 1_000
    found = filters({"convolution_1/kernel": kernel})
    assert np.shape(found) == (32, 9)
    assert found[1] == [0.001, 0.033, 0.065, 0.097, 0.129, 0.161, 0.193, 0.225, 0.257]


def test_of_each_class_the_share_that_is_right_and_what_the_others_are_taken_for():
    labels, predicted = np.array([6, 6, 6, 6, 8, 8, 0]), [6, 0, 0, 2, 8, 8, 6]
    right, taken_for = by_class(np.eye(10)[predicted], labels)
    assert (right[6], right[8], right[0], right[1]) == (0.25, 1, 0, 0)
    assert (taken_for[6], taken_for[8], taken_for[0], taken_for[1]) == (0, None, 6, None)
