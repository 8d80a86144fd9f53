"""What both kinds of learners promise: a seed begins anew, a state goes on, and what was traced is traced once."""

from dataclasses import replace
from functools import wraps

import keras
import numpy as np
import pytest

from fmnist import machine
from fmnist.training import learner as learners
from fmnist.training import loop
from fmnist.training.learner import AdamLearner, MuonLearner, learner_of, precision
from fmnist.training.network import build, first_weights


@pytest.fixture(scope="module", params=["adam", "muon"])
def learner(request, recipe, fast_recipe):
    return learner_of({"adam": recipe, "muon": fast_recipe}[request.param])


def equal(some, others):
    return some.keys() == others.keys() and all(np.array_equal(some[name], others[name]) for name in some)


def train_an_epoch(learner, training, epoch=1):
    goal = np.eye(10, dtype=np.float32)[training.labels]
    learner.trainer(epoch).fit(training.images[..., np.newaxis], goal, batch_size=64, shuffle=False, verbose=0)


def test_a_method_has_its_learner(recipe, fast_recipe):
    assert isinstance(learner_of(recipe), AdamLearner)
    assert isinstance(learner_of(fast_recipe), MuonLearner)


def test_a_seed_begins_anew_whatever_was_trained_before(learner, training):
    learner.start(7)
    first = learner.network(training.images), learner.state()
    train_an_epoch(learner, training)
    assert not equal(learner.network(training.images), first[0])

    learner.start(7)
    assert equal(learner.network(training.images), first[0])
    assert equal(learner.state(), first[1])
    learner.start(8)
    assert not np.array_equal(learner.network(training.images)["logits/kernel"], first[0]["logits/kernel"])


def test_both_begin_with_the_first_weights_of_the_seed(learner, training):
    learner.start(7)
    assert np.array_equal(learner.network(training.images)["logits/kernel"], first_weights(7)["logits/kernel"])


def test_a_network_with_its_state_goes_on(learner, training):
    learner.start(7)
    train_an_epoch(learner, training)
    network, state = learner.network(training.images), learner.state()
    train_an_epoch(learner, training)
    learner.restore(network, state)

    assert equal(learner.network(training.images), network)
    assert equal(learner.state(), state)


@pytest.mark.parametrize(
    ("epochs", "augmented", "rests"),
    [(1, False, []), (2, False, [1]), (3, False, [1, 3]), (4, False, [1, 3]), (5, False, [1, 3, 5]), (5, True, [])],
)
def test_the_first_layer_rests_in_every_second_epoch(fast_recipe, training, epochs, augmented, rests):
    learner = learner_of(replace(fast_recipe, epochs=epochs, augmented=augmented))
    learner.start(0)
    assert [epoch for epoch in range(1, epochs + 2) if learner.trainer(epoch) is not learner.model] == rests
    for epoch in rests[:1]:
        states = [learner.state()]
        train_an_epoch(learner, training, epoch)
        states.append(learner.state())
        kernels = [[state[f"normalised/convolution_{layer}/kernel"] for state in states] for layer in (1, 2)]
        assert np.array_equal(*kernels[0])
        assert not np.array_equal(*kernels[1])


def test_what_was_read_does_not_change_with_further_training(learner, training):
    learner.start(7)
    network, state = learner.network(training.images), learner.state()
    kept = [{name: array.copy() for name, array in arrays.items()} for arrays in (network, state)]
    train_an_epoch(learner, training)

    assert equal(network, kept[0])
    assert equal(state, kept[1])


def test_what_waits_is_traced_already(learner, recipe, training, validation, test_split, monkeypatch):
    """TensorFlow runs a layer's Python code only while it traces it."""
    traced = []
    call = keras.layers.Dense.call

    @wraps(call)
    def counted(layer, *inputs, **options):
        traced.append(layer)
        return call(layer, *inputs, **options)

    monkeypatch.setattr(keras.layers.Dense, "call", counted)
    for seed, epoch in ((1, 1), (2, 2)):
        learner.start(seed)
        batches = loop._batches(
            replace(recipe, seed=seed), epoch, training.images, np.zeros((len(training), 10), np.float32)
        )
        learner.trainer(epoch).fit(batches, shuffle=False, verbose=0)
    assert not traced
    loop.forward_pass(build(first_weights(1)))(training.images)
    assert len(traced) == 2


def test_the_same_settings_have_the_same_learner(fast_recipe):
    assert learner_of(fast_recipe) is learner_of(replace(fast_recipe))
    assert learner_of(fast_recipe) is not learner_of(replace(fast_recipe, epochs=4))


@pytest.mark.parametrize(("faster", "name"), [(True, "mixed_bfloat16"), (False, "float32")])
def test_bfloat16_is_for_machines_that_multiply_it_faster(monkeypatch, faster, name):
    monkeypatch.setattr(learners.tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(machine, "multiplies_bfloat16_faster", lambda: faster)
    assert precision() == name


@pytest.mark.parametrize(("generation", "name"), [((8, 0), "mixed_bfloat16"), ((9, 0), "mixed_bfloat16"),
                                                  ((7, 5), "float32"), (None, "float32")])  # fmt: skip
def test_a_graphics_processor_is_asked_for_its_generation(monkeypatch, generation, name):
    details = {"compute_capability": generation} if generation else {}
    monkeypatch.setattr(learners.tf.config, "list_physical_devices", lambda kind: ["gpu"])
    monkeypatch.setattr(learners.tf.config.experimental, "get_device_details", lambda gpu: details)
    assert precision() == name
