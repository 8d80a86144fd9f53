"""What `fit` trains, and the network that it stands for after an epoch."""

from abc import ABC, abstractmethod
from functools import lru_cache, partial
from math import ceil

import keras
import numpy as np
import tensorflow as tf

from fmnist import machine
from fmnist.layers import IMAGE_SHAPE, LAYERS
from fmnist.recipe import NAMED, Recipe
from fmnist.training.halves import InHalves
from fmnist.training.muon import Muon
from fmnist.training.network import Weights, build, first_weights, load_weights, weights_of
from fmnist.training.normalised import build_normalised, fold, load_kernels

State = dict[str, np.ndarray]

# Of a Muon training: the share of its steps in which the rate rises, and what is left of the rate in the end.
RISE, LAST_RATE = 0.1, 0.05
# The share of an epoch over which its weights are averaged.
AVERAGED = 0.25
# Trained without coming back to Python: a tenth of a second.
BATCHES_AT_ONCE = 8
# Images of which the statistics of the averaged weights are taken.
MEASURED = 500


class Learner(ABC):
    """A model compiled for `fit`: images uint8 (n, 28, 28, 1) and targets float32 (n, 10) go in.

    It is traced once; `start` and `restore` make another training of the same settings out of it.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.model = self._built(recipe)
        self._untrained = {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}
        for model in {self.trainer(epoch) for epoch in range(1, recipe.epochs + 1)}:
            _trace(model, recipe.batch_size)

    def trainer(self, epoch: int) -> keras.Model:
        """The model whose `fit` trains this epoch."""
        return self.model

    def start(self, seed: int) -> None:
        """Begin with the first weights of a seed."""
        self._assign(self._untrained)
        self._begin_with(first_weights(seed))

    def restore(self, network: Weights, state: State) -> None:
        """Go on after an epoch that gave this network and this state."""
        self._begin_with(network)
        self._assign(state)

    def state(self) -> State:
        """All that the next epoch needs besides the network, by the variables' paths."""
        # asarray: the counter of steps is a plain number to TensorFlow.
        return {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}

    @abstractmethod
    def network(self, images: np.ndarray) -> Weights:
        """The plain network as it is now; `images`, uint8 (n, 28, 28), are those that are trained on."""

    @abstractmethod
    def _built(self, recipe: Recipe) -> keras.Model: ...

    @abstractmethod
    def _variables(self) -> list[keras.Variable]: ...

    @abstractmethod
    def _begin_with(self, network: Weights) -> None: ...

    def _assign(self, state: State) -> None:
        for variable in self._variables():
            variable.assign(state[variable.path])


class AdamLearner(Learner):
    """The network itself, by Adam at one rate, in float32: the notebook's training."""

    def network(self, images: np.ndarray) -> Weights:
        """The weights as they are."""
        return weights_of(self._network)

    def _built(self, recipe: Recipe) -> keras.Model:
        self._network = build(first_weights(recipe.seed))
        images = keras.Input(IMAGE_SHAPE, dtype="uint8")
        model = keras.Model(images, self._network(keras.layers.Rescaling(1 / 255)(images)))
        self._optimizer = keras.optimizers.Adam(recipe.learning_rate, name="adam")
        model.compile(self._optimizer, _cross_entropy(), metrics=["accuracy"])
        self._optimizer.build(model.trainable_variables)
        return model

    def _variables(self) -> list[keras.Variable]:
        return self._optimizer.variables

    def _begin_with(self, network: Weights) -> None:
        load_weights(self._network, network)


class MuonLearner(Learner):
    """A normalised network, by Muon at a rate that rises and falls, in bfloat16 where that is faster.

    Where several epochs see the images as they are, the first layer rests in every second of them, beginning with the
    first: its gradient is a third of the work, and what it learns in the others is nearly enough.
    """

    def trainer(self, epoch: int) -> keras.Model:
        """The model with all layers, or the one whose first layer rests."""
        return self._resting if epoch in self._rests else self.model

    def network(self, images: np.ndarray) -> Weights:
        """The normalised network, folded with the statistics of a few hundred images."""
        self._measure(images[:MEASURED, ..., np.newaxis])
        return fold(self.model.network)

    def _built(self, recipe: Recipe) -> keras.Model:
        rests = recipe.epochs > 1 and not recipe.augmented
        self._rests = range(1, recipe.epochs + 1, 2) if rests else range(0)
        network = build_normalised(precision())
        steps = ceil(recipe.training_images / recipe.batch_size)
        optimizer = Muon(_rate(recipe, steps), averaged=max(1, AVERAGED * steps))
        model, self._resting = InHalves(network), InHalves(network, resting=LAYERS[0].name)
        optimizer.build(model.trainable_weights)
        for trainer in (model, self._resting):
            trainer.compile(optimizer, _cross_entropy(), metrics=["accuracy"], steps_per_execution=BATCHES_AT_ONCE)
        signature = [tf.TensorSpec((None, *IMAGE_SHAPE), tf.uint8)]
        self._measure = tf.function(partial(network, training=True), input_signature=signature)
        return model

    def _variables(self) -> list[keras.Variable]:
        return [*self.model.weights, *self.model.optimizer.variables]

    def _begin_with(self, network: Weights) -> None:
        load_kernels(self.model.network, network)


def _trace(model: keras.Model, batch_size: int) -> None:
    """Let TensorFlow see the training once, which takes it longer than many batches."""
    # Keras makes the metrics' variables while it traces the first batch, and must trace it again then: 0.3 seconds.
    model.compute_metrics(None, *np.zeros((2, 1, 10), np.float32))
    images = batch_size + 1
    nothing = tf.zeros((images, *IMAGE_SHAPE), tf.uint8), tf.zeros((images, 10))
    model.fit(tf.data.Dataset.from_tensor_slices(nothing).batch(batch_size), shuffle=False, verbose=0)


def precision() -> str:
    """In what a MuonLearner multiplies, as Keras names it: mixed with bfloat16 where that is faster."""
    if gpus := tf.config.list_physical_devices("GPU"):
        generation = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
        return "mixed_bfloat16" if generation >= (8, 0) else "float32"
    return "mixed_bfloat16" if machine.multiplies_bfloat16_faster() else "float32"


@lru_cache(maxsize=len(NAMED) + 1)
def learner_of(recipe: Recipe) -> Learner:
    """The learner of a recipe, whatever its seed, traced and waiting for `start`."""
    return MuonLearner(recipe) if recipe.method == "muon" else AdamLearner(recipe)


def _rate(recipe: Recipe, steps_an_epoch: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Up to the recipe's learning rate, and along a cosine down to its last epoch; further epochs stay there."""
    steps = recipe.epochs * steps_an_epoch
    rise = max(1, round(RISE * steps))
    return keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - rise), alpha=LAST_RATE, warmup_target=recipe.learning_rate, warmup_steps=rise
    )


def _cross_entropy() -> keras.losses.Loss:
    return keras.losses.CategoricalCrossentropy(from_logits=True)
