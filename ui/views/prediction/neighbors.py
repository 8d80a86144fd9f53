"""The nearest training images by the embeddings of a network."""

import numpy as np
import streamlit as st

from fmnist.analysis.neighbors import nearest
from fmnist.data.dataset import CLASS_NAMES, Split
from fmnist.runs.record import Run
from ui.components.grid.grid import image_grid
from ui.i18n.names import class_name
from ui.i18n.text import _, fixed, ngettext, number
from ui.server import resources
from ui.state.session import session
from ui.widgets.job import draw_job
from ui.widgets.prediction import InputImage

COUNT = 9
# Smaller distances are written as 0.00.
ZERO_DISTANCE = 0.005


def draw_neighbors(train: Split, image: InputImage, run: Run, epoch: int) -> None:
    """Draw the nine nearest training images by the last epoch's 54 values; each opens as the input image."""
    st.caption(
        _(
            "The last hidden layer turns an image into 54 values. The smaller the distance between the values of "
            "two images, the more similar they are to the network."
        )
    )
    embeddings = draw_job(run, "embeddings", _("Find the most similar training images"))
    if embeddings is None:
        return
    embedding = resources.classifier(run.id, len(run.epochs)).activations(image.pixels)["dense_1"]
    indices, distances = _nearest_others(embedding, embeddings["train"], image.training_index)
    names = [class_name(label) for label in train.labels[indices]]
    captions = [f"{name}\n{fixed(distance, 2)}" for name, distance in zip(names, distances, strict=True)]
    descriptions = [
        _(
            "{name}, training image {index}, distance {distance}",
            name=name,
            index=number(index),
            distance=fixed(distance, 2),
        )
        for name, index, distance in zip(names, indices, distances, strict=True)
    ]
    if distances.max() < ZERO_DISTANCE:
        st.info(_("The last hidden layer has the same 54 values for these images and for this one: the distances "
                  "say nothing about what they show."), icon=":material/equal:")  # fmt: skip
    st.markdown(_sentence(train.labels[indices], image, len(run.epochs), epoch))
    with st.container(width=640):
        hint = _("Under each image: its class and its distance. Choose one to open it.")
        opened = image_grid(train.images[indices], captions, descriptions, hint, key="neighbors")
    if opened is not None:
        session().choose(sample_split="train", index=int(indices[opened]))
        st.rerun()


def _nearest_others(embedding: np.ndarray, embeddings: np.ndarray, itself: int | None) -> tuple[np.ndarray, np.ndarray]:
    indices, distances = nearest(embedding, embeddings, COUNT + 1)
    others = np.flatnonzero(indices != itself)[:COUNT]
    return indices[others], distances[others]


def _sentence(labels: np.ndarray, image: InputImage, last: int, epoch: int) -> str:
    counts = np.bincount(labels, minlength=len(CLASS_NAMES))
    count, name = int(counts.max()), class_name(int(counts.argmax()))
    if count == COUNT:
        sentences = [_("All nine are of the class {name}.", name=name)]
    else:
        most = ngettext("{count} of the nine is of the class {name}.", "{count} of the nine are of the class {name}.",
                        count, name=name)  # fmt: skip
        sentences = [most]
    if image.training_index is not None:
        sentences.append(_("The image itself, which is a training image, is left out."))
    if epoch != last:
        sentences.append(
            _(
                "The distances are those of the finished network, after epoch {last}; not of epoch {epoch}.",
                last=last,
                epoch=epoch,
            )
        )
    return " ".join(sentences)
