"""The progress of a run."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ui.server import resources


def progress(request: Request) -> Response:
    """Return the status, the finished epochs and the progress of a run by its id. Raises UnknownRun, StoreUnavailable.

    Accuracies are fractions, losses cross-entropy; `progress` is null unless an epoch is being trained.
    """
    run = resources.desk().store.run(request.path_params["run"])
    return JSONResponse(
        {
            "id": run.id,
            "number": run.number,
            "status": run.status,
            "target_epochs": run.target_epochs,
            "epochs": [asdict(epoch) for epoch in run.epochs],
            "progress": asdict(run.progress) if run.progress else None,
            "failure": str(run.failure) if run.failure else None,
        },
        headers={"Cache-Control": "no-store"},
    )
