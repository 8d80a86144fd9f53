import numpy as np
import pytest
from sklearn import metrics

from fmnist.analysis.confusion import cell, class_report, confusion_matrix, misclassified_by_confidence, normalize_rows
from fmnist.analysis.metrics import predictions, softmax

EVERY_CLASS = range(10)


def random_answers(seed):
    """Labels and logits of 500 samples; class 3 is never predicted, class 7 has no samples."""
    generator = np.random.default_rng(seed)
    labels = generator.choice([0, 1, 2, 3, 4, 5, 6, 8, 9], 500).astype(np.uint8)
    logits = generator.normal(size=(500, 10)).astype(np.float16)
    logits[:, 3] = -9
    return labels, logits


@pytest.fixture(params=["random", "trained"])
def answers(request):
    if request.param == "random":
        return random_answers(1)
    run = request.getfixturevalue("trained")
    return run.labels, run.logits


def test_the_matrix_and_its_report_are_scikit_learns(answers):
    labels, logits = answers
    predicted = predictions(logits)

    matrix = confusion_matrix(labels, predicted)
    report = class_report(matrix)

    assert matrix.dtype == report.support.dtype == np.int64
    assert np.array_equal(matrix, metrics.confusion_matrix(labels, predicted, labels=EVERY_CLASS))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=EVERY_CLASS, zero_division=np.nan
    )
    assert report.precision == pytest.approx(precision, abs=1e-9, nan_ok=True)
    assert report.recall == pytest.approx(recall, abs=1e-9, nan_ok=True)
    assert report.f1 == pytest.approx(f1, abs=1e-9, nan_ok=True)
    assert np.array_equal(report.support, support)


def test_shares_are_scikit_learns_where_a_class_has_samples(answers):
    labels, logits = answers
    predicted = predictions(logits)

    shares = normalize_rows(confusion_matrix(labels, predicted))

    present = np.unique(labels)
    expected = metrics.confusion_matrix(labels, predicted, labels=EVERY_CLASS, normalize="true")
    assert shares[present] == pytest.approx(expected[present], abs=1e-9)
    assert np.isnan(np.delete(shares, present, axis=0)).all()


def test_what_cannot_be_divided_is_nan():
    # Class 1 is never predicted, class 2 has no samples, and of 3 there is neither.
    matrix = confusion_matrix(np.array([0, 0, 0, 1]), np.array([0, 0, 2, 0]))

    report = class_report(matrix)

    assert report.support[:4].tolist() == [3, 1, 0, 0]
    assert report.precision[:4] == pytest.approx([2 / 3, np.nan, 0, np.nan], nan_ok=True)
    assert report.recall[:4] == pytest.approx([2 / 3, 0, np.nan, np.nan], nan_ok=True)
    assert report.f1[:4] == pytest.approx([2 / 3, 0, 0, np.nan], nan_ok=True)
    assert normalize_rows(matrix)[:2, :3] == pytest.approx(np.array([[2 / 3, 0, 1 / 3], [1, 0, 0]]))


def test_a_subset_of_a_single_class():
    labels, logits = random_answers(2)
    chosen = labels == 9

    matrix = confusion_matrix(labels[chosen], predictions(logits[chosen]))

    assert matrix[9].sum() == matrix.sum() == chosen.sum()
    assert class_report(matrix).precision[9] == 1


def test_no_samples():
    nothing = np.empty(0, np.uint8)

    matrix = confusion_matrix(nothing, predictions(np.empty((0, 10))))

    assert not matrix.any()
    assert np.isnan(normalize_rows(matrix)).all()
    assert np.isnan(class_report(matrix).f1).all()
    assert cell(np.empty((0, 10)), nothing, 0, 0).tolist() == []
    assert misclassified_by_confidence(np.empty((0, 10)), nothing).tolist() == []


def test_a_cells_samples_come_most_confident_first(answers):
    labels, logits = answers
    predicted, confidence = predictions(logits), softmax(logits).max(axis=1)
    matrix = confusion_matrix(labels, predicted)

    for true in EVERY_CLASS:
        for answer in EVERY_CLASS:
            indices = cell(logits, labels, true, answer)
            assert len(indices) == len(set(indices)) == matrix[true, answer]
            assert set(labels[indices]) <= {true} and set(predicted[indices]) <= {answer}
            assert (np.diff(confidence[indices]) <= 0).all()


def test_mistakes_come_most_confident_first(answers):
    labels, logits = answers
    wrong = np.flatnonzero(predictions(logits) != labels)
    confidence = softmax(logits).max(axis=1)

    indices = misclassified_by_confidence(logits, labels)

    assert np.array_equal(np.sort(indices), wrong)
    assert (np.diff(confidence[indices]) <= 0).all()


def test_mistakes_of_a_pair_keep_their_order(answers):
    labels, logits = answers
    predicted, all_of_them = predictions(logits), misclassified_by_confidence(logits, labels)

    def where(chosen):
        return all_of_them[chosen[all_of_them]].tolist()

    assert misclassified_by_confidence(logits, labels, true=6).tolist() == where(labels == 6) != []
    assert misclassified_by_confidence(logits, labels, predicted=2).tolist() == where(predicted == 2) != []
    assert misclassified_by_confidence(logits, labels, 6, 2).tolist() == where((labels == 6) & (predicted == 2)) != []
    assert misclassified_by_confidence(logits, labels, 6, 2).tolist() == cell(logits, labels, 6, 2).tolist()
    assert misclassified_by_confidence(logits, labels, 6, 6).tolist() == []


def test_of_equally_confident_samples_the_first_comes_first():
    # Two kinds in turn: undecided between two classes, and certain with the furthest logits of float16.
    logits = np.full((200, 10), -65_504, np.float16)
    logits[:, 4] = 65_504
    logits[::2, 5] = 65_504
    certain_first = [*range(1, 200, 2), *range(0, 200, 2)]

    assert misclassified_by_confidence(logits, np.full(200, 5)).tolist() == certain_first
    assert cell(logits, np.full(200, 4), 4, 4).tolist() == certain_first


def test_a_network_without_mistakes():
    labels = np.arange(10)
    logits = np.eye(10)

    assert misclassified_by_confidence(logits, labels).tolist() == []
    assert np.array_equal(confusion_matrix(labels, predictions(logits)), np.eye(10))
    assert class_report(confusion_matrix(labels, predictions(logits))).f1.tolist() == [1] * 10
