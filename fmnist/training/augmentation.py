"""Each image a little different whenever it is seen, so that a network cannot learn its pixels by heart."""

import numpy as np

# How far an image is moved at most, in pixels, each way.
SHIFT = 1
# The side of the square that covers a part of every other image (random erasing, Zhong et al., arXiv 1708.04896).
COVER = 8


def augmented(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Images uint8 (n, 28, 28), each moved, half of them mirrored, half of them covered in part; the arguments stay."""
    return covered(mirrored(moved(images, random), random), random)


def moved(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Every image moved by -1, 0 or 1 pixel down and to the right; black comes in."""
    number, height, width = images.shape
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    down, right = random.integers(0, 2 * SHIFT + 1, (2, number))
    return windows[np.arange(number), down, right]


def mirrored(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Every other image, by chance, with left and right exchanged."""
    chosen = random.random(len(images)) < 0.5
    return np.where(chosen[:, np.newaxis, np.newaxis], images[:, :, ::-1], images)


def covered(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Every other image, by chance, with a square of one grey somewhere."""
    number, height, width = images.shape
    chosen = random.random(len(images)) < 0.5
    top, left = (random.integers(0, side - COVER + 1, (number, 1)) for side in (height, width))
    rows, columns = np.arange(height) - top, np.arange(width) - left
    inside = ((rows >= 0) & (rows < COVER))[:, :, np.newaxis] & ((columns >= 0) & (columns < COVER))[:, np.newaxis]
    greys = random.integers(0, 256, (number, 1, 1), dtype=np.uint8)
    return np.where(inside & chosen[:, np.newaxis, np.newaxis], greys, images)
