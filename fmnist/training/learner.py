"""What `fit` trains, and the network that it stands for after an epoch."""

from abc import ABC, abstractmethod
from functools import cache, partial
from math import ceil

import keras
import numpy as np
import tensorflow as tf

from fmnist.architecture import IMAGE_SHAPE, LAYERS
from fmnist.recipe import Optimizer, Recipe
from fmnist.system import hardware
from fmnist.training.ghost_batch import InHalves, LargeInHalves
from fmnist.training.gradient_pieces import PIECE, NetworkInPieces
from fmnist.training.network import build, first_weights, load_weights, weights_of
from fmnist.training.normalized_network import build_normalised, fold, load_kernels
from fmnist.training.optim.muon import Muon, ema_momentum_over
from fmnist.types import Arrays

# Of a Muon training: the share of its steps in which the rate rises, and what is left of the rate in the end.
RISE, LAST_RATE = 0.1, 0.05
# The share of an epoch over which its weights are averaged.
AVERAGED = 0.25
# Trained without coming back to Python: a tenth of a second.
BATCHES_AT_ONCE = 8
# Images of which the statistics of the averaged weights are taken.
MEASURED = 500
# The batch that a training is traced with.
TRACED = 256


class Learner(ABC):
    """A model compiled for `fit`: images uint8 (n, 28, 28, 1) and targets float32 (n, 10) go in.

    It is traced once: a recipe's numbers are variables of its graph, which `configure` sets. Were they constants, every
    learning rate that is tried would leave another graph in memory: 60 MB and four threads each, for good.
    `start` and `restore` then make another training out of it.
    """

    # Trains batches that are larger than a piece.
    _large: keras.Model

    def __init__(self) -> None:
        self.model, *others = self._built()
        self._untrained = {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}
        self._in_pieces = False
        for model in (self.model, *others):
            _trace(model)

    def configure(self, recipe: Recipe) -> None:
        """Take the recipe's numbers, all but its seed."""
        self._in_pieces = recipe.batch_size > PIECE

    def trainer(self, epoch: int) -> keras.Model:
        """The model whose `fit` trains this epoch; one for large batches is traced when it first trains."""
        return self._large if self._in_pieces else self.model

    def start(self, seed: int) -> None:
        """Begin with the first weights of a seed."""
        self._assign(self._untrained)
        self._begin_with(first_weights(seed))

    def restore(self, network: Arrays, state: Arrays) -> None:
        """Go on after an epoch that gave this network and this state."""
        self._begin_with(network)
        self._assign(state)

    def state(self) -> Arrays:
        """All that the next epoch needs besides the network, by the variables' paths."""
        # asarray: the counter of steps is a plain number to TensorFlow.
        return {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}

    @abstractmethod
    def network(self, images: np.ndarray) -> Arrays:
        """The plain network as it is now; `images`, uint8 (n, 28, 28), are those that are trained on."""

    @abstractmethod
    def _built(self) -> tuple[keras.Model, ...]:
        """Every model that `trainer` may name, compiled, and first the one that trains everything."""

    @abstractmethod
    def _variables(self) -> list[keras.Variable]: ...

    @abstractmethod
    def _begin_with(self, network: Arrays) -> None: ...

    def _assign(self, state: Arrays) -> None:
        for variable in self._variables():
            variable.assign(state[variable.path])


class AdamLearner(Learner):
    """The network itself, by Adam at one rate, in float32: the notebook's training."""

    def configure(self, recipe: Recipe) -> None:
        """Take the rate."""
        super().configure(recipe)
        self._rate.assign(recipe.learning_rate)

    def network(self, images: np.ndarray) -> Arrays:
        """The weights as they are."""
        return weights_of(self._network)

    def _built(self) -> tuple[keras.Model, ...]:
        self._network = build(first_weights(0))
        images = keras.Input(IMAGE_SHAPE, dtype="uint8")
        logits = self._network(keras.layers.Rescaling(1 / 255)(images))
        self._rate = _number()
        self._optimizer = keras.optimizers.Adam(lambda: self._rate, name="adam")
        model = keras.Model(images, logits)
        self._large = NetworkInPieces(model)
        for trainer in (model, self._large):
            trainer.compile(self._optimizer, _cross_entropy(), metrics=["accuracy"])
        self._optimizer.build(model.trainable_variables)
        return (model,)

    def _variables(self) -> list[keras.Variable]:
        return self._optimizer.variables

    def _begin_with(self, network: Arrays) -> None:
        load_weights(self._network, network)


