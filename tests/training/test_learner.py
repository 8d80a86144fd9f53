"""Both learners: a seed restarts, a state resumes, and every model is traced once."""

from dataclasses import replace
from functools import wraps

import keras
import numpy as np
import psutil
import pytest

from fmnist.system import hardware
from fmnist.training import gradient_accumulation, loop
from fmnist.training import learner as learners
from fmnist.training.gradient_accumulation import GradientAccumulation
from fmnist.training.learner import AdamLearner, MuonLearner, learner_of, precision
from fmnist.training.network import build, initial_weights


@pytest.fixture(scope="module", params=["adam", "muon"])
def learner(request, recipe, fast_recipe):
    return learner_of({"adam": recipe, "muon": fast_recipe}[request.param])


def equal(some, others):
    return some.keys() == others.keys() and all(np.array_equal(some[name], others[name]) for name in some)


def train_an_epoch(learner, training, epoch=1):
    targets = np.eye(10, dtype=np.float32)[training.labels]
    learner.model_for(epoch).fit(training.images[..., np.newaxis], targets, batch_size=64, shuffle=False, verbose=0)


def test_every_optimizer_has_its_learner(recipe, fast_recipe):
    assert isinstance(learner_of(recipe), AdamLearner)
    assert isinstance(learner_of(fast_recipe), MuonLearner)


def test_a_seed_begins_anew_whatever_was_trained_before(learner, training):
    learner.start(7)
    first = learner.folded_weights(training.images), learner.state()
    train_an_epoch(learner, training)
    assert not equal(learner.folded_weights(training.images), first[0])

    learner.start(7)
    assert equal(learner.folded_weights(training.images), first[0])
    assert equal(learner.state(), first[1])
    learner.start(8)
    assert not np.array_equal(learner.folded_weights(training.images)["logits/kernel"], first[0]["logits/kernel"])


def test_both_begin_with_the_initial_weights_of_the_seed(learner, training):
    learner.start(7)
    assert np.array_equal(learner.folded_weights(training.images)["logits/kernel"], initial_weights(7)["logits/kernel"])


def test_a_network_with_its_state_goes_on(learner, training):
    learner.start(7)
    train_an_epoch(learner, training)
    network, state = learner.folded_weights(training.images), learner.state()
    train_an_epoch(learner, training)
    learner.restore(network, state)

    assert equal(learner.folded_weights(training.images), network)
    assert equal(learner.state(), state)


@pytest.mark.parametrize(
    ("epochs", "augmentation", "frozen"),
    [(1, False, []), (2, False, [1]), (3, False, [1, 3]), (4, False, [1, 3]), (5, False, [1, 3, 5]), (5, True, [])],
)
def test_the_first_layer_is_frozen_in_every_second_epoch(fast_recipe, training, epochs, augmentation, frozen):
    learner = learner_of(replace(fast_recipe, epochs=epochs, augmentation=augmentation))
    learner.start(0)
    assert [epoch for epoch in range(1, epochs + 2) if learner.model_for(epoch) is not learner.model] == frozen
    for epoch in frozen[:1]:
        states = [learner.state()]
        train_an_epoch(learner, training, epoch)
        states.append(learner.state())
        kernels = [[state[f"normalized/convolution_{layer}/kernel"] for state in states] for layer in (1, 2)]
        assert np.array_equal(*kernels[0])
        assert not np.array_equal(*kernels[1])


def test_what_was_read_does_not_change_with_further_training(learner, training):
    learner.start(7)
    network, state = learner.folded_weights(training.images), learner.state()
    kept = [{name: array.copy() for name, array in arrays.items()} for arrays in (network, state)]
    train_an_epoch(learner, training)

    assert equal(network, kept[0])
    assert equal(state, kept[1])


