"""Responses: content that never changes, and errors as JSON with a sentence."""

import gzip
from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fmnist.errors import DataUnavailable, FmnistError, StoreUnavailable

Endpoint = Callable[[Request], Response]

SECONDS_A_YEAR = 31_536_000
# The headers of what changes while a run trains.
NOT_KEPT = {"Cache-Control": "no-store"}


def immutable(request: Request, compressed: bytes, media_type: str = "application/octet-stream") -> Response:
    """Return gzip-compressed content under an address of its own, which a browser keeps for ever."""
    headers = {"Cache-Control": f"public, max-age={SECONDS_A_YEAR}, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        compressed = gzip.decompress(compressed)
    return Response(compressed, media_type=media_type, headers=headers)


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
