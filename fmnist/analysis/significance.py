"""McNemar's test of two networks on the same samples, and the samples on which they disagree."""

from dataclasses import dataclass

import numpy as np

from fmnist.analysis.metrics import predictions


@dataclass(frozen=True)
class McNemar:
    """Samples that both networks have right, one alone, and neither; the p-value of the difference, 0 to 1."""

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float


def disagreements(first_logits: np.ndarray, second_logits: np.ndarray) -> np.ndarray:
    """Return the indices of the samples, int64, that two networks predict differently; logits (n, 10) each."""
    return np.flatnonzero(predictions(first_logits) != predictions(second_logits))


def mcnemar(first_correct: np.ndarray, second_correct: np.ndarray) -> McNemar:
    """Return McNemar's exact test on two (n,) bool: the p-value of the hypothesis that both are equally good.

    Two-sided; without a sample that only one has right nothing speaks for a difference, and the p-value is 1.
    """
    first, second = np.asarray(first_correct, bool), np.asarray(second_correct, bool)
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    return McNemar(
        both=int((first & second).sum()),
        only_first=only_first,
        only_second=only_second,
        neither=int((~first & ~second).sum()),
        p_value=_two_sided(min(only_first, only_second), only_first + only_second),
    )


def _two_sided(fewer: int, coins: int) -> float:
    """Return the probability that one side of so many fair coins comes up so rarely, or more rarely."""
    # Whole numbers of any length: exact where 2 to the power of the coins is far beyond a float.
    ways = total = 1
    for heads in range(fewer):
        ways = ways * (coins - heads) // (heads + 1)
        total += ways
    return min(1.0, 2 * total / 2**coins)
