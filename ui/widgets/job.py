"""What a worker computes of a finished network: awaited with its progress, asked for where nobody did."""

import numpy as np
import streamlit as st

from fmnist.errors import UnknownRun
from fmnist.runs.record import ComputationName, Failure, Run
from ui.i18n.text import _, explain
from ui.server import resources


def draw_computed(run: Run, name: ComputationName, invitation: str) -> dict[str, np.ndarray] | None:
    """The arrays computed of a run's last network. While there are none, the page says why and offers a way to them.

    `invitation` is written on the button of a run that nothing was computed of.
    """
    if run.active:
        st.info(
            _("This is computed of the finished network: come when the training has ended."),
            icon=":material/hourglass:",
        )
        return None
    content = resources.computed(run.id, name, len(run.epochs))
    if content is None:
        _draw_wait(run, name, invitation)
    return content


def _draw_wait(run: Run, name: ComputationName, invitation: str) -> None:
    computation = resources.desk().store.computations.state(run.id, name)
    if computation is None:
        _ask_by_button(run, name, invitation)
    elif computation.failure:
        st.error(explain(computation.failure), icon=":material/error:")
        _ask_by_button(run, name, _("Try again"))
    if computation is not None and computation.status in ("waiting", "running"):
        st.fragment(_follow, run_every="1s")(run.id, name, computation.failure)


def _ask_by_button(run: Run, name: ComputationName, label: str) -> None:
    if st.button(label, icon=":material/play_arrow:", key=f"compute_{name}_{run.id}"):
        resources.desk().request(run.id, name)
        resources.attendant().retry()
        st.rerun()


def _follow(run_id: str, name: ComputationName, failure: Failure | None) -> None:
    try:
        computation = resources.desk().store.computations.state(run_id, name)
    except UnknownRun:  # deleted in another tab, which the page says
        st.rerun()
    if computation is None or computation.status not in ("waiting", "running") or computation.failure != failure:
        st.rerun()
    text = _("Waiting") if computation.status == "waiting" else _("Being computed, once for this network")
    st.progress(computation.progress, text=text)
