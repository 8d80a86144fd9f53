"""The images that two networks predict differently, by the correct network."""

import numpy as np

from fmnist.analysis.metrics import softmax
from tests.conftest import logits_like_real
from ui.views.comparison.disagreements import group_disagreements


def test_the_groups_part_the_disagreements():
    first, second = logits_like_real(1), logits_like_real(2)
    labels = np.random.default_rng(0).integers(0, 10, 10_000)
    groups = group_disagreements(first, second, labels)
    predicted = first.argmax(axis=1), second.argmax(axis=1)

    assert set(groups["all"]) == set(np.flatnonzero(predicted[0] != predicted[1]))
    assert sorted(np.concatenate([groups[who] for who in ("first", "second", "neither")])) == sorted(groups["all"])
    assert (predicted[0][groups["first"]] == labels[groups["first"]]).all()
    assert (predicted[1][groups["second"]] == labels[groups["second"]]).all()
    for answers in predicted:
        assert (answers[groups["neither"]] != labels[groups["neither"]]).all()


def test_where_both_are_surest_comes_first():
    first, second = logits_like_real(1), logits_like_real(2)
    groups = group_disagreements(first, second, np.zeros(10_000, int))
    less_sure = np.minimum(softmax(first).max(axis=1), softmax(second).max(axis=1))

    for indices in groups.values():
        assert len(indices) > 1
        assert (np.diff(less_sure[indices]) <= 0).all()


def test_the_same_network_never_disagrees():
    logits = logits_like_real(1)
    groups = group_disagreements(logits, logits, np.zeros(10_000, int))

    assert {who: len(indices) for who, indices in groups.items()} == dict.fromkeys(groups, 0)
