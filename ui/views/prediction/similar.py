"""The nearest training images by the embeddings of a network."""

import base64

import numpy as np

from fmnist.analysis.neighbors import nearest
from fmnist.data.dataset import CLASS_NAMES, Split
from fmnist.runs.record import Run
from ui.components.network.network import Similar
from ui.i18n.names import class_name
from ui.i18n.text import _, fixed, ngettext, number
from ui.server import resources
from ui.state.session import session
from ui.widgets.job import draw_job

COUNT = 9
# Smaller distances are written as 0.00.
ZERO_DISTANCE = 0.005


def find_similar(train: Split, run: Run, epoch: int, image: np.ndarray) -> Similar | None:
    """Return the nine nearest training images by the last epoch's 54 values; None until a worker has computed them."""
    embeddings = draw_job(run, "embeddings", _("Find the nine nearest"))
    if embeddings is None:
        return None
    embedding = resources.classifier(run.id, len(run.epochs)).activations(image)["dense_1"]
    state = session()
    itself = state.index if state.source == "train" and state.picture is None else None
    indices, distances = _nearest_others(embedding, embeddings["train"], itself)
    names = [class_name(label) for label in train.labels[indices]]
    return {
        "images": base64.b64encode(train.images[indices].tobytes()).decode(),
        "indices": indices.tolist(),
        "captions": names,
        "descriptions": [
            _(
                "{name}, training image {index}, distance {distance}",
                name=name,
                index=number(index),
                distance=fixed(distance, 2),
            )
            for name, index, distance in zip(names, indices, distances, strict=True)
        ],
        "sentence": _sentence(train.labels[indices], itself, distances, len(run.epochs), epoch),
    }


def _nearest_others(embedding: np.ndarray, embeddings: np.ndarray, itself: int | None) -> tuple[np.ndarray, np.ndarray]:
    indices, distances = nearest(embedding, embeddings, COUNT + 1)
    others = np.flatnonzero(indices != itself)[:COUNT]
    return indices[others], distances[others]


def _sentence(labels: np.ndarray, itself: int | None, distances: np.ndarray, last: int, epoch: int) -> str:
    if distances.max() < ZERO_DISTANCE:
        return _("All images have the same 54 values in this network: the distances say nothing.")
    counts = np.bincount(labels, minlength=len(CLASS_NAMES))
    count, name = int(counts.max()), class_name(int(counts.argmax()))
    if count == COUNT:
        sentences = [_("All nine are of the class {name}.", name=name)]
    else:
        most = ngettext("{count} of the nine is of the class {name}.", "{count} of the nine are of the class {name}.",
                        count, name=name)  # fmt: skip
        sentences = [most]
    if itself is not None:
        sentences.append(_("The image itself is left out."))
    if epoch != last:
        sentences.append(_("By the network of epoch {last}.", last=last))
    return " ".join(sentences)
