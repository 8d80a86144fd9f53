"""Addresses of the API."""

import streamlit as st
from starlette.routing import BaseRoute, Mount, Route

from ui.api import checkpoints, modules, progress, samples, snapshots
from ui.api.responses import Endpoint, errors_as_json

ENDPOINTS: dict[str, Endpoint] = {
    "/modules/{digest}/{path:path}": modules.module,
    "/samples": samples.index,
    "/samples/{digest}/{split}/{number:int}": samples.chunk,
    "/runs/{run}": progress.progress,
    "/runs/{run}/curve": progress.curve,
    "/runs/{run}/snapshots": snapshots.snapshots,
    "/runs/{run}/epochs/{epoch:int}/{digest}/weights": checkpoints.weights,
    "/runs/{run}/epochs/{epoch:int}/{digest}/logits": checkpoints.test_logits,
    "/runs/{run}/epochs/{epoch:int}/{digest}/distances": checkpoints.distances,
}


def routes() -> list[BaseRoute]:
    """Return the routes, under the base path that Streamlit gives its own pages alone."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return [
        Mount(
            f"/{base}/api".replace("//", "/"),
            routes=[Route(path, errors_as_json(endpoint)) for path, endpoint in ENDPOINTS.items()],
        )
    ]