class MuonLearner(Learner):
    """A normalised network, by Muon at a rate that rises and falls, in bfloat16 where that is faster.

    Where several epochs see the images as they are, the first layer rests in every second of them, beginning with the
    first: its gradient is a third of the work, and what it learns in the others is nearly enough.
    """

    def configure(self, recipe: Recipe) -> None:
        """Take the rate, its course over the recipe's epochs, and over how many steps the weights are averaged."""
        super().configure(recipe)
        rests = recipe.epochs > 1 and not recipe.augmentation
        self._rests = range(1, recipe.epochs + 1, 2) if rests else range(0)
        steps_an_epoch = ceil(recipe.training_images / recipe.batch_size)
        steps = recipe.epochs * steps_an_epoch
        rise = max(1, round(RISE * steps))
        self._rise.assign(rise)
        self._fall.assign(max(1, steps - rise))
        self._peak.assign(recipe.learning_rate)
        self._momentum.assign(ema_momentum_over(AVERAGED * steps_an_epoch))

    def trainer(self, epoch: int) -> keras.Model:
        """The model with all layers, or the one whose first layer rests."""
        rests = epoch in self._rests
        if self._in_pieces:
            return self._large_resting if rests else self._large
        return self._resting if rests else self.model

    def network(self, images: np.ndarray) -> Arrays:
        """The normalised network, folded with the statistics of a few hundred images."""
        self._measure(images[:MEASURED, ..., np.newaxis])
        return fold(self.model.network)

    def _built(self) -> tuple[keras.Model, ...]:
        self._rests = range(0)
        network = build_normalised(precision())
        # Up to a recipe's learning rate, and along a cosine down to its last epoch; further epochs stay there.
        self._rise, self._fall, self._peak = _number(), _number(), _number()
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, self._fall, alpha=LAST_RATE, warmup_target=self._peak, warmup_steps=self._rise
        )
        self._momentum = _number()
        optimizer = Muon(rate, self._momentum)
        first = LAYERS[0].name
        model, self._resting = InHalves(network), InHalves(network, resting=first)
        self._large, self._large_resting = LargeInHalves(network), LargeInHalves(network, resting=first)
        optimizer.build(model.trainable_weights)
        for trainer in (model, self._resting, self._large, self._large_resting):
            trainer.compile(optimizer, _cross_entropy(), metrics=["accuracy"], steps_per_execution=BATCHES_AT_ONCE)
        signature = [tf.TensorSpec((None, *IMAGE_SHAPE), tf.uint8)]
        self._measure = tf.function(partial(network, training=True), input_signature=signature)
        return model, self._resting

    def _variables(self) -> list[keras.Variable]:
        return [*self.model.weights, *self.model.optimizer.variables]

    def _begin_with(self, network: Arrays) -> None:
        load_kernels(self.model.network, network)


def _number() -> tf.Variable:
    """A recipe's number in the graph. Not Keras's variable, which would become part of the optimizer's state."""
    return tf.Variable(1.0, trainable=False)


def _trace(model: keras.Model) -> None:
    """Let TensorFlow see the training once, which takes it longer than many batches; of whatever size."""
    # Keras makes the metrics' variables while it traces the first batch, and must trace it again then: 0.3 seconds.
    model.compute_metrics(None, *np.zeros((2, 1, 10), np.float32))
    images = TRACED + 1
    nothing = tf.zeros((images, *IMAGE_SHAPE), tf.uint8), tf.zeros((images, 10))
    model.fit(tf.data.Dataset.from_tensor_slices(nothing).batch(TRACED), shuffle=False, verbose=0)


def precision() -> str:
    """In what a MuonLearner multiplies, as Keras names it: mixed with bfloat16 where that is faster."""
    if gpus := tf.config.list_physical_devices("GPU"):
        generation = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
        return "mixed_bfloat16" if generation >= (8, 0) else "float32"
    return "mixed_bfloat16" if hardware.multiplies_bfloat16_faster() else "float32"


def learner_of(recipe: Recipe) -> Learner:
    """The learner of the recipe's optimizer, traced, with the recipe's numbers; it waits for `start`."""
    learner = _learner(recipe.optimizer)
    learner.configure(recipe)
    return learner


@cache
def _learner(optimizer: Optimizer) -> Learner:
    return MuonLearner() if optimizer == "muon" else AdamLearner()


def _cross_entropy() -> keras.losses.Loss:
    return keras.losses.CategoricalCrossentropy(from_logits=True)
