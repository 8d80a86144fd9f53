"""A test image as the input of a network."""

from typing import NamedTuple

import numpy as np

from fmnist.data.dataset import Sample
from ui.i18n.names import class_name
from ui.i18n.text import _, number
from ui.widgets.image import draw_image


class InputImage(NamedTuple):
    """An input of the network: pixels (28, 28) uint8, and their caption."""

    pixels: np.ndarray
    caption: str


def input_image(sample: Sample) -> InputImage:
    """Return a test image as an input, captioned with its index and class."""
    index, true = number(sample.index), class_name(sample.label)
    return InputImage(sample.image, _("Test image {index}: {true}", index=index, true=true))


def draw_input_image(image: InputImage, scale: int) -> None:
    """Draw the image, each pixel `scale` wide and high, with its caption below it."""
    draw_image(image.pixels, scale, alt=image.caption, caption=image.caption)
