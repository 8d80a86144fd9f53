"""Whether an image is of the kind that a network knows, by how strongly it answers. NumPy only."""

import numpy as np

# Where fewer than this share of known images get so weak an answer, an image is called unfamiliar; how many foreign
# ones that finds is in docs/decisions/016.
UNFAMILIAR = 0.05


def strength(logits: np.ndarray) -> np.ndarray:
    """How strongly a network answers, float64 (…), from logits (…, 10): log Σ exp(logit).

    It is the negative energy of Liu et al. 2020 (arXiv 2010.03759, section 3.1). The softmax forgets it: a network may
    be sure that of ten classes this is the likeliest, while all ten find little in the image.
    """
    logits = np.asarray(logits, np.float64)
    highest = logits.max(axis=-1)
    return highest + np.log(np.exp(logits - highest[..., np.newaxis]).sum(axis=-1))


def share_weaker(logits: np.ndarray, known: np.ndarray) -> float:
    """The share, 0 to 1, of `known` answers, logits (n, 10), that are no stronger than one answer, logits (10,)."""
    return float((strength(known) <= strength(logits)).mean())
