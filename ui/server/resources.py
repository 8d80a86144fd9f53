"""The caches that all sessions of the server share: logits, weights and classifiers by run and epoch."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import streamlit as st

from fmnist.analysis.calibration import fit_temperature
from fmnist.inference.classifier import Classifier
from fmnist.pretrained import network as pretrained
from fmnist.runs.export import Format, network_file
from fmnist.runs.record import JobName, Run
from fmnist.runs.store import Store
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.system import hardware
from ui.server.connection import store_connection
from ui.server.deletions import deletions
from ui.server.singleton import Singleton

NEWEST = 50


@Singleton
def this_machine() -> dict[str, Any]:
    """Return the description of this machine, as in the environment of a run."""
    return hardware.describe()


@Singleton
def included_logits() -> np.ndarray:
    """Return the test set's logits of the included network after its last epoch, float16 (10,000, 10)."""
    return pretrained.read().kept[-1].test_logits


def store() -> Store:
    """Return this server's run store. Raises StoreUnavailable."""
    return store_connection().store


def shown_runs(chosen: Iterable[str | None]) -> list[Run]:
    """Return the newest runs, the included one, what trains, and the chosen ones by their ids. Raises StoreUnavailable.

    A page costs the same with ten and with ten thousand stored runs.
    """
    pending = deletions().pending
    return [run for run in store().runs(NEWEST, also=filter(None, chosen)) if run.id not in pending]


def supervisor() -> WorkerSupervisor:
    """Return the thread that supervises the worker of this server. Raises StoreUnavailable."""
    return store_connection().supervisor


@st.cache_resource(show_spinner=False, max_entries=256)
def logits(run_id: str, epoch: int) -> np.ndarray:
    """Return the test set's logits after an epoch, `rounded`, (10,000, 10), read-only. Raises UnknownRun."""
    return store().logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=64)
def held_out_logits(run_id: str, epoch: int) -> np.ndarray | None:
    """Return the held-out images' logits after an epoch, `rounded`, (5,000, 10); None if the run held none out."""
    return store().held_out_logits(run_id, epoch)


@st.cache_resource(show_spinner=False, max_entries=256)
def temperature(run_id: str, epoch: int, _labels: np.ndarray) -> float | None:
    """Return the temperature fitted to the held-out logits and labels (5,000,); None if the run held none out."""
    held_out = held_out_logits(run_id, epoch)
    return None if held_out is None else fit_temperature(held_out, _labels)


@st.cache_resource(show_spinner=False, max_entries=256)
def file_size(run_id: str, epoch: int, file_format: Format) -> int:
    """Return the size of a file of the network after an epoch, in bytes. Raises UnknownRun."""
    return len(network_file(file_format, weights(run_id, epoch)))


@st.cache_resource(show_spinner=False, max_entries=32)
def classifier(run_id: str, epoch: int) -> Classifier:
    """Return the classifier of a finished epoch. Raises UnknownRun."""
    return Classifier(weights(run_id, epoch))


@st.cache_resource(show_spinner=False, max_entries=32)
def weights(run_id: str, epoch: int) -> dict[str, np.ndarray]:
    """Return the weights of a finished epoch, float32, shaped as in `WEIGHT_SHAPES`. Raises UnknownRun."""
    return store().weights(run_id, epoch)


def job_result(run_id: str, name: JobName, epoch: int) -> dict[str, np.ndarray] | None:
    """Return the result of a job on a run's network after its last `epoch`; None until the job is done."""
    job = store().jobs.state(run_id, name)
    return _result(run_id, name, epoch) if job and job.status == "succeeded" else None


@st.cache_resource(show_spinner=False, max_entries=6)
def _result(run_id: str, name: JobName, epoch: int) -> dict[str, np.ndarray] | None:
    content = store().jobs.result(run_id, name)
    # float32, once: widening 60,000 float16 embeddings takes longer than comparing them.
    wide = {np.dtype(np.float16): np.float32}
    return content and {name: array.astype(wide.get(array.dtype, array.dtype)) for name, array in content.items()}
