"""Export of a run as the included network."""

from dataclasses import asdict
from typing import TypeVar

import numpy as np

from fmnist.errors import RunConflict
from fmnist.pretrained.network import KeptEpoch, PretrainedNetwork
from fmnist.runs.export import network_file
from fmnist.runs.record import JobName, Run
from fmnist.runs.store import Store
from fmnist.types import Arrays

T = TypeVar("T")

# So many of its epochs are kept, closer together where more changes.
KEPT = 10
# Its maps are included, too. Its 60,000 embeddings are not: they take more room than all else together.
MAPS: tuple[JobName, ...] = ("pca", "tsne")


def pretrained_network(store: Store, run: Run) -> PretrainedNetwork:
    """Return a finished run with its maps as the included network. Raises UnknownRun, RunConflict."""
    record = {
        "recipe": asdict(run.recipe),
        "created_at": run.created_at.isoformat(),
        "environment": run.environment,
        "epochs": [asdict(epoch) for epoch in run.epochs],
    }
    kept = [
        KeptEpoch(
            epoch,
            store.weights(run.id, epoch),
            store.logits(run.id, epoch),
            _present(run, store.held_out_logits(run.id, epoch)),
        )
        for epoch in epochs_to_keep(len(run.epochs))
    ]
    network = network_file("safetensors", kept[-1].weights)
    computed: dict[str, Arrays] = {name: _present(run, store.jobs.result(run.id, name)) for name in MAPS}
    return PretrainedNetwork(record, tuple(kept), network, computed)


def _present(run: Run, found: T | None) -> T:
    if found is None:
        raise RunConflict(
            "Run {number} cannot come with the project: it needs held-out images and finished maps.", number=run.number
        )
    return found


def epochs_to_keep(last: int) -> list[int]:
    """Return the epochs whose networks are included: the first, the last, and some between."""
    return sorted({round(epoch) for epoch in np.geomspace(1, last, KEPT)})
