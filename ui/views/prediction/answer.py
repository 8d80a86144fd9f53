"""The prediction of the server for the session's image, until the browser has its own."""

import numpy as np

from fmnist.analysis.metrics import rounded
from fmnist.data.dataset import Dataset
from fmnist.inference import preprocessing
from fmnist.runs.record import Run
from ui.components.network.network import Answer
from ui.server import resources
from ui.state.session import session


def answer(dataset: Dataset, run: Run, epoch: int) -> Answer | None:
    """Return the image with its label and logits, stored or computed; None before there is a picture."""
    state = session()
    label = None
    if state.source in ("test", "train"):
        sample = dataset.sample(state.sample_split, state.index)
        image, label = sample.image, sample.label
        if state.source == "test" and state.picture is None:
            return Answer(image, label, resources.logits(run.id, epoch)[state.index])
    if state.picture is not None:
        image = preprocessing.from_text(state.picture)
    elif state.source in ("photo", "draw"):
        return None
    return Answer(image, label, rounded(resources.classifier(run.id, epoch).logits(image[np.newaxis])[0]))
