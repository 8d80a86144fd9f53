import json
from dataclasses import replace
from math import ceil

import numpy as np
import pytest

from fmnist.analysis import metrics
from fmnist.analysis.metrics import softmax
from fmnist.data.dataset import load_dataset
from fmnist.errors import Diverged
from fmnist.recipe import Recipe
from fmnist.settings import Settings
from fmnist.training.loop import Checkpoint, order, train
from fmnist.training.network import build


def never():
    return False


def results(
    recipe, *splits, epochs=None, resume=None, learning_rate=None, on_progress=lambda progress: None, should_stop=never
):
    return list(
        train(recipe, *splits, epochs=epochs or recipe.epochs, resume=resume, learning_rate=learning_rate,
              on_progress=on_progress, should_stop=should_stop)
    )  # fmt: skip


@pytest.fixture(scope="module")
def reports():
    return []


@pytest.fixture(scope="module")
def straight(recipe, training, validation, test_split, reports):
    """Three epochs without a break."""
    return results(recipe, training, validation, test_split, on_progress=reports.append)


def test_it_learns(straight):
    assert [result.metrics.epoch for result in straight] == [1, 2, 3]
    assert straight[0].metrics.loss > straight[1].metrics.loss > straight[2].metrics.loss
    assert straight[2].metrics.val_loss < straight[0].metrics.val_loss
    assert straight[2].metrics.test_accuracy > 0.5


def test_too_high_a_learning_rate_learns_nothing():
    dataset = load_dataset(Settings.from_environment())
    recipe = Recipe(epochs=2, batch_size=16, learning_rate=1.0, training_images=1_000)
    last = results(recipe, *dataset.train_validation_split(recipe), dataset.test)[-1]
    assert metrics.learned_nothing(last.metrics.test_accuracy)


@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_further_epochs_take_another_learning_rate(recipe, training, validation, test_split, optimizer):
    recipe = recipe.changed(optimizer=optimizer, epochs=1)
    splits = training, validation, test_split
    (first,) = results(recipe, *splits)

    def moved(rate):
        """Return how far a further epoch moves the weights."""
        resumed = results(recipe, *splits, epochs=2, resume=first.checkpoint, learning_rate=rate)[-1]
        return sum(np.abs(resumed.weights[name] - first.weights[name]).mean() for name in first.weights)

    assert moved(1e-4) < moved(1e-3) < moved(1e-2)


def test_every_image_is_trained_on_in_every_epoch(straight, recipe, training):
    steps = [int(result.checkpoint.state["adam/iteration"]) for result in straight]
    an_epoch = ceil(len(training) / recipe.batch_size)
    assert steps == [an_epoch, 2 * an_epoch, 3 * an_epoch]


def test_every_epoch_and_seed_has_its_own_order():
    orders = [order(seed, epoch, 500).tolist() for seed, epoch in ((0, 1), (0, 2), (1, 1))]
    assert all(sorted(one) == list(range(500)) for one in orders)
    assert orders[0] == order(0, 1, 500).tolist()
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_what_is_stored_is_what_was_counted(straight, test_split):
    for result in straight:
        assert result.test_logits.dtype == np.float16
        assert result.test_logits.shape == (len(test_split), 10)
        assert result.metrics.test_accuracy == metrics.accuracy(result.test_logits, test_split.labels)


def test_held_out_validation_counts_the_logits_that_are_stored(straight, validation):
    for result in straight:
        assert (result.held_out_logits.shape, result.held_out_logits.dtype) == ((len(validation), 10), np.float16)
        assert result.metrics.val_loss == metrics.cross_entropy(result.held_out_logits, validation.labels)


def test_validation_on_the_test_set_counts_the_stored_logits(recipe, training, test_split):
    recipe = replace(recipe, validation="test", epochs=1)
    (result,) = results(recipe, training, test_split, test_split)
    assert result.metrics.val_accuracy == result.metrics.test_accuracy
    assert result.metrics.val_loss == metrics.cross_entropy(result.test_logits, test_split.labels)
    assert result.held_out_logits is None


def test_held_out_validation_is_the_networks_answer_to_it(straight, validation):
    model = build(straight[-1].weights)
    logits = model(validation.images[..., np.newaxis].astype(np.float32) / 255).numpy()
    assert straight[-1].metrics.val_loss == pytest.approx(metrics.cross_entropy(logits, validation.labels), rel=1e-3)
    assert straight[-1].metrics.val_accuracy == pytest.approx(metrics.accuracy(logits, validation.labels), abs=0.01)


def test_a_resumed_run_is_the_uninterrupted_one(straight, recipe, training, validation, test_split):
    resumed = results(recipe, training, validation, test_split, resume=straight[0].checkpoint)
    assert [result.metrics.epoch for result in resumed] == [2, 3]
    for again, once in zip(resumed, straight[1:], strict=True):
        assert again.metrics.loss == pytest.approx(once.metrics.loss, rel=1e-3)
        assert list(again.weights) == list(once.weights)
        for name, array in once.weights.items():
            assert again.weights[name] == pytest.approx(array, abs=1e-4)
        assert again.checkpoint.state.keys() == once.checkpoint.state.keys()


@pytest.fixture(scope="module")
def fast(fast_recipe, training, validation, test_split):
    """Three epochs by Muon without a break."""
    return results(fast_recipe, training, validation, test_split)


def test_by_muon_it_learns_faster(fast, straight):
    assert fast[0].metrics.test_accuracy > straight[0].metrics.test_accuracy
    assert fast[2].metrics.test_accuracy > 0.9


def test_by_muon_the_stored_logits_are_the_folded_networks(fast, test_split):
    for result in fast:
        model = build(result.weights)
        logits = model(test_split.images[..., np.newaxis].astype(np.float32) / 255).numpy()
        assert result.test_logits == pytest.approx(logits, abs=1e-2)


