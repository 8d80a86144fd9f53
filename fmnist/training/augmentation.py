"""Data augmentation: random shifts, flips and erasing, against overfitting."""

import numpy as np

# The largest shift in pixels, in each direction.
SHIFT = 1
# The side of the erased square (random erasing, Zhong et al., arXiv 1708.04896).
ERASE_SIDE = 8


def augment(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return augmented copies of images uint8 (n, 28, 28): each shifted, half of them flipped, half erased in part."""
    return random_erase(random_flip(random_shift(images, random), random), random)


def random_shift(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Shift each image by -1, 0 or 1 pixel down and to the right, padded with black."""
    number, height, width = images.shape
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    down, right = random.integers(0, 2 * SHIFT + 1, (2, number))
    return windows[np.arange(number), down, right]


def random_flip(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Flip each image horizontally with probability 1/2."""
    chosen = random.random(len(images)) < 0.5
    return np.where(chosen[:, np.newaxis, np.newaxis], images[:, :, ::-1], images)


def random_erase(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Fill a random square of each image with one random grey, with probability 1/2."""
    number, height, width = images.shape
    chosen = random.random(len(images)) < 0.5
    top, left = (random.integers(0, side - ERASE_SIDE + 1, (number, 1)) for side in (height, width))
    rows, columns = np.arange(height) - top, np.arange(width) - left
    within = [(offsets >= 0) & (offsets < ERASE_SIDE) for offsets in (rows, columns)]
    square = within[0][:, :, np.newaxis] & within[1][:, np.newaxis]
    greys = random.integers(0, 256, (number, 1, 1), dtype=np.uint8)
    return np.where(square & chosen[:, np.newaxis, np.newaxis], greys, images)
