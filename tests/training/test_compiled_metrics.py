"""Reported losses: the plain cross-entropy of the true classes, whatever the targets are."""

import numpy as np
import pytest

from fmnist.analysis.metrics import cross_entropy
from fmnist.recipe import BEST, FAST, NOTEBOOK
from fmnist.training.compiled_metrics import compiled_metrics
from fmnist.training.distillation.targets import targets
from fmnist.training.learner import learner_of


@pytest.mark.parametrize("recipe", [NOTEBOOK, FAST, BEST])
def test_the_reported_loss_is_the_cross_entropy_of_the_labels(recipe, training):
    labels = training.labels[:300]
    logits = np.random.default_rng(0).normal(size=(300, 10)).astype(np.float32)
    _, metric = compiled_metrics()
    metric.update_state(targets(recipe, labels), logits)
    assert float(metric.result()) == pytest.approx(cross_entropy(logits, labels), rel=1e-5)


def test_a_loss_of_fast_can_fall_below_the_entropy_of_its_targets(training):
    """Which is .5 with a tenth of each spread over the classes: the loss that is minimized stays above it."""
    learner = learner_of(FAST)
    learner.start(0)
    images, labels = training.images[:512, ..., np.newaxis], targets(FAST, training.labels[:512])
    history = learner.model.fit(images, labels, batch_size=64, epochs=20, verbose=0).history
    assert history["cross_entropy"][-1] < 0.4 < 0.5 < history["loss"][-1]
