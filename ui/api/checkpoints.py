"""The checkpoint of an epoch: weights, and logits of the test images.

An address names its content by a digest of the epoch's metrics, which the store writes once, together with the content:
a run of another store, or of another version of the project, has another address.
"""

import gzip
import hashlib

import numpy as np
from safetensors.numpy import save
from starlette.requests import Request
from starlette.responses import Response

from fmnist.errors import InvalidInput
from fmnist.runs.export import network_file
from fmnist.runs.ood import distances_of
from fmnist.runs.record import Run
from ui.api.responses import immutable
from ui.server import resources


def digests(run: Run) -> list[tuple[int, str]]:
    """Return the kept epochs of a run, each with 16 hexadecimal digits that name its checkpoint."""
    metrics = {epoch.epoch: epoch for epoch in run.epochs}
    return [
        (epoch, hashlib.sha256(f"{run.id} {run.created_at} {metrics[epoch]}".encode()).hexdigest()[:16])
        for epoch in run.kept
    ]


def weights(request: Request) -> Response:
    """Return the weights of a finished epoch as a safetensors file. Raises UnknownRun, StoreUnavailable."""
    arrays = resources.store().weights(*_checkpoint(request))
    return immutable(request, gzip.compress(network_file("safetensors", arrays), mtime=0))


def test_logits(request: Request) -> Response:
    """Return the logits of the test images after a finished epoch, float16 or float32 (10,000, 10), little-endian.

    float32 where a logit lies beyond float16. Raises UnknownRun, StoreUnavailable.
    """
    logits = resources.store().logits(*_checkpoint(request))
    return immutable(request, gzip.compress(logits.tobytes(), mtime=0))


def distances(request: Request) -> Response:
    """Return the statistics of out-of-distribution detection as a safetensors file, float32.

    Raises InvalidInput for a network that has none, UnknownRun, StoreUnavailable.
    """
    found = distances_of(resources.weights(*_checkpoint(request)))
    if found is None:
        raise InvalidInput("Only the network included in the project has these statistics.")
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in found.arrays().items()}
    return immutable(request, gzip.compress(save(arrays), mtime=0))


def _checkpoint(request: Request) -> tuple[str, int]:
    """Return the run and the epoch of an address. Raises InvalidInput for the digest of another checkpoint."""
    run_id, epoch, digest = (request.path_params[name] for name in ("run", "epoch", "digest"))
    if (epoch, digest) not in digests(resources.store().run(run_id)):
        raise InvalidInput("There is no checkpoint {digest!r}; load the page again.", digest=digest[:80])
    return run_id, epoch
