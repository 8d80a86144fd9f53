from math import e, log

import numpy as np
import pytest

from fmnist.analysis import metrics

# Three samples of three classes: the arithmetic is the same as for ten and can be done by hand.
LOGITS = np.array([[0, 0, 0], [1, 0, 0], [0, 0, log(2)]])
LABELS = np.array([2, 0, 2], np.uint8)


def test_softmax_of_known_logits():
    expected = [[1 / 3, 1 / 3, 1 / 3], [e / (e + 2), 1 / (e + 2), 1 / (e + 2)], [1 / 4, 1 / 4, 1 / 2]]
    assert metrics.softmax(LOGITS) == pytest.approx(np.array(expected))


def test_cross_entropy_of_known_logits():
    each = [log(3), log((e + 2) / e), log(2)]
    assert metrics.losses(LOGITS, LABELS) == pytest.approx(each)
    assert metrics.cross_entropy(LOGITS, LABELS) == pytest.approx(sum(each) / 3)


def test_sigmoid_is_each_class_alone():
    scores = metrics.sigmoid(np.array([[0, log(3), -log(3)]]))
    assert scores == pytest.approx(np.array([[0.5, 0.75, 0.25]]))


def test_accuracy_and_mistakes():
    assert metrics.predictions(LOGITS).tolist() == [0, 0, 2]
    assert metrics.accuracy(LOGITS, LABELS) == pytest.approx(2 / 3)
    assert metrics.misclassified(LOGITS, LABELS).tolist() == [0]


def test_mistakes_of_a_network_that_makes_none():
    assert metrics.misclassified(LOGITS, np.array([0, 0, 2])).tolist() == []


def test_the_furthest_logits_of_float16_overflow_nowhere():
    logits = np.array([[65_504, -65_504]], np.float16)
    assert metrics.softmax(logits).tolist() == [[1, 0]]
    assert metrics.sigmoid(logits).tolist() == [[1, 0]]
    assert metrics.losses(logits, np.array([1])) == pytest.approx([131_008])


def test_logits_are_rounded_to_float16_but_for_rows_beyond_it():
    within, beyond = [0.1, -65_504.0, 7.0], [8e6, 8e6 + 1, 0]

    alone = metrics.rounded(np.array([within], np.float32))
    assert (alone.dtype, alone.tolist()) == (np.float16, np.array([within]).astype(np.float16).tolist())
    both = metrics.rounded(np.array([within, beyond], np.float32))
    assert (both.dtype, both.tolist()) == (np.float32, [*alone.tolist(), beyond])
    assert metrics.rounded(np.array(within)).shape == (3,)


def test_float16_is_summed_in_float64():
    logits = np.tile(np.array([0.1, 0.7, -3.3], np.float16), (10_000, 1))
    labels = np.zeros(10_000, np.uint8)
    assert metrics.cross_entropy(logits, labels) == pytest.approx(metrics.losses(logits[:1], labels[:1])[0])
    assert metrics.softmax(logits).dtype == np.float64


@pytest.mark.parametrize(("accuracy", "nothing"), [(0.0, True), (0.1, True), (0.199, True), (0.2, False), (0.9, False)])
def test_a_network_that_guesses_learned_nothing(accuracy, nothing):
    assert metrics.learned_nothing(accuracy) is nothing
