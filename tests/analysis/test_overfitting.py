"""Where a validation loss turns."""

import pytest

from fmnist.analysis.overfitting import overfits_from


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        ([0.5, 0.3, 0.25, 0.27, 0.29, 0.31], 3),
        ([0.3, 0.4, 0.5, 0.6], 1),
        ([0.5, 0.3, 0.25, 0.29, 0.31], None),  # two epochs may be bad luck
        ([0.5, 0.3, 0.25, 0.251, 0.252, 0.253], None),  # no clear rise
        ([0.5, 0.3, 0.25, 0.4, 0.24, 0.23], None),  # one epoch was bad luck
        ([0.5, 0.4, 0.3, 0.2], None),
        ([0.3, float("nan"), 0.5, 0.6, 0.7], None),
        ([0.3], None),
        ([], None),
    ],
)
def test_overfitting_begins_at_the_lowest_loss_before_a_clear_rise(losses, epoch):
    assert overfits_from(losses) == epoch
