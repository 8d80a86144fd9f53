"""The statistics that come with the project's network are that network's, and find what is foreign to it."""

from contextlib import closing

import numpy as np
import pytest

from fmnist.analysis.ood import OOD_PERCENTILE
from fmnist.data.dataset import load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.pretrained.network import read
from fmnist.recipe import HELD_OUT_IMAGES
from fmnist.runs.ood import distances_of, image_features
from fmnist.runs.record import INCLUDED
from fmnist.runs.store import Store
from fmnist.settings import Settings
from testing.foreign import JUDGED_BY, seen


@pytest.fixture(scope="module")
def network():
    return read()


def out_of_distribution(network, images):
    """The share of images that are called out of distribution."""
    weights = network.kept[-1].weights
    return np.mean(distances_of(weights).percentile(image_features(Classifier(weights), images)) < OOD_PERCENTILE)


def test_they_are_of_the_projects_run_after_its_last_epoch(project_run, database_url):
    with closing(Store(database_url)) as store:
        (run,) = store.runs()
        assert run.number == INCLUDED
        kept = [distances_of(store.weights(run.id, epoch)) for epoch in run.kept]

    assert kept[-1] is not None
    assert kept[:-1] == [None] * (len(kept) - 1)


def test_one_in_twenty_held_out_images_is_called_out_of_distribution(network):
    images = load_dataset(Settings.from_environment()).train.images[-HELD_OUT_IMAGES:]

    assert out_of_distribution(network, images[::5]) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize("kind", ["digits", "stripes", "noise, 4 px"])
def test_foreign_pictures_are_found(network, kind):
    assert out_of_distribution(network, seen(JUDGED_BY[kind], seed=0, number=40)) > 0.75
