"""The run that every store begins with: the network that came with the project."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from sqlalchemy import Connection, insert

from fmnist.errors import RunConflict
from fmnist.pretrained.network import KeptEpoch, PretrainedNetwork, Weights, read
from fmnist.recipe import Recipe
from fmnist.runs.export import network_file
from fmnist.runs.record import ComputationName, Run
from fmnist.runs.rows import packed
from fmnist.runs.schema import arrays, computations, epochs, held_out, runs

if TYPE_CHECKING:
    from fmnist.runs.store import Store

T = TypeVar("T")

# Before the runs that people ask for, which are counted from 1.
NUMBER = 0
# So many of its epochs are kept, closer together where more changes.
KEPT = 10
# What is computed of it comes with it, too. Its 60,000 embeddings do not: they take more room than all else together.
MAPS: tuple[ComputationName, ...] = ("directions", "map")


def insert_project_run(connection: Connection) -> None:
    """Put it into a store that was made just now."""
    network = read()
    record, key = network.record, {"run": network.id}
    connection.execute(
        insert(runs).values(
            id=network.id,
            number=NUMBER,
            recipe=Recipe(**record["recipe"]).to_json(),
            target_epochs=len(record["epochs"]),
            status="succeeded",
            origin="project",
            created_at=datetime.fromisoformat(record["created_at"]).timestamp(),
            queued_order=0,
            environment=record["environment"],
        )
    )
    connection.execute(insert(epochs), [key | numbers for numbers in record["epochs"]])
    for kept in network.kept:
        of_epoch = key | {"epoch": kept.epoch}
        logits = _bytes(kept.test_logits)
        connection.execute(insert(arrays).values(**of_epoch, weights=packed(kept.weights), test_logits=logits))
        connection.execute(insert(held_out).values(**of_epoch, logits=_bytes(kept.held_out_logits)))
    done = {"status": "done", "progress": 1.0, "queued_order": 0}
    connection.execute(
        insert(computations),
        [key | done | {"name": name, "content": packed(result)} for name, result in network.computed.items()],
    )


def from_store(store: "Store", run: Run) -> PretrainedNetwork:
    """A run that ended well and has its maps, as it shall come with the project. Raises UnknownRun, RunConflict."""
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
    computed: dict[str, Weights] = {name: _present(run, store.computations.result(run.id, name)) for name in MAPS}
    return PretrainedNetwork(record, tuple(kept), network, computed)


def _present(run: Run, found: T | None) -> T:
    if found is None:
        raise RunConflict(
            "Run {number} cannot come with the project: it needs held-out images and finished maps.", number=run.number
        )
    return found


def epochs_to_keep(last: int) -> list[int]:
    """The epochs of a run whose networks come with the project: the first, the last, and some between."""
    return sorted({round(epoch) for epoch in np.geomspace(1, last, KEPT)})


def _bytes(logits: np.ndarray) -> bytes:
    return np.ascontiguousarray(logits, np.float16).tobytes()
