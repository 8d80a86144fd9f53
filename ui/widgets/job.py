"""A job on a finished network: its result, its progress, or a button that requests it."""

import numpy as np
import streamlit as st

from fmnist.errors import UnknownRun
from fmnist.runs.record import Failure, JobName, Run
from ui.i18n.text import _, explain
from ui.server import resources


def draw_job(run: Run, name: JobName, invitation: str) -> dict[str, np.ndarray] | None:
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


def _draw_wait(run: Run, name: JobName, invitation: str) -> None:
    job = resources.store().jobs.state(run.id, name)
    if job is None:
        _draw_request_button(run, name, invitation)
    elif job.failure:
        st.error(explain(job.failure), icon=":material/error:")
        _draw_request_button(run, name, _("Try again"))
    if job is not None and job.active:
        st.fragment(_follow, run_every="1s")(run.id, name, job.failure)


def _draw_request_button(run: Run, name: JobName, label: str) -> None:
    if st.button(label, icon=":material/play_arrow:", key=f"compute_{name}_{run.id}"):
        resources.store().jobs.request(run.id, name)
        resources.supervisor().retry()
        st.rerun()


def _follow(run_id: str, name: JobName, failure: Failure | None) -> None:
    try:
        job = resources.store().jobs.state(run_id, name)
    except UnknownRun:  # deleted in another tab; the page shows a message
        st.rerun()
    if job is None or not job.active or job.failure != failure:
        st.rerun()
    text = _("Queued") if job.status == "queued" else _("Computing, once for this network")
    st.progress(job.progress, text=text)
