from math import isnan

import numpy as np
import pytest
from scipy.optimize import root_scalar
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from fmnist.analysis.calibration import (
    brier_score,
    coverage_at,
    expected_calibration_error,
    fit_temperature,
    reliability,
    risk_coverage,
)
from fmnist.analysis.metrics import cross_entropy, predictions, sigmoid, softmax

NOTHING = np.empty(0)


def overconfident(seed):
    """Labels and float16 logits of 2,000 samples, about two thirds right, whose logits are thrice too large."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(size=(2_000, 10)) * 2
    drawn = [generator.choice(10, p=probabilities) for probabilities in softmax(logits)]
    return np.array(drawn, np.uint8), (3 * logits).astype(np.float16)


@pytest.fixture(params=["random", "trained"])
def answers(request):
    if request.param == "random":
        return overconfident(1)
    run = request.getfixturevalue("trained")
    return run.labels, run.logits


@pytest.fixture(params=["probability", "notebook score"])
def scored(request, answers):
    """Each sample's confidence, and whether its answer is right."""
    labels, logits = answers
    scores = softmax(logits) if request.param == "probability" else sigmoid(logits)
    return scores.max(axis=1), predictions(logits) == labels


def test_the_diagram_is_scikit_learns(scored):
    diagram = reliability(*scored)

    accuracy, confidence = calibration_curve(scored[1], scored[0], n_bins=15)
    filled = diagram.count > 0
    assert diagram.confidence[filled] == pytest.approx(confidence, abs=1e-9)
    assert diagram.accuracy[filled] == pytest.approx(accuracy, abs=1e-9)
    assert np.isnan(diagram.confidence[~filled]).all() and np.isnan(diagram.accuracy[~filled]).all()
    assert diagram.count.sum() == len(scored[0])
    assert diagram.edges == pytest.approx(np.arange(16) / 15)


def test_the_calibration_error_by_its_equation(scored):
    confidence, correct = scored
    error = 0.0
    for m in range(1, 16):
        own = (confidence > (m - 1) / 15) & (confidence <= m / 15)
        if own.any():
            error += own.sum() / len(own) * abs(correct[own].mean() - confidence[own].mean())

    assert expected_calibration_error(*scored) == pytest.approx(error, abs=1e-9)


def test_a_bin_holds_its_upper_edge_and_the_first_one_zero():
    diagram = reliability(np.array([0, 0.25, 0.5, 0.50001, 1]), np.array([False, True, True, False, True]), bins=4)

    assert diagram.count.tolist() == [2, 1, 1, 1]
    assert diagram.confidence == pytest.approx([0.125, 0.5, 0.50001, 1])
    assert diagram.accuracy.tolist() == [0.5, 1, 0, 1]


@pytest.mark.parametrize(("right", "error"), [(True, 0), (False, 1)])
def test_certain_answers_all_right_or_all_wrong(right, error):
    correct = np.full(20, right)

    assert reliability(np.ones(20), correct).count.tolist() == [0] * 14 + [20]
    assert expected_calibration_error(np.ones(20), correct) == error


def test_brier_score_and_loss_are_scikit_learns(answers):
    labels, logits = answers
    probabilities = softmax(logits)

    assert brier_score(probabilities, labels) == pytest.approx(
        brier_score_loss(labels, probabilities, labels=range(10), scale_by_half=False), abs=1e-9
    )
    assert cross_entropy(logits, labels) == pytest.approx(log_loss(labels, probabilities, labels=range(10)), abs=1e-9)


def test_the_brier_score_of_the_surest():
    certain = np.eye(10)

    assert brier_score(certain, np.arange(10)) == 0
    assert brier_score(certain, (np.arange(10) + 1) % 10) == 2
    assert brier_score(np.full((5, 10), 0.1), np.full(5, 3)) == pytest.approx(0.9)
    assert certain.sum() == 10, "what is given stays as it is"


def test_at_its_temperature_a_network_is_as_sure_as_it_is_right(answers):
    labels, logits = answers
    precise = logits.astype(np.float64)
    right = (precise.argmax(axis=1) == labels).mean()

    def too_sure(temperature):
        return softmax(precise / temperature).max(axis=1).mean() - right

    temperature = fit_temperature(logits, labels)

    assert too_sure(temperature) == pytest.approx(0, abs=1e-9)
    assert temperature == pytest.approx(root_scalar(too_sure, bracket=(0.1, 10), xtol=1e-12).root, rel=1e-9)


def test_a_temperature_that_is_known():
    labels, logits = overconfident(2)

    assert fit_temperature(logits, labels) == pytest.approx(3, rel=0.05)
    assert fit_temperature(logits.astype(np.float64) * 10, labels) == pytest.approx(
        10 * fit_temperature(logits, labels), rel=1e-9
    )


def test_the_temperature_of_answers_all_right_or_all_wrong():
    logits = np.random.default_rng(3).normal(size=(50, 10))

    assert fit_temperature(logits, logits.argmax(axis=1)) == pytest.approx(0.01)
    assert fit_temperature(logits, logits.argmin(axis=1)) == pytest.approx(100)


def test_the_temperature_of_the_furthest_logits_of_float16():
    logits = np.full((4, 10), -65_504, np.float16)
    logits[:, 0] = 65_504

    assert fit_temperature(logits, np.array([0, 0, 0, 1])) == pytest.approx(100)
    assert fit_temperature(logits, np.zeros(4, np.uint8)) == pytest.approx(0.01)


def test_coverage_counts_what_each_threshold_leaves(scored):
    confidence, correct = scored

    curve = risk_coverage(confidence, correct)

    assert np.array_equal(curve.threshold, np.unique(confidence)[::-1])
    assert curve.covered.dtype == curve.correct.dtype == np.int64
    assert (curve.covered[-1], curve.correct[-1]) == (len(correct), correct.sum())
    for at in range(0, len(curve.threshold), 97):
        counts = coverage_at(confidence, correct, curve.threshold[at])
        assert counts == (curve.covered[at], curve.correct[at])


def test_equal_confidences_are_answered_together():
    curve = risk_coverage(np.array([0.5, 1, 0.5, 0.2]), np.array([True, True, False, False]))

    assert curve.threshold.tolist() == [1, 0.5, 0.2]
    assert curve.covered.tolist() == [1, 3, 4]
    assert curve.correct.tolist() == [1, 2, 2]


def test_a_threshold_is_not_rounded():
    # The float16 nearest to 0.7 is a little above it, that nearest to 0.9 a little below.
    confidence, correct = np.array([0.7, 0.9], np.float16), np.array([True, False])

    assert coverage_at(confidence, correct, 0) == (2, 1)
    assert coverage_at(confidence, correct, 0.7) == (2, 1)
    assert coverage_at(confidence, correct, 0.9) == (0, 0)


def test_no_samples():
    correct, labels = np.empty(0, bool), np.empty(0, np.uint8)
    diagram, curve = reliability(NOTHING, correct), risk_coverage(NOTHING, correct)

    assert diagram.count.tolist() == [0] * 15
    assert np.isnan(diagram.accuracy).all()
    assert [len(values) for values in (curve.threshold, curve.covered, curve.correct)] == [0, 0, 0]
    assert coverage_at(NOTHING, correct, 0.5) == (0, 0)
    assert isnan(expected_calibration_error(NOTHING, correct))
    assert isnan(brier_score(np.empty((0, 10)), labels))
    assert isnan(fit_temperature(np.empty((0, 10)), labels))
