"""The five images of a game, person against network: easy and hard ones, by the network's logits. NumPy only."""

import numpy as np

from fmnist.analysis.metrics import predictions, softmax

# Images that the network is sure of, and images on which the second class is close.
EASY, CLOSE = 2, 2
MIN_EASY_CONFIDENCE = 0.99
MIN_SECOND_PROBABILITY = 0.2
# Test images that show their class to a person at once, among those that the included network misclassifies; chosen by
# eye: a bag, a T-shirt, three trousers, a bag for the waist, a sandal.
PLAIN = np.array([529, 3919, 4392, 6565, 6752, 8156, 9485])


def choose_images(logits: np.ndarray, labels: np.ndarray, seed: tuple[int, int]) -> np.ndarray:
    """Return the indices of five test images, int64 (5,), in random order, of five classes where that is possible.

    Two that the network is sure of and right about, two whose second class gets at least a fifth, and one that is
    misclassified although people see its class: a person can win. Logits (10,000, 10), labels (10,000,).
    """
    probabilities = softmax(logits)
    right = predictions(logits) == labels
    second = np.sort(probabilities, axis=1)[:, -2]
    indices = np.arange(len(labels))
    plain = ~right & np.isin(indices, PLAIN)
    easy = right & (probabilities.max(axis=1) >= MIN_EASY_CONFIDENCE)
    close = (second >= MIN_SECOND_PROBABILITY) & ~np.isin(indices, PLAIN)
    generator = np.random.default_rng(seed)
    chosen: list[int] = []
    # The rarest first, so that it finds a class that is not taken.
    for candidates in (plain, *[close] * CLOSE, *[easy] * EASY):
        fresh = ~np.isin(indices, chosen)
        new_class = ~np.isin(labels, labels[chosen])
        pools = (candidates & fresh & new_class, candidates & fresh, fresh)
        chosen.append(int(generator.choice(np.flatnonzero(next(pool for pool in pools if pool.any())))))
    return generator.permutation(chosen)
