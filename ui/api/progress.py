"""The progress of a run, and its curve."""

from dataclasses import asdict, astuple
from math import inf

from starlette.requests import Request
from starlette.responses import Response

from fmnist.analysis.overfitting import overfits_from
from fmnist.errors import InvalidInput
from ui.api.checkpoints import digests
from ui.api.responses import momentary
from ui.server import resources


def progress(request: Request) -> Response:
    """Return the status, the finished epochs and the progress of a run by its id. Raises UnknownRun, StoreUnavailable.

    `checkpoints` are the kept epochs with their digests. Accuracies are fractions, losses cross-entropy; `progress` and
    `seconds_left` are null unless an epoch is being trained, `overfits_from` unless the validation loss rises.
    """
    return _progress(request.path_params["run"])


def curve(request: Request) -> Response:
    """Return the curve of a run by its id: a list of points, about one each half second. Raises as `progress` does.

    A point is the epochs so far, the loss and the accuracy of the batches since the point before. With `?after=1.5`,
    only the points after so many epochs. Raises InvalidInput, too.
    """
    return _curve(request.path_params["run"], epochs_after(request))


def epochs_after(request: Request) -> float:
    """Return the epochs `after` which points are requested, 0 by default. Raises InvalidInput."""
    text = request.query_params.get("after", "0")
    try:
        after = float(text)
    except ValueError:
        after = inf
    if not 0 <= after < inf:
        raise InvalidInput("after={value!r} is no number of epochs; write one from 0, such as 1.5.", value=text[:40])
    return after


@momentary
def _progress(run_id: str) -> dict[str, object]:
    run = resources.store().run(run_id)
    return {
        "id": run.id,
        "number": run.number,
        "status": run.status,
        "queue_position": run.queue_position,
        "target_epochs": run.target_epochs,
        "epochs": [asdict(epoch) for epoch in run.epochs],
        "checkpoints": digests(run),
        "progress": asdict(run.progress) if run.progress else None,
        "seconds_left": run.seconds_left,
        "stop_requested": run.stop_requested,
        "overfits_from": overfits_from([epoch.val_loss for epoch in run.epochs]),
        "failure": str(run.failure) if run.failure else None,
    }


@momentary
def _curve(run_id: str, after: float) -> list[list[float]]:
    return [[round(value, 4) for value in astuple(point)] for point in resources.store().curve(run_id, after)]
