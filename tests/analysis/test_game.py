"""The choice of five images: two easy, two close, one that people see and the included network does not."""

import numpy as np
import pytest

from fmnist.analysis.game import PLAIN, choose_images
from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import load_dataset
from fmnist.pretrained.network import read
from fmnist.settings import Settings


@pytest.fixture(scope="module")
def labels():
    return load_dataset(Settings.from_environment()).test.labels


@pytest.fixture(scope="module")
def logits():
    return read().kept[-1].test_logits


def test_every_choice_has_easy_close_and_plain_images_of_five_classes(logits, labels):
    right = predictions(logits) == labels
    confidences = np.sort(softmax(logits), axis=1)
    for seed in range(30):
        chosen = choose_images(logits, labels, (seed, 0))
        plain = np.isin(chosen, PLAIN)
        assert plain.sum() == 1
        assert not right[chosen[plain]].any()
        assert (confidences[chosen, -2] >= 0.2)[~plain].sum() == 2
        assert ((confidences[chosen, -1] >= 0.99) & right[chosen]).sum() == 2
        assert len(set(labels[chosen])) == 5


def test_the_included_network_misclassifies_the_plain_images(logits, labels):
    assert not (predictions(logits) == labels)[PLAIN].any()


def test_a_visit_has_its_own_images_and_others_after_them(logits, labels):
    first, again, more, other = (
        choose_images(logits, labels, seed).tolist() for seed in ((1, 0), (1, 0), (1, 1), (2, 0))
    )
    assert first == again
    assert len({tuple(first), tuple(more), tuple(other)}) == 3


def test_the_order_tells_nothing(logits, labels):
    places = {int(np.flatnonzero(np.isin(choose_images(logits, labels, (seed, 0)), PLAIN))[0]) for seed in range(40)}
    assert places == {0, 1, 2, 3, 4}


def test_a_network_without_mistakes_has_five_images_too(labels):
    logits = 20 * np.eye(10)[labels]
    assert len(set(choose_images(logits, labels, (0, 0)))) == 5
