import os

import numpy as np
import pytest

from fmnist.analysis.metrics import softmax
from fmnist.training.distillation import teacher
from fmnist.training.distillation.teacher import ask_teachers, train_teacher, write_answers


class Interrupted(Exception):
    pass


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Two narrow teachers that forget nothing beside this test's folder."""
    monkeypatch.setattr(teacher, "PARTS", 2)
    monkeypatch.setattr(teacher, "WIDTH", 4)
    monkeypatch.setattr(teacher, "EPOCHS", 2)
    monkeypatch.setattr(teacher, "BATCH_SIZE", 64)
    monkeypatch.setattr(teacher, "user_cache_path", lambda *names, **options: tmp_path)


def test_an_interrupted_training_goes_on_with_the_epoch_it_was_in(small, training):
    said = []

    def interrupt(sentence):
        said.append(sentence)
        if len(said) == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        ask_teachers(training.images, training.labels[:400], interrupt)
    logits = ask_teachers(training.images, training.labels[:400], said.append)

    epochs = [f"Teacher {part}/2, epoch {epoch}/2" for part in (1, 2) for epoch in (1, 2)]
    assert [sentence.split("  ")[0] for sentence in said] == epochs
    assert (logits.shape, logits.dtype) == ((500, 10), np.float32)


def test_answers_that_could_not_be_written_are_no_answers(small, training, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "train_teacher", lambda images, labels, folder, say: None)
    monkeypatch.setattr(
        teacher, "_logits", lambda model, images: np.eye(10, dtype=np.float32)[np.arange(len(images)) % 10]
    )
    fsync, full = os.fsync, OSError(28, "No space left on device")

    def fail_first(descriptor):
        monkeypatch.setattr(os, "fsync", fsync)
        raise full

    monkeypatch.setattr(os, "fsync", fail_first)
    with pytest.raises(OSError, match="No space left"):
        ask_teachers(training.images, training.labels[:400], print)
    assert not list((tmp_path / "teachers").iterdir())
    assert ask_teachers(training.images, training.labels[:400], print).shape == (500, 10)


def test_an_image_is_answered_by_the_teacher_that_did_not_see_it(small, training, monkeypatch, tmp_path):
    """A teacher says its own number of everything."""
    seen = []

    def train(images, labels, folder, say):
        seen.append(images)
        return len(seen) - 1

    monkeypatch.setattr(teacher, "train_teacher", train)
    monkeypatch.setattr(teacher, "_logits", lambda number, images: np.full((len(images), 10), number, np.float32))
    logits = ask_teachers(training.images, training.labels[:400], print)

    second = logits[:400].max()
    for image in (0, 1, 398, 399):
        number = int(logits[image, 0] / second)
        assert not (seen[number] == training.images[image]).all(axis=(1, 2)).any()
        assert (seen[1 - number] == training.images[image]).all(axis=(1, 2)).any()
    assert logits[400:] == pytest.approx(second / 2), "an image without a label is answered by both"


def test_teachers_are_as_sure_as_they_are_right(small, training, monkeypatch):
    """They are right of four images in five, and say so of all with the same logits."""
    labels = training.labels[:400]
    wrong = np.arange(500) % 5 == 0
    logits = np.eye(10, dtype=np.float32)[np.where(wrong, training.labels + 1, training.labels) % 10]
    answers = {image.tobytes(): answer for image, answer in zip(training.images, logits, strict=True)}
    monkeypatch.setattr(teacher, "train_teacher", lambda images, labels, folder, say: None)
    monkeypatch.setattr(teacher, "_views", lambda images: [images])
    monkeypatch.setattr(
        teacher, "_logits", lambda model, images: np.array([answers[image.tobytes()] for image in images])
    )

    sure = softmax(ask_teachers(training.images, labels, print)).max(axis=1)
    assert sure == pytest.approx(0.8, abs=1e-3)


def test_the_same_images_train_the_same_teacher(small, training, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "EPOCHS", 1)
    said = []
    for folder in ("one", "other"):
        train_teacher(training.images, training.labels, tmp_path / folder, said.append)
    losses = [float(sentence.split("loss: ")[1].split()[0]) for sentence in said]
    assert losses[0] == pytest.approx(losses[1], abs=1e-3)


def test_answers_are_written_as_probabilities(tmp_path):
    write_answers(np.log([[0.2, 0.2, 0.6], [1.0, 1.0, 8.0]]).astype(np.float32), tmp_path / "teachers.npz")
    answers = np.load(tmp_path / "teachers.npz")["answers"]
    assert answers.dtype == np.uint16
    assert answers.tolist() == [[2_000, 2_000, 6_000], [1_000, 1_000, 8_000]]
