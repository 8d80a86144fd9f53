"""A job on a finished network: its result, its progress, or a button that requests it."""

import numpy as np
import streamlit as st

from fmnist.errors import UnknownRun
from fmnist.runs.record import ComputationName, Failure, Run
from ui.i18n.text import _, explain
from ui.server import resources


def draw_job(run: Run, name: ComputationName, invitation: str) -> dict[str, np.ndarray] | None:
    """Return the result of a job on a run's last network; while there is none, draw its state and return None.

    `invitation` is the label of the button that requests the job.
    """
    if run.active:
        st.info(
            _("Available when the training has ended: it is computed from the finished network."),
            icon=":material/hourglass:",
        )
        return None
    content = resources.job_result(run.id, name, len(run.epochs))
    if content is None:
        _draw_wait(run, name, invitation)
    return content


def _draw_wait(run: Run, name: ComputationName, invitation: str) -> None:
    computation = resources.desk().store.computations.state(run.id, name)
    if computation is None:
        _draw_request_button(run, name, invitation)
    elif computation.failure:
        st.error(explain(computation.failure), icon=":material/error:")
        _draw_request_button(run, name, _("Try again"))
    if computation is not None and computation.status in ("waiting", "running"):
        st.fragment(_follow, run_every="1s")(run.id, name, computation.failure)


def _draw_request_button(run: Run, name: ComputationName, label: str) -> None:
    if st.button(label, icon=":material/play_arrow:", key=f"compute_{name}_{run.id}"):
        resources.desk().request(run.id, name)
        resources.supervisor().retry()
        st.rerun()


def _follow(run_id: str, name: ComputationName, failure: Failure | None) -> None:
    try:
        computation = resources.desk().store.computations.state(run_id, name)
    except UnknownRun:  # deleted in another tab; the page shows a message
        st.rerun()
    if computation is None or computation.status not in ("waiting", "running") or computation.failure != failure:
        st.rerun()
    text = _("Queued") if computation.status == "waiting" else _("Computing, once for this network")
    st.progress(computation.progress, text=text)
