"""Learners: the models that `fit` trains with an optimizer, and their folding into the plain network."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache, partial
from math import ceil

import keras
import numpy as np
import tensorflow as tf

from fmnist.architecture import IMAGE_SHAPE, LAYERS
from fmnist.recipe import Optimizer, Recipe
from fmnist.system import hardware
from fmnist.training.compiled_metrics import compiled_metrics
from fmnist.training.ghost_batch import GhostBatchModel, LargeGhostBatchModel
from fmnist.training.gradient_accumulation import MICRO_BATCH, AccumulatingNetwork
from fmnist.training.network import build, get_weights, initial_weights, set_weights
from fmnist.training.normalized_network import build_normalized, fold, load_kernels
from fmnist.training.optim.muon import Muon, ema_momentum_over
from fmnist.training.optim.schedule import warmup_and_decay, warmup_cosine
from fmnist.types import Arrays

# The final share of the learning rate of a training by Muon.
FINAL_LR = 0.05
# The length of the moving average of the weights, in epochs.
EMA_EPOCHS = 0.25
# Batches a call of TensorFlow: a tenth of a second.
BATCHES_AT_ONCE = 8
# Images for the normalisation's statistics with the averaged weights.
BN_SAMPLES = 500
# The batch size for tracing.
TRACED = 256


class Learner(ABC):
    """A model compiled for `fit` on images uint8 (n, 28, 28, 1) and targets float32 (n, 10).

    It is traced once: a recipe's numbers are variables of its graph, set by `configure`. As constants, every other
    learning rate would leave another graph in memory: 60 MB and four threads each. `start` and `restore` begin a
    training with the same graph.
    """

    # For batches larger than a micro-batch.
    _large: keras.Model

    def __init__(self) -> None:
        self.model, *others = self._build()
        self._untrained = {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}
        self._accumulates = False
        for model in (self.model, *others):
            _trace(model)
        # Traced as well, which would take a third of a second of the first training.
        self.evaluate(np.zeros((BN_SAMPLES, *IMAGE_SHAPE[:2]), np.uint8))

    def configure(self, recipe: Recipe) -> None:
        """Set the recipe's numbers, all but its seed."""
        self._accumulates = recipe.batch_size > MICRO_BATCH

    @abstractmethod
    def set_constant_rate(self, rate: float) -> None:
        """Set a constant learning rate in place of the recipe's, until the next `configure`."""

    def model_for(self, epoch: int) -> keras.Model:
        """Return the model that trains this epoch; one for large batches is traced by its first training."""
        return self._large if self._accumulates else self.model

    def start(self, seed: int) -> None:
        """Reset the state, and set the initial weights of a seed."""
        self._assign(self._untrained)
        self._set_weights(initial_weights(seed))

    def restore(self, weights: Arrays, state: Arrays) -> None:
        """Set the plain network's weights and the state after an epoch."""
        self._set_weights(weights)
        self._assign(state)

    def state(self) -> Arrays:
        """Return the training state besides the plain network, by the variables' paths."""
        # asarray: TensorFlow returns the step counter as a plain number.
        return {variable.path: np.asarray(variable.numpy()) for variable in self._variables()}

    @abstractmethod
    def folded_weights(self, images: np.ndarray) -> Arrays:
        """Return the weights of the plain network; `images`, uint8 (n, 28, 28), are the training images."""

    @abstractmethod
    def evaluate(self, images: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """Return the logits (n, 10) of images uint8 (n, 28, 28), and the weights of the plain network.

        Batch normalisation takes the statistics of these images: fewer than about a hundred are too few.
        """

    @abstractmethod
    def _build(self) -> tuple[keras.Model, ...]:
        """Return the compiled models to trace, first the one without a frozen layer."""

    @abstractmethod
    def _variables(self) -> list[keras.Variable]: ...

    @abstractmethod
    def _set_weights(self, weights: Arrays) -> None: ...

    def _assign(self, state: Arrays) -> None:
        for variable in self._variables():
            variable.assign(state[variable.path])


class AdamLearner(Learner):
    """The plain network, by Adam at a constant learning rate, in float32: the notebook's training."""

    def configure(self, recipe: Recipe) -> None:
        """Set the learning rate."""
        super().configure(recipe)
        self._rate.assign(recipe.learning_rate)

    def set_constant_rate(self, rate: float) -> None:
        """Set the learning rate."""
        self._rate.assign(rate)

    def folded_weights(self, images: np.ndarray) -> Arrays:
        """Return the weights; there is nothing to fold."""
        return get_weights(self._network)

    def evaluate(self, images: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """Return the logits and the weights."""
        return self._logits_of(images[..., np.newaxis]).numpy(), get_weights(self._network)

    def _build(self) -> tuple[keras.Model, ...]:
        self._network = build(initial_weights(0))
        images = keras.Input(IMAGE_SHAPE, dtype="uint8")
        logits = self._network(keras.layers.Rescaling(1 / 255)(images))
        self._rate = _number()
        self._optimizer = keras.optimizers.Adam(lambda: self._rate, name="adam")
        model = keras.Model(images, logits)
        self._large = AccumulatingNetwork(model)
        for trained in (model, self._large):
            trained.compile(self._optimizer, _cross_entropy(), metrics=compiled_metrics())
        self._optimizer.build(model.trainable_variables)
        self._logits_of = _traced(partial(model, training=False))
        return (model,)

    def _variables(self) -> list[keras.Variable]:
        return self._optimizer.variables

    def _set_weights(self, weights: Arrays) -> None:
        set_weights(self._network, weights)


class MuonLearner(Learner):
    """The normalised network, by Muon with warm-up and cosine decay, in bfloat16 where that is faster.

    Without augmentation, the first layer is frozen in every second of several epochs, beginning with the first: its
    gradient is a third of the work, and the other epochs train it nearly as well.
    """

    def configure(self, recipe: Recipe) -> None:
        """Set the learning rate's schedule, the length of the moving average and the frozen epochs."""
        super().configure(recipe)
        freezes = recipe.epochs > 1 and not recipe.augmentation
        self._frozen_epochs = range(1, recipe.epochs + 1, 2) if freezes else range(0)
        steps_an_epoch = ceil(recipe.training_images / recipe.batch_size)
        warmup, decay = warmup_and_decay(recipe.epochs * steps_an_epoch)
        self._warmup.assign(warmup)
        self._decay.assign(decay)
        self._peak.assign(recipe.learning_rate)
        self._momentum.assign(ema_momentum_over(EMA_EPOCHS * steps_an_epoch))

    def set_constant_rate(self, rate: float) -> None:
        """Set a schedule that has ended, which keeps its final learning rate."""
        self._warmup.assign(1)
        self._decay.assign(1)
        self._peak.assign(rate / FINAL_LR)

    def model_for(self, epoch: int) -> keras.Model:
        """Return the model with all layers trainable, or the one with the first layer frozen."""
        is_frozen = epoch in self._frozen_epochs
        if self._accumulates:
            return self._large_frozen if is_frozen else self._large
        return self._frozen if is_frozen else self.model

    def folded_weights(self, images: np.ndarray) -> Arrays:
        """Recalibrate the statistics with BN_SAMPLES images and fold them in."""
        return self.evaluate(images[:BN_SAMPLES])[1]

    def evaluate(self, images: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """Recalibrate the statistics with the images; return the logits and the folded weights."""
        logits = self._recalibrate_bn(images[..., np.newaxis]).numpy()
        return logits, fold(self.model.network)

    def _build(self) -> tuple[keras.Model, ...]:
        self._frozen_epochs = range(0)
        network = build_normalized(precision())
        # Linear warm-up, cosine decay to the recipe's last epoch; further epochs keep the final learning rate.
        self._warmup, self._decay, self._peak = _number(), _number(), _number()
        self._momentum = _number()
        optimizer = Muon(warmup_cosine(self._peak, self._warmup, self._decay, FINAL_LR), self._momentum)
        first = LAYERS[0].name
        model, self._frozen = GhostBatchModel(network), GhostBatchModel(network, frozen_layer=first)
        self._large = LargeGhostBatchModel(network)
        self._large_frozen = LargeGhostBatchModel(network, frozen_layer=first)
        optimizer.build(model.trainable_weights)
        for trained in (model, self._frozen, self._large, self._large_frozen):
            trained.compile(
                optimizer, _cross_entropy(), metrics=compiled_metrics(), steps_per_execution=BATCHES_AT_ONCE
            )
        self._recalibrate_bn = _traced(partial(network, training=True))
        return model, self._frozen

    def _variables(self) -> list[keras.Variable]:
        return [*self.model.weights, *self.model.optimizer.variables]

    def _set_weights(self, weights: Arrays) -> None:
        load_kernels(self.model.network, weights)


def _number() -> tf.Variable:
    """Return a variable for a recipe's number. Keras's own would become part of the optimizer's state."""
    return tf.Variable(1.0, trainable=False)


def _traced(forward: Callable[[tf.Tensor], tf.Tensor]) -> Callable[[np.ndarray], tf.Tensor]:
    """Return a forward pass that is traced once for any number of images uint8 (n, 28, 28, 1)."""
    return tf.function(forward, input_signature=[tf.TensorSpec((None, *IMAGE_SHAPE), tf.uint8)])


def _trace(model: keras.Model) -> None:
    """Trace the training step for any batch size, which takes longer than many batches."""
    # Otherwise Keras makes the metrics' variables during the first trace, and must trace again: 0.3 seconds.
    model.compute_metrics(None, *np.zeros((2, 1, 10), np.float32))
    images = TRACED + 1
    zeros = tf.zeros((images, *IMAGE_SHAPE), tf.uint8), tf.zeros((images, 10))
    model.fit(tf.data.Dataset.from_tensor_slices(zeros).batch(TRACED), shuffle=False, verbose=0)


def precision() -> str:
    """Return the Keras dtype policy of a MuonLearner: mixed with bfloat16 where that is faster."""
    if gpus := tf.config.list_physical_devices("GPU"):
        generation = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
        return "mixed_bfloat16" if generation >= (8, 0) else "float32"
    return "mixed_bfloat16" if hardware.multiplies_bfloat16_faster() else "float32"


def learner_of(recipe: Recipe) -> Learner:
    """Return the traced learner of the recipe's optimizer, configured, before `start` or `restore`."""
    learner = _learner(recipe.optimizer)
    learner.configure(recipe)
    return learner


@cache
def _learner(optimizer: Optimizer) -> Learner:
    return MuonLearner() if optimizer == "muon" else AdamLearner()


def _cross_entropy() -> keras.losses.Loss:
    return keras.losses.CategoricalCrossentropy(from_logits=True)
