import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES, Dataset, Split
from fmnist.errors import InvalidSample
from fmnist.recipe import NOTEBOOK, Recipe


def test_the_two_splits(dataset: Dataset):
    assert dataset.train.images.shape == (60_000, 28, 28)
    assert dataset.test.images.shape == (10_000, 28, 28)
    assert dataset.train.images.dtype == dataset.train.labels.dtype == np.uint8
    assert dataset.train.class_counts().tolist() == [6_000] * 10
    assert dataset.test.class_counts().tolist() == [1_000] * 10
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)


def test_the_first_images_are_those_of_the_notebook(dataset: Dataset):
    names = [CLASS_NAMES[label] for label in dataset.train.labels[:5]]
    assert names == ["Ankle boot", "T-shirt/top", "T-shirt/top", "Dress", "T-shirt/top"]
    assert CLASS_NAMES[dataset.sample("test", 169).label] == "Pullover"


def test_the_first_image_is_upright(dataset: Dataset):
    # An ankle boot with its toe to the left: dark above the toe, bright along the sole.
    boot = dataset.train.images[0]
    assert boot[:10, :8].max() == 0
    assert boot[20:25, 2:26].mean() > 100


@pytest.mark.parametrize("array", ["images", "labels"])
def test_what_is_shared_cannot_be_changed(dataset: Dataset, array: str):
    with pytest.raises(ValueError, match="read-only"):
        getattr(dataset.train, array)[0] = 0


def test_a_sample(dataset: Dataset):
    sample = dataset.sample("train", 59_999)
    assert (sample.split, sample.index, sample.label) == ("train", 59_999, int(dataset.train.labels[59_999]))
    assert np.array_equal(sample.image, dataset.train.images[59_999])


@pytest.mark.parametrize(
    ("split", "index", "message"),
    [
        ("test", 10_000, "There is no test image 10000; choose an index from 0 to 9,999."),
        ("test", -1, "There is no test image -1; choose an index from 0 to 9,999."),
        ("train", 60_000, "There is no train image 60000; choose an index from 0 to 59,999."),
        ("tset", 0, "There is no split 'tset'; choose 'train' or 'test'."),
    ],
)
def test_a_sample_that_does_not_exist(dataset: Dataset, split: str, index: int, message: str):
    with pytest.raises(InvalidSample) as caught:
        dataset.sample(split, index)
    assert str(caught.value) == message


def test_indices_come_in_order(dataset: Dataset):
    assert dataset.test.indices().tolist() == list(range(10_000))
    bags = dataset.test.indices(8)
    assert len(bags) == 1_000
    assert set(dataset.test.labels[bags]) == {8}
    assert (np.diff(bags) > 0).all()


def test_a_seed_shuffles_the_same_indices(dataset: Dataset):
    bags, shuffled = dataset.test.indices(8), dataset.test.indices(8, seed=1)
    assert not np.array_equal(bags, shuffled)
    assert np.array_equal(bags, np.sort(shuffled))
    assert np.array_equal(shuffled, dataset.test.indices(8, seed=1))
    assert not np.array_equal(shuffled, dataset.test.indices(8, seed=2))


@pytest.mark.parametrize("label", [-1, 10])
def test_a_class_that_does_not_exist(dataset: Dataset, label: int):
    with pytest.raises(InvalidSample, match=f"There is no class {label}; choose a label from 0 to 9."):
        dataset.test.indices(label)


def test_a_class_without_images_counts_zero():
    split = Split("train", np.zeros((2, 28, 28), np.uint8), np.array([3, 3], np.uint8))
    assert split.class_counts().tolist() == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]


def test_held_out_images_are_not_trained_on(dataset: Dataset):
    trained, validated = dataset.train_validation_split(Recipe())
    assert (trained.name, len(trained)) == ("train", 55_000)
    assert (validated.name, len(validated)) == ("validation", 5_000)
    assert np.array_equal(validated.images, dataset.train.images[55_000:])
    assert np.array_equal(validated.labels, dataset.train.labels[55_000:])
    assert not np.shares_memory(trained.images, validated.images)


def test_fewer_images_are_the_first_ones(dataset: Dataset):
    trained, validated = dataset.train_validation_split(Recipe(training_images=100))
    assert np.array_equal(trained.images, dataset.train.images[:100])
    assert np.array_equal(trained.labels, dataset.train.labels[:100])
    assert len(validated) == 5_000


def test_the_notebook_validates_on_the_test_set(dataset: Dataset):
    trained, validated = dataset.train_validation_split(NOTEBOOK)
    assert len(trained) == 60_000
    assert validated is dataset.test
