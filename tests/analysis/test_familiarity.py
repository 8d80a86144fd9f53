import numpy as np
import pytest
from scipy.special import logsumexp

from fmnist.analysis.familiarity import share_weaker, strength


def test_strength_is_the_logarithm_of_the_sum_of_exponentials():
    logits = np.random.default_rng(0).normal(scale=4, size=(50, 10))

    assert strength(logits) == pytest.approx(logsumexp(logits, axis=1))
    assert strength(logits[0]) == pytest.approx(logsumexp(logits[0]))


@pytest.mark.parametrize("far", [60_000, -60_000])
def test_the_largest_logits_of_a_float16_do_not_overflow(far):
    assert strength(np.full((1, 10), far, np.float16)) == pytest.approx(far + np.log(10), rel=1e-3)


def test_what_all_ten_outputs_gain_the_softmax_forgets_and_the_strength_keeps():
    logits = np.arange(10.0)

    assert strength(logits + 3) == pytest.approx(strength(logits) + 3)


def test_the_share_counts_what_is_no_stronger():
    known = np.zeros((4, 10))
    known[:, 0] = [1, 2, 3, 4]

    assert [share_weaker(known[place], known) for place in range(4)] == [0.25, 0.5, 0.75, 1]
    assert share_weaker(np.full(10, -9.0), known) == 0
