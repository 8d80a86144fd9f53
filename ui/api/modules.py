"""The ES modules of the components, under a digest of all: versions never mix, and a browser keeps them."""

import gzip
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from fmnist.errors import InvalidInput
from ui.api.responses import immutable
from ui.server.singleton import Singleton

FOLDER = Path(__file__).parents[1] / "components"


@Singleton
def files() -> dict[str, bytes]:
    """The content of every module by its path in the folder of the components."""
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*.js"))}


@Singleton
def digest() -> str:
    """The first 16 hexadecimal digits of the SHA-256 of all modules."""
    return hashlib.sha256(b"\0".join(files().values())).hexdigest()[:16]


def address(path: str) -> str:
    """The address of a module, relative to that of the app."""
    return f"api/modules/{digest()}/{path}"


def module(request: Request) -> Response:
    """Return a module. Raises InvalidInput where there is none, and for another version's digest."""
    values = request.path_params
    if values["digest"] != digest() or values["path"] not in files():
        raise InvalidInput("There is no module {path!r}; load the page again.", path=values["path"][:80])
    return immutable(request, gzip.compress(files()[values["path"]], mtime=0), media_type="text/javascript")