@pytest.fixture
def traced(monkeypatch):
    """The layers that TensorFlow has traced: it runs a layer's Python code only then."""
    layers = []
    call = keras.layers.Dense.call

    @wraps(call)
    def counted(layer, *inputs, **options):
        layers.append(layer)
        return call(layer, *inputs, **options)

    monkeypatch.setattr(keras.layers.Dense, "call", counted)
    return layers


def test_what_waits_is_traced_already(learner, recipe, training, traced):
    for seed, epoch in ((1, 1), (2, 2)):
        learner.start(seed)
        batches = loop._batches(
            replace(recipe, seed=seed), epoch, training.images, np.zeros((len(training), 10), np.float32)
        )
        learner.model_for(epoch).fit(batches, shuffle=False, verbose=0)
    assert not traced
    loop.forward_pass(build(initial_weights(1)))(training.images)
    assert len(traced) == 2


@pytest.mark.thorough
@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_recipes_share_their_optimizers_graph(optimizer, fast_recipe, training, validation, test_split, traced):
    """A graph for every learning rate that is tried would stay in memory, with its threads."""

    def network_after(**settings):
        recipe = replace(fast_recipe, optimizer=optimizer, **{"epochs": 1} | settings)
        results = loop.train(
            recipe, training, validation, test_split,
            epochs=recipe.epochs, on_progress=lambda progress: None, should_stop=lambda: False,
        )  # fmt: skip
        return list(results)[-1].test_logits.tobytes()

    loop.warm_up(replace(fast_recipe, optimizer=optimizer))
    network_after()
    traced.clear()
    threads = psutil.Process().num_threads()
    settings = ({}, {"learning_rate": 0.002}, {"batch_size": 32}, {"augmentation": True}, {"epochs": 2}, {"seed": 6})
    assert len({network_after(**each) for each in settings}) == len(settings)
    assert not traced
    assert psutil.Process().num_threads() <= threads + 2  # not four for each
    # What was trained in between leaves no trace.
    assert network_after() == network_after(**settings[0])


@pytest.mark.thorough
@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_a_large_batch_is_trained_in_micro_batches(optimizer, fast_recipe, training, monkeypatch):
    learner = learner_of(replace(fast_recipe, optimizer=optimizer, batch_size=513, learning_rate=0.001))
    large = [learner.model_for(epoch) for epoch in (1, 2)]
    assert all(isinstance(model, GradientAccumulation) for model in large)
    monkeypatch.setattr(gradient_accumulation, "MICRO_BATCH", 200)
    learned = []
    targets = np.eye(10, dtype=np.float32)[training.labels]
    for model in (large[1], learner.model):
        learner.start(7)
        history = model.fit(
            training.images[..., np.newaxis], targets, batch_size=500, epochs=3, shuffle=False, verbose=0
        )
        learned.append(history.history)
    # Adam's network is the same but for rounding; Muon's normalises by micro-batch.
    tolerance = 1e-4 if optimizer == "adam" else 0.2
    assert learned[0]["loss"] == pytest.approx(learned[1]["loss"], rel=tolerance)
    assert large[1].optimizer.iterations.numpy() == 3


@pytest.mark.parametrize(("faster", "name"), [(True, "mixed_bfloat16"), (False, "float32")])
def test_bfloat16_is_for_machines_that_multiply_it_faster(monkeypatch, faster, name):
    monkeypatch.setattr(learners.tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(hardware, "multiplies_bfloat16_faster", lambda: faster)
    assert precision() == name


@pytest.mark.parametrize(("generation", "name"), [((8, 0), "mixed_bfloat16"), ((9, 0), "mixed_bfloat16"),
                                                  ((7, 5), "float32"), (None, "float32")])  # fmt: skip
def test_the_precision_of_a_gpu_depends_on_its_generation(monkeypatch, generation, name):
    details = {"compute_capability": generation} if generation else {}
    monkeypatch.setattr(learners.tf.config, "list_physical_devices", lambda kind: ["gpu"])
    monkeypatch.setattr(learners.tf.config.experimental, "get_device_details", lambda gpu: details)
    assert precision() == name
