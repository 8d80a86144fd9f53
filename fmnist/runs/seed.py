"""The first run of every store: the included network."""

from datetime import datetime

import numpy as np
from sqlalchemy import Connection, insert

from fmnist.pretrained.network import read
from fmnist.recipe import Recipe
from fmnist.runs.record import INCLUDED
from fmnist.runs.rows import serialize
from fmnist.runs.schema import checkpoints, epochs, held_out_logits, jobs, runs


def insert_seed(connection: Connection) -> None:
    """Insert the included run into a new store."""
    network = read()
    record, key = network.record, {"run": network.id}
    connection.execute(
        insert(runs).values(
            id=network.id,
            number=INCLUDED,
            recipe=Recipe(**record["recipe"]).to_json(),
            target_epochs=len(record["epochs"]),
            origin="project",
            created_at=datetime.fromisoformat(record["created_at"]).timestamp(),
            environment=record["environment"],
        )
    )
    connection.execute(insert(epochs), [key | numbers for numbers in record["epochs"]])
    for kept in network.kept:
        of_epoch = key | {"epoch": kept.epoch}
        logits = _bytes(kept.test_logits)
        connection.execute(insert(checkpoints).values(**of_epoch, weights=serialize(kept.weights), test_logits=logits))
        connection.execute(insert(held_out_logits).values(**of_epoch, logits=_bytes(kept.held_out_logits)))
    results = {"training": None} | {name: serialize(result) for name, result in network.computed.items()}
    succeeded = key | {"status": "succeeded", "position": 0}
    connection.execute(
        insert(jobs), [succeeded | {"name": name, "content": content} for name, content in results.items()]
    )


def _bytes(logits: np.ndarray) -> bytes:
    return np.ascontiguousarray(logits, np.float16).tobytes()
