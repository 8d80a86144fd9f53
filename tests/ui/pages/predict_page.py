"""The elements of the page Predict."""

import numpy as np

from tests.ui.conftest import bars, numbers


def softmax(logits):
    powers = np.exp(logits.astype(float) - logits.max())
    return powers / powers.sum()


def drawn(tab):
    """The ten confidences and the ten scores of the notebook, (10, 2), to four decimals."""
    (table,) = bars(tab)
    return numbers(table)


def drawn_confidence(tab):
    return drawn(tab)[:, 0]


def pictures(tab):
    """The text that stands for each picture."""
    return [element.proto.imgs[0].alt for element in tab.get("image")]


def shown(tab):
    """The asked image's caption."""
    return next(image.proto.imgs[0].caption for image in tab.get("image") if image.proto.imgs[0].caption)
