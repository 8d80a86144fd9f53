"""The images and labels of a split, in chunks of 500 samples."""

import gzip
import hashlib
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fmnist.data.dataset import Dataset
from fmnist.errors import DataUnavailable, InvalidSample
from ui.api.responses import immutable
from ui.server.dataset import dataset_loader
from ui.server.singleton import Singleton

CHUNK = 500
# All of the test images and a third of the training images: 12 MB.
MAX_CACHED = 60


def index(_request: Request) -> Response:
    """Name the chunks: {"digest", "chunk", "train", "test"}, the last two in samples. Raises DataUnavailable."""
    dataset = loaded_dataset()
    sizes = {split.name: len(split) for split in (dataset.train, dataset.test)}
    return JSONResponse({"digest": digest(), "chunk": CHUNK, **sizes}, headers={"Cache-Control": "no-cache"})


def chunk(request: Request) -> Response:
    """Return labels uint8 (n,), then images uint8 (n, 28, 28), of up to 500 samples.

    Raises InvalidSample for a split or a chunk that the data set does not have, and for another data set's digest.
    """
    values = request.path_params
    if values["digest"] != digest():
        raise InvalidSample("The data set is another one now; /api/samples names its chunks.")
    return immutable(request, _compressed(values["split"], values["number"]))


@Singleton
def digest() -> str:
    """The first 16 hexadecimal digits of the SHA-256 of all labels and images. Raises DataUnavailable."""
    dataset = loaded_dataset()
    content = hashlib.sha256()
    for split in (dataset.train, dataset.test):
        content.update(split.labels.tobytes())
        content.update(split.images.tobytes())
    return content.hexdigest()[:16]


@lru_cache(MAX_CACHED)
def _compressed(split_name: str, number: int) -> bytes:
    split = loaded_dataset().split(split_name)
    last = (len(split) - 1) // CHUNK
    if number > last:
        raise InvalidSample(
            "There is no chunk {number} of the {split} images; choose one from 0 to {last}.",
            number=number,
            split=split_name,
            last=last,
        )
    chosen = slice(CHUNK * number, CHUNK * (number + 1))
    return gzip.compress(split.labels[chosen].tobytes() + split.images[chosen].tobytes(), mtime=0)


def loaded_dataset() -> Dataset:
    """Return the data set, ten seconds after it is requested at the latest. Raises DataUnavailable."""
    loader = dataset_loader()
    loader.wait(10)
    if loader.dataset is None:
        raise loader.error or DataUnavailable("The data set is still being loaded. Try again in a few seconds.")
    return loader.dataset
