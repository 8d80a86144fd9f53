"""The checkpoint of an epoch: weights, and logits of the test images."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

from fmnist.runs.export import network_file
from ui.api.responses import immutable
from ui.server import resources


def weights(request: Request) -> Response:
    """Return the weights of a finished epoch as a safetensors file. Raises UnknownRun, StoreUnavailable."""
    arrays = resources.desk().store.weights(*_checkpoint(request))
    return immutable(request, gzip.compress(network_file("safetensors", arrays), mtime=0))


def test_logits(request: Request) -> Response:
    """Return the logits of the test images after a finished epoch, float16 or float32 (10,000, 10), little-endian.

    float32 where a logit lies beyond float16. Raises UnknownRun, StoreUnavailable.
    """
    logits = resources.desk().store.logits(*_checkpoint(request))
    return immutable(request, gzip.compress(logits.tobytes(), mtime=0))


def _checkpoint(request: Request) -> tuple[str, int]:
    return request.path_params["run"], request.path_params["epoch"]
