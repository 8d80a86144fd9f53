"""Responses: content that never changes, and errors as JSON with a sentence."""

import gzip
from collections.abc import Callable
from functools import wraps

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fmnist.errors import DataUnavailable, FmnistError, StoreUnavailable

Endpoint = Callable[[Request], Response]

SECONDS_A_YEAR = 31_536_000
# So long all who follow a run get one answer: a classroom costs the server as much as one of it.
SHARED_SECONDS = 0.25


def immutable(request: Request, compressed: bytes, media_type: str = "application/octet-stream") -> Response:
    """Return gzip-compressed content under an address of its own, which a browser keeps for ever."""
    headers = {"Cache-Control": f"public, max-age={SECONDS_A_YEAR}, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        compressed = gzip.decompress(compressed)
    return Response(compressed, media_type=media_type, headers=headers)


def momentary(read: Callable[..., object]) -> Callable[..., Response]:
    """Return a function that responds with what `read` returns, as JSON; read four times a second at most."""

    @st.cache_resource(show_spinner=False, ttl=SHARED_SECONDS, max_entries=64)
    @wraps(read)
    def content(*arguments: str | float) -> bytes:
        return bytes(JSONResponse(read(*arguments)).body)

    return lambda *arguments: Response(
        content(*arguments), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def errors_as_json(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with its FmnistErrors as JSON: 503 where the data or the store are missing, else 404."""

    @wraps(endpoint)
    def respond(request: Request) -> Response:
        try:
            return endpoint(request)
        except FmnistError as error:
            status = 503 if isinstance(error, DataUnavailable | StoreUnavailable) else 404
            # Without its details: they are for the operator.
            return JSONResponse({"error": error.template.format(**error.values)}, status)

    return respond
