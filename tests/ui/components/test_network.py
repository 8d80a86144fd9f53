"""The drawing that a browser sends."""

import base64

import numpy as np
import pytest

from fmnist.inference import preprocessing
from ui.components.network.network import read_drawing


def sent(image: np.ndarray) -> str:
    return base64.b64encode(image.astype(np.uint8).tobytes()).decode()


def test_a_drawing_is_kept_as_it_was_sent():
    image = np.arange(784).reshape(28, 28) % 256

    assert (preprocessing.from_text(read_drawing(sent(image))) == image).all()


@pytest.mark.parametrize(
    "value", ["", "?", "AAAA", "é", None, 7, [1], sent(np.zeros(784)), sent(np.ones(783)), sent(np.ones(5_000))]
)
def test_what_is_no_drawing_is_no_picture(value):
    assert read_drawing(value) is None
