import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fmnist.inference.classifier import Classifier
from fmnist.training.network import build, get_weights, initial_weights


@pytest.fixture(scope="module")
def model():
    return build(initial_weights(6))


@pytest.fixture(scope="module")
def classifier(model):
    return Classifier(get_weights(model))


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(6).integers(0, 256, (200, 28, 28), dtype=np.uint8)


def test_its_logits_are_keras_logits(classifier, model, images):
    logits = classifier.logits(images)
    assert logits.shape == (200, 10)
    assert logits.dtype == np.float32
    assert logits == pytest.approx(model(images[..., np.newaxis].astype(np.float32) / 255).numpy(), abs=1e-4)


def test_no_images_no_logits(classifier, images):
    assert classifier.logits(images[:0]).shape == (0, 10)


def test_activations_end_in_the_logits(classifier, images):
    assert np.array_equal(classifier.activations(images[3])["logits"], classifier.logits(images[3:4])[0])


def test_activations_are_the_callers_own(classifier, images):
    first = classifier.activations(images[0])["convolution_1"]
    kept = first.copy()
    classifier.activations(images[1])
    assert np.array_equal(first, kept)


def test_threads_do_not_mix_their_images(classifier, images):
    alone = classifier.logits(images)
    with ThreadPoolExecutor(8) as threads:
        parts = list(threads.map(classifier.logits, np.split(images, 40)))
    assert np.array_equal(np.concatenate(parts), alone)


def test_a_process_writes_no_line_about_the_delegate():
    script = """
import numpy as np
from fmnist.inference.classifier import Classifier
from fmnist.pretrained.network import read
for kept in read().kept[:2]:
    Classifier(kept.weights).logits(np.zeros((1, 28, 28)))
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=300)

    assert (done.stdout, done.stderr) == (b"", b"")