def test_by_muon_a_resumed_run_is_the_uninterrupted_one(fast, fast_recipe, training, validation, test_split):
    resumed = results(fast_recipe, training, validation, test_split, resume=fast[0].checkpoint)
    assert [result.metrics.epoch for result in resumed] == [2, 3]
    for again, once in zip(resumed, fast[1:], strict=True):
        assert again.metrics.loss == pytest.approx(once.metrics.loss, rel=1e-3)
        for name, array in once.weights.items():
            assert again.weights[name] == pytest.approx(array, abs=1e-3)
        assert again.checkpoint.state.keys() == once.checkpoint.state.keys()


def test_by_muon_progress_comes_with_the_second_batch_and_stop_with_every_few(
    fast_recipe, training, validation, test_split
):
    small = replace(fast_recipe, batch_size=16)
    reports = []
    stopped = results(small, training, validation, test_split, on_progress=reports.append,
                      should_stop=lambda: bool(reports))  # fmt: skip
    assert stopped == []
    assert (reports[0].batch, reports[0].batches) == (2, 32)
    assert reports[-1].batch <= 8


def test_by_muon_the_last_few_batches_may_be_fewer(fast_recipe, training, validation, test_split):
    reports = []
    few = replace(fast_recipe, batch_size=24, epochs=1)
    results(few, training, validation, test_split, on_progress=reports.append)
    assert (reports[-1].batch, reports[-1].batches) == (21, 21)


@pytest.mark.thorough
def test_by_muon_more_epochs_go_on_at_the_last_rate(fast, fast_recipe, training, validation, test_split):
    more = results(fast_recipe, training, validation, test_split, epochs=5, resume=fast[-1].checkpoint)
    assert [result.metrics.epoch for result in more] == [4, 5]
    assert more[-1].metrics.loss < fast[0].metrics.loss


def test_more_epochs_than_the_recipe_has(straight, recipe, training, validation, test_split):
    more = results(recipe, training, validation, test_split, epochs=4, resume=straight[-1].checkpoint)
    assert [result.metrics.epoch for result in more] == [4]
    assert more[0].metrics.loss < straight[-1].metrics.loss


def test_progress_goes_through_every_epoch_to_its_end(straight, reports, training):
    assert [(report.epoch, report.batch) for report in reports if report.batch == report.batches] == [
        (1, 8), (2, 8), (3, 8),
    ]  # fmt: skip
    assert reports[0].epoch == 1 and reports[0].batch == 2
    for report in reports:
        assert report.images_per_second > 0
        left = len(training) - min(report.batch * 64, len(training))
        assert report.seconds_left_in_epoch == pytest.approx(left / report.images_per_second)
    ends = [report for report in reports if report.batch == report.batches]
    assert [report.loss for report in ends] == pytest.approx([result.metrics.loss for result in straight])
    assert [report.accuracy for report in ends] == pytest.approx([result.metrics.accuracy for result in straight])


def test_a_single_batch_reports_too(recipe, training, validation, test_split):
    reports = []
    one_batch = replace(recipe, batch_size=512, epochs=1)
    results(one_batch, training, validation, test_split, on_progress=reports.append)
    assert [(report.batch, report.batches) for report in reports] == [(1, 1)]
    assert reports[0].images_per_second > 0


def test_stopping_in_an_epoch_leaves_that_epoch_out(recipe, training, validation, test_split):
    calls = []

    def in_the_second_epoch():
        calls.append(True)
        # Once before each of an epoch's eight batches; so this is before the fourth of the second epoch.
        return len(calls) == 12

    assert [result.metrics.epoch for result in results(recipe, training, validation, test_split,
                                               should_stop=in_the_second_epoch)] == [1]  # fmt: skip
    assert len(calls) == 12


def test_an_epoch_whose_last_batch_is_trained_still_counts(recipe, training, validation, test_split):
    reports = []

    def after_the_last_batch():
        return bool(reports) and reports[-1].batch == reports[-1].batches

    stopped = results(recipe, training, validation, test_split,
                      on_progress=reports.append, should_stop=after_the_last_batch)  # fmt: skip
    assert [result.metrics.epoch for result in stopped] == [1]


def test_stopping_before_the_first_batch_trains_nothing(recipe, training, validation, test_split):
    reports = []
    assert results(recipe, training, validation, test_split, on_progress=reports.append, should_stop=lambda: True) == []
    assert reports == []


def test_a_lost_loss_ends_the_run_with_a_reason(straight, recipe, training, validation, test_split):
    broken = {name: np.full_like(array, np.nan) for name, array in straight[0].weights.items()}
    checkpoint = Checkpoint(1, broken, straight[0].checkpoint.state)
    reports = []
    with pytest.raises(Diverged, match=r"The loss became nan in epoch 2\. Choose a lower learning rate") as raised:
        results(recipe, training, validation, test_split, resume=checkpoint, on_progress=reports.append)
    json.dumps(raised.value.values, allow_nan=False)
    assert reports == [], "the loss is looked at while the epoch runs, not at its end"


def test_logits_beyond_float16_stay_the_networks_own(straight, recipe, training, validation, test_split):
    weights = straight[0].weights
    far = weights | {"logits/bias": np.array([1e6, 1e6 + 64, *[0] * 8], np.float32)}
    checkpoint = Checkpoint(1, far, straight[0].checkpoint.state)
    (result,) = results(recipe, training, validation, test_split, epochs=2, resume=checkpoint)
    assert result.test_logits.dtype == np.float32
    assert np.all(softmax(result.test_logits)[:, 1] > 0.99)
    assert np.isfinite(result.metrics.val_loss)
