"""What all sessions of the server share besides the data set: the desk, networks ready to answer."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist.analysis.calibration import fit_temperature
from fmnist.inference.classifier import Classifier
from fmnist.runs.attendant import Attendant
from fmnist.runs.desk import Desk
from fmnist.runs.export import Format, network_file
from fmnist.runs.record import ComputationName
from fmnist.system import hardware
from ui.server.connection import store_connection
from ui.server.singleton import Singleton


@Singleton
def this_machine() -> dict[str, Any]:
    """What this machine is, as the runs that were trained on it say."""
    return hardware.describe()


def desk() -> Desk:
    """The desk of this server's store. Raises StoreUnavailable."""
    return store_connection().desk


def attendant() -> Attendant:
    """The thread that beats for this server and sees that a worker trains what waits. Raises StoreUnavailable."""
    return store_connection().attendant


@st.cache_resource(show_spinner=False, max_entries=256)
def logits(run_id: str, epoch: int) -> np.ndarray:
    """The test set's logits after an epoch, `rounded`, (10,000, 10), read-only. Raises UnknownRun."""
    return desk().store.logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=64)
def held_out_logits(run_id: str, epoch: int) -> np.ndarray | None:
    """The held-out images' logits after an epoch, `rounded`, (5,000, 10); None if the run held none out."""
    return desk().store.held_out_logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=256)
def temperature(run_id: str, epoch: int, _labels: np.ndarray) -> float | None:
    """The temperature fitted to the held-out images' logits and labels (5,000,); None if the run held none out."""
    held_out = held_out_logits(run_id, epoch)
    return None if held_out is None else fit_temperature(held_out, _labels)


@st.cache_resource(show_spinner=False, max_entries=256)
def file_size(run_id: str, epoch: int, file_format: Format) -> int:
    """The bytes of a file of the network after an epoch. Raises UnknownRun."""
    return len(network_file(file_format, weights(run_id, epoch)))


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
