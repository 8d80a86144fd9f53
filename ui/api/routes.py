"""Addresses of the API."""

import streamlit as st
from starlette.routing import BaseRoute, Mount, Route

from ui.api import checkpoints, modules, progress, samples
from ui.api.responses import Endpoint, errors_as_json

ENDPOINTS: dict[str, Endpoint] = {
    "/modules/{digest}/{path:path}": modules.module,
    "/samples": samples.index,
    "/samples/{digest}/{split}/{number:int}": samples.chunk,
    "/runs/{run}": progress.progress,
    "/runs/{run}/epochs/{epoch:int}/weights": checkpoints.weights,
    "/runs/{run}/epochs/{epoch:int}/logits": checkpoints.test_logits,
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
