"""Photographs as a person may take them, made of images of the data set: without a camera, and the class is known."""

import io
from typing import Any

import numpy as np
from PIL import Image

# How large the piece of clothing is in the photograph.
SIDE = 336
HEIGHT, WIDTH = 640, 480


def photograph(
    image: np.ndarray,
    random: np.random.Generator,
    *,
    background: float = 1.0,
    dark: bool = True,
    shadow: float = 0.0,
    grain: float = 0.0,
) -> Image.Image:
    """An image (28, 28) uint8 somewhere on a background, from 0 black to 1 white; `dark`: darker than that.

    `shadow` is how much darker the photograph is at its lower end, `grain` the deviation of a sensor's noise.
    """
    large = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32) / 255
    light = np.zeros((HEIGHT, WIDTH), np.float32)
    top, left = random.integers(20, HEIGHT - SIDE - 20), random.integers(20, WIDTH - SIDE - 20)
    light[top : top + SIDE, left : left + SIDE] = large
    seen = background * (1 - light) if dark else background + (1 - background) * light
    seen = seen * (1 - shadow * np.linspace(0, 1, HEIGHT))[:, np.newaxis]
    seen = seen[..., np.newaxis] + grain * random.normal(size=(HEIGHT, WIDTH, 1)) + np.zeros(3)
    return Image.fromarray((255 * seen.clip(0, 1)).astype(np.uint8))


def file_of(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a file with the picture in it."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
