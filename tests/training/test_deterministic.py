import numpy as np

from fmnist.training.deterministic import weight_hash
from fmnist.training.network import initial_weights


def test_the_hash_is_of_every_bit_whatever_the_order_of_the_arrays():
    weights = initial_weights(0)
    found = weight_hash(weights)
    assert len(found) == 64
    assert weight_hash(dict(reversed(weights.items()))) == found == weight_hash(initial_weights(0))

    for name in weights:
        changed = {each: array.copy() for each, array in weights.items()}
        changed[name].flat[-1] = np.nextafter(changed[name].flat[-1], np.float32(1))
        assert weight_hash(changed) != found
