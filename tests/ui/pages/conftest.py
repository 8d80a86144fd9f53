"""The data set that the pages have."""

import pytest

from ui.server.dataset import dataset_loader


@pytest.fixture(scope="session")
def dataset():
    loader = dataset_loader()
    assert loader.wait(300)
    return loader.dataset


@pytest.fixture(scope="session")
def labels(dataset):
    return dataset.test.labels
