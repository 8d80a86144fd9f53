import numpy as np
import pytest
from scipy.stats import binomtest

from fmnist.analysis.metrics import predictions
from fmnist.analysis.significance import disagreements, mcnemar


def correctness(both, only_first, only_second, neither):
    """Two networks' answers, right or wrong, with so many samples of each kind."""
    kinds = [(True, True)] * both + [(True, False)] * only_first + [(False, True)] * only_second
    return np.array(kinds + [(False, False)] * neither, bool).reshape(-1, 2).T


def test_counts_of_each_kind():
    test = mcnemar(*correctness(5, 4, 3, 2))

    assert (test.both, test.only_first, test.only_second, test.neither) == (5, 4, 3, 2)


@pytest.mark.parametrize(
    ("only_first", "only_second"),
    [(1, 0), (0, 7), (7, 0), (5, 5), (6, 5), (40, 60), (300, 410), (10_000, 0), (5_200, 4_800), (5_000, 5_000)],
)
def test_the_p_value_is_the_exact_binomial(only_first, only_second):
    test = mcnemar(*correctness(3, only_first, only_second, 3))

    expected = binomtest(only_first, only_first + only_second, 0.5).pvalue
    assert test.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert 0 <= test.p_value <= 1


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (9, 0, 0, 0), (0, 0, 0, 9)], ids=["none", "all right", "all wrong"])
def test_without_a_difference_chance_explains_it(counts):
    assert mcnemar(*correctness(*counts)).p_value == 1


def test_two_epochs_of_a_real_run(trained):
    first, second = (predictions(logits) == trained.labels for logits in (trained.first_logits, trained.logits))

    test = mcnemar(first, second)

    assert test.both + test.only_first == first.sum()
    assert test.both + test.only_second == second.sum()
    assert test.both + test.only_first + test.only_second + test.neither == len(trained.labels)
    expected = binomtest(test.only_first, test.only_first + test.only_second).pvalue
    assert test.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)
    swapped = mcnemar(second, first)
    assert (swapped.only_first, swapped.only_second, swapped.p_value) == (
        test.only_second, test.only_first, test.p_value,
    )  # fmt: skip


def test_disagreements_are_where_the_answers_differ(trained):
    indices = disagreements(trained.first_logits, trained.logits)

    assert 0 < len(indices) < len(trained.labels)
    differs = predictions(trained.first_logits) != predictions(trained.logits)
    assert differs[indices].all()
    assert differs.sum() == len(indices)
    assert (np.diff(indices) > 0).all()


def test_a_network_agrees_with_itself(trained):
    assert disagreements(trained.logits, trained.logits).tolist() == []
    assert disagreements(np.empty((0, 10)), np.empty((0, 10))).tolist() == []
