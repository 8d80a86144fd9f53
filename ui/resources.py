"""What all sessions of the server share besides the data set: settings, the desk, networks ready to answer."""

import atexit
import gc
from typing import Any

import numpy as np
import streamlit as st

from fmnist import machine
from fmnist.analysis.calibration import fit_temperature
from fmnist.inference.classifier import Classifier
from fmnist.runs.attendant import Attendant
from fmnist.runs.desk import Desk
from fmnist.runs.record import ComputationName
from fmnist.settings import Settings


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The environment, read once."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def this_machine() -> dict[str, Any]:
    """What this machine is, as the runs that were trained on it say."""
    return machine.describe()


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The desk of this server's store. Raises StoreUnavailable."""
    return Desk(settings())


@st.cache_resource(show_spinner=False)
def attendant() -> Attendant:
    """The thread that beats for this server and sees that a worker trains what waits."""
    attending = Attendant(settings(), desk().store, "server")
    attending.start()
    atexit.register(attending.close)
    # What is loaded by now stays; whoever collects garbage need not look at it again.
    gc.collect()
    gc.freeze()
    return attending


@st.cache_resource(show_spinner=False, max_entries=256)
def logits(run_id: str, epoch: int) -> np.ndarray:
    """The test set's logits after an epoch, float16 (10,000, 10), read-only. Raises UnknownRun."""
    return desk().store.logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=64)
def held_out_logits(run_id: str, epoch: int) -> np.ndarray | None:
    """The held-out images' logits after an epoch, float16 (5,000, 10); None if the run held none out."""
    return desk().store.held_out_logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=256)
def temperature(run_id: str, epoch: int, _labels: np.ndarray) -> float | None:
    """The temperature fitted to the held-out images' logits and labels (5,000,); None if the run held none out."""
    held_out = held_out_logits(run_id, epoch)
    return None if held_out is None else fit_temperature(held_out, _labels)


@st.cache_resource(show_spinner=False, max_entries=256)
def file_size(run_id: str, epoch: int, name: str) -> int | None:
    """The bytes of a file of the network, of a run that has ended after `epoch`; None if it has no such file."""
    content = desk().store.artifact(run_id, name)
    return None if content is None else len(content)


@st.cache_resource(show_spinner=False, max_entries=32)
def classifier(run_id: str, epoch: int) -> Classifier:
    """The network of a finished epoch, ready to answer. Raises UnknownRun."""
    return Classifier(weights(run_id, epoch))


@st.cache_resource(show_spinner=False, max_entries=32)
def weights(run_id: str, epoch: int) -> dict[str, np.ndarray]:
    """The network of a finished epoch as float32 arrays, shaped as in `WEIGHT_SHAPES`. Raises UnknownRun."""
    return desk().store.weights(run_id, epoch)


def computed(run_id: str, name: ComputationName, epoch: int) -> dict[str, np.ndarray] | None:
    """What a worker has computed of a run's network after its last `epoch`; None until it has."""
    computation = desk().store.computations.state(run_id, name)
    return _content(run_id, name, epoch) if computation and computation.status == "done" else None


@st.cache_resource(show_spinner=False, max_entries=6)
def _content(run_id: str, name: ComputationName, epoch: int) -> dict[str, np.ndarray] | None:
    content = desk().store.computations.result(run_id, name)
    # Numbers as float32: to widen 60,000 float16 embeddings takes longer than to compare them.
    wide = {np.dtype(np.float16): np.float32}
    return content and {name: array.astype(wide.get(array.dtype, array.dtype)) for name, array in content.items()}
