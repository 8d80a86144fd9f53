"""The warning about a network that learned nothing."""

from fmnist.analysis.metrics import learned_nothing
from fmnist.errors import FmnistError
from fmnist.recipe import LEARNING_RATES
from fmnist.runs.record import Run


def degenerate_warning(run: Run, epoch: int) -> FmnistError | None:
    """Return the warning, with the likely cause; None for a network that learned, and for epoch 0."""
    if not epoch:
        return None
    accuracy = run.epochs[epoch - 1].test_accuracy
    if not learned_nothing(accuracy):
        return None
    usual = LEARNING_RATES[run.recipe.optimizer]
    rate = run.learning_rate_at(epoch) or run.recipe.learning_rate
    if rate > usual:
        return FmnistError(
            "The network of run {number} learned nothing: after epoch {epoch} the test accuracy is "
            "{accuracy:.1f}%, and guessing gives 10%. The learning rate, {rate:g}, is probably too high; train "
            "again with {usual:g}.", number=run.number, epoch=epoch, accuracy=100 * accuracy, rate=rate, usual=usual,
        )  # fmt: skip
    return FmnistError(
        "The network of run {number} learned nothing: after epoch {epoch} the test accuracy is {accuracy:.1f}%, "
        "and guessing gives 10%. The training was probably too short for its learning rate, {rate:g}; train again "
        "with more epochs or more images, or with the usual rate of {usual:g}.",
        number=run.number, epoch=epoch, accuracy=100 * accuracy, rate=rate, usual=usual,
    )  # fmt: skip
