import os

import numpy as np
import pytest

from fmnist.analysis.metrics import softmax
from fmnist.training.distillation import teacher
from fmnist.training.distillation.teacher import predict_out_of_fold, train_teacher, write_soft_labels


class Interrupted(Exception):
    pass


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Two narrow teachers, cached in this test's folder alone."""
    monkeypatch.setattr(teacher, "FOLDS", 2)
    monkeypatch.setattr(teacher, "WIDTH", 4)
    monkeypatch.setattr(teacher, "EPOCHS", 2)
    monkeypatch.setattr(teacher, "BATCH_SIZE", 64)
    monkeypatch.setattr(teacher, "user_cache_path", lambda *names, **options: tmp_path)


def test_an_interrupted_training_goes_on_with_the_epoch_it_was_in(small, training):
    lines = []

    def interrupt(line):
        lines.append(line)
        if len(lines) == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        predict_out_of_fold(training.images, training.labels[:400], interrupt)
    logits = predict_out_of_fold(training.images, training.labels[:400], lines.append)

    epochs = [f"Teacher {part}/2, epoch {epoch}/2" for part in (1, 2) for epoch in (1, 2)]
    assert [line.split("  ")[0] for line in lines] == epochs
    assert (logits.shape, logits.dtype) == ((500, 10), np.float32)


def test_predictions_that_could_not_be_written_are_made_again(small, training, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "train_teacher", lambda images, labels, folder, report: None)
    monkeypatch.setattr(
        teacher, "_logits", lambda model, images: np.eye(10, dtype=np.float32)[np.arange(len(images)) % 10]
    )
    fsync, full = os.fsync, OSError(28, "No space left on device")

    def fail_first(descriptor):
        monkeypatch.setattr(os, "fsync", fsync)
        raise full

    monkeypatch.setattr(os, "fsync", fail_first)
    with pytest.raises(OSError, match="No space left"):
        predict_out_of_fold(training.images, training.labels[:400], print)
    assert not list((tmp_path / "teachers").iterdir())
    assert predict_out_of_fold(training.images, training.labels[:400], print).shape == (500, 10)


def test_predictions_are_out_of_fold(small, training, monkeypatch, tmp_path):
    """Each teacher predicts its own number for every image."""
    seen = []

    def train(images, labels, folder, report):
        seen.append(images)
        return len(seen) - 1

    monkeypatch.setattr(teacher, "train_teacher", train)
    monkeypatch.setattr(teacher, "_logits", lambda number, images: np.full((len(images), 10), number, np.float32))
    logits = predict_out_of_fold(training.images, training.labels[:400], print)

    second = logits[:400].max()
    for image in (0, 1, 398, 399):
        number = int(logits[image, 0] / second)
        assert not (seen[number] == training.images[image]).all(axis=(1, 2)).any()
        assert (seen[1 - number] == training.images[image]).all(axis=(1, 2)).any()
    assert logits[400:] == pytest.approx(second / 2), "an image without a label is predicted by both"


def test_soft_labels_are_calibrated(small, training, monkeypatch):
    """The teachers are right for four images in five, with the same logits for all."""
    labels = training.labels[:400]
    wrong = np.arange(500) % 5 == 0
    logits = np.eye(10, dtype=np.float32)[np.where(wrong, training.labels + 1, training.labels) % 10]
    soft = {image.tobytes(): row for image, row in zip(training.images, logits, strict=True)}
    monkeypatch.setattr(teacher, "train_teacher", lambda images, labels, folder, report: None)
    monkeypatch.setattr(teacher, "_views", lambda images: [images])
    monkeypatch.setattr(teacher, "_logits", lambda model, images: np.array([soft[image.tobytes()] for image in images]))

    sure = softmax(predict_out_of_fold(training.images, labels, print)).max(axis=1)
    assert sure == pytest.approx(0.8, abs=1e-3)


def test_the_same_images_train_the_same_teacher(small, training, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "EPOCHS", 1)
    lines = []
    for folder in ("one", "other"):
        train_teacher(training.images, training.labels, tmp_path / folder, lines.append)
    losses = [float(line.split("loss: ")[1].split()[0]) for line in lines]
    assert losses[0] == pytest.approx(losses[1], abs=1e-3)


def test_soft_labels_are_written_as_probabilities(tmp_path):
    write_soft_labels(np.log([[0.2, 0.2, 0.6], [1.0, 1.0, 8.0]]).astype(np.float32), tmp_path / "teachers.npz")
    soft = np.load(tmp_path / "teachers.npz")["probabilities"]
    assert soft.dtype == np.uint16
    assert soft.tolist() == [[2_000, 2_000, 6_000], [1_000, 1_000, 8_000]]
