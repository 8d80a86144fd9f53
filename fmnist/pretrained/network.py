"""The included network as files: its record, weights, and logits after some epochs."""

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load

from fmnist.pretrained import FOLDER
from fmnist.system.files import write_atomically
from fmnist.types import Arrays

RECORD, KEPT, COMPUTED, NETWORK = "run.json", "epochs.npz", "computed.npz", "network.safetensors"


@dataclass(frozen=True, eq=False)
class KeptEpoch:
    """A network and its logits: float16 (10,000, 10) of the test images, (5,000, 10) of the held-out ones."""

    epoch: int
    weights: Arrays
    test_logits: np.ndarray
    held_out_logits: np.ndarray


@dataclass(frozen=True, eq=False)
class PretrainedNetwork:
    """A run of Best: `record` holds its recipe, its machine and the metrics of all epochs.

    `network` is the safetensors file of the last epoch. `kept` are some of the epochs, the last one among them.
    `computed` are the maps of the test images, as a worker computes them.
    """

    record: Mapping[str, Any]
    kept: tuple[KeptEpoch, ...]
    network: bytes
    computed: Mapping[str, Arrays]

    @property
    def id(self) -> str:
        """Return the run's id in every store: 32 hexadecimal digits, a hash of its record."""
        return hashlib.sha256(json.dumps(self.record).encode()).hexdigest()[:32]

    def write(self, folder: Path) -> None:
        """Write the files that `read` reads into an existing folder."""
        last = self.kept[-1]
        arrays = {
            "epochs": np.array([kept.epoch for kept in self.kept]),
            "test_logits": np.stack([kept.test_logits for kept in self.kept]),
            "held_out_logits": np.stack([kept.held_out_logits for kept in self.kept]),
        }
        for name in last.weights:
            arrays[name] = np.stack([kept.weights[name].astype(np.float16) for kept in self.kept[:-1]])
        results = {f"{of}/{name}": array for of, named in self.computed.items() for name, array in named.items()}
        write_atomically(
            {
                folder / KEPT: compressed(arrays),
                folder / COMPUTED: compressed(results),
                folder / RECORD: (json.dumps(self.record, indent=1) + "\n").encode(),
                folder / NETWORK: self.network,
            }
        )


def compressed(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an .npz file of arrays by name."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read(folder: Path = FOLDER) -> PretrainedNetwork:
    """Return the network as it was written; of the epochs before the last, the weights are rounded to float16."""
    network = (folder / NETWORK).read_bytes()
    last = load(network)
    with np.load(folder / KEPT) as file:
        arrays = dict(file)
    kept = []
    for number, epoch in enumerate(arrays["epochs"].tolist()):
        is_last = number == len(arrays["epochs"]) - 1
        weights = last if is_last else {name: arrays[name][number].astype(np.float32) for name in last}
        kept.append(KeptEpoch(epoch, weights, arrays["test_logits"][number], arrays["held_out_logits"][number]))
    computed: dict[str, Arrays] = defaultdict(dict)
    with np.load(folder / COMPUTED) as file:
        for name, array in file.items():
            of, _, part = name.partition("/")
            computed[of][part] = array
    return PretrainedNetwork(json.loads((folder / RECORD).read_text()), tuple(kept), network, dict(computed))
