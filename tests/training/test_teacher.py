import numpy as np
import pytest

from fmnist.data.dataset import Dataset
from fmnist.training import teacher
from fmnist.training.teacher import train_teacher, write_answers


class Interrupted(Exception):
    pass


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A narrow teacher that forgets nothing beside this test's folder."""
    monkeypatch.setattr(teacher, "WIDTH", 4)
    monkeypatch.setattr(teacher, "EPOCHS", 3)
    monkeypatch.setattr(teacher, "BATCH_SIZE", 64)
    monkeypatch.setattr(teacher, "user_cache_path", lambda *names, **options: tmp_path)


def test_an_interrupted_training_goes_on_and_its_answers_are_written(small, training, test_split, tmp_path):
    dataset, said = Dataset(training, test_split), []

    def interrupt(sentence):
        said.append(sentence)
        if len(said) == 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        train_teacher(dataset, 400, interrupt)
    model = train_teacher(dataset, 400, said.append)
    assert [sentence.split("  ")[0] for sentence in said] == [f"Teacher, epoch {epoch}/3" for epoch in (1, 2, 3)]

    write_answers(model, training.images, tmp_path / "teacher.npz")
    answers = np.load(tmp_path / "teacher.npz")["answers"]
    assert (answers.shape, answers.dtype) == ((500, 10), np.uint8)
    assert np.abs(answers.sum(axis=1, dtype=int) - 255).max() <= 5


def test_the_same_images_train_the_same_teacher(small, training, test_split, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "EPOCHS", 1)
    said = []
    for folder in ("one", "other"):
        monkeypatch.setattr(teacher, "user_cache_path", lambda *names, folder=folder, **options: tmp_path / folder)
        train_teacher(Dataset(training, test_split), 400, said.append)
    losses = [float(sentence.split("loss: ")[1].split()[0]) for sentence in said]
    assert losses[0] == pytest.approx(losses[1], abs=1e-3)
