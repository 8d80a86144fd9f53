"""Which run answers, and which of its epochs: checked against the address, chosen by the person."""

from collections.abc import Iterable
from typing import NoReturn

import streamlit as st

from fmnist.runs.record import Run
from ui.live import rerun_when_changed
from ui.loading import need_desk
from ui.session import session
from ui.text import _
from ui.widgets import run_name


def need_answering_runs() -> list[Run]:
    """The runs with a finished epoch, the address checked; where there is none, the page says so and ends.

    Draws the page again when a run has finished another epoch.
    """
    runs = need_desk().store.runs()
    rerun_when_changed(runs)
    answering = [run for run in runs if run.epochs]
    if not answering:
        _nothing_answers(runs)
    check_address(answering, without_epochs=runs)
    return answering


def _nothing_answers(runs: list[Run]) -> NoReturn:
    if any(run.active for run in runs):
        st.info(
            _("The network is in its first epoch. It answers as soon as that has ended."), icon=":material/hourglass:"
        )
    else:
        st.info(_("There is no trained network to ask yet."), icon=":material/lightbulb:")
        if st.button(_("Train a network"), type="primary", icon=":material/model_training:"):
            st.switch_page("ui/pages/train.py")
    st.stop()


def check_address(runs: list[Run], without_epochs: Iterable[Run] = ()) -> None:
    """Say that a run or an epoch is asked for that cannot be shown here, and go on with another."""
    state = session()
    by_id = {run.id: run for run in runs}
    if state.run and state.run not in by_id:
        early = next((run for run in without_epochs if run.id == state.run), None)
        if early:
            st.info(_("Run {number} has no finished epoch yet; another one answers.", number=early.number))
        else:
            gone = _("There is no run {run_id}; it may have been deleted. Another one is shown.",
                     run_id=state.run[:40])  # fmt: skip
            st.warning(gone, icon=":material/link_off:")
        state.choose(run=None)
    run = by_id[state.run] if state.run else _preferred(runs)
    if state.epoch and state.epoch > len(run.epochs):
        unknown = _("Run {number} has no finished epoch {epoch}; epoch {newest} answers.", number=run.number,
                    epoch=state.epoch, newest=len(run.epochs))  # fmt: skip
        st.warning(unknown, icon=":material/link_off:")
        state.choose(epoch=None)


def _preferred(runs: list[Run]) -> Run:
    """Unless one is wanted, what trains now, else what waits, else the newest with something to show."""
    return max(runs, key=lambda run: (run.status == "running", run.active, bool(run.epochs), run.number))


def pick_run(runs: list[Run]) -> Run:
    """Choose a run among some."""
    state = session()
    by_id = {run.id: run for run in runs}
    state.run = state.run or _preferred(runs).id
    st.selectbox(_("Run"), list(by_id), format_func=lambda run_id: run_name(by_id[run_id]), **state.bind("run"))
    return by_id[state.run]


def pick_epoch(run: Run) -> int:
    """Choose the finished epoch that answers; the newest one unless another is wanted."""
    state = session()
    newest = len(run.epochs)
    if newest > 1:
        choice = state.bind("epoch")
        st.session_state[choice["key"]] = state.epoch or newest
        st.slider(_("Network after epoch"), 1, newest, **choice)
    if state.epoch == newest:
        state.epoch = None  # stay with the newest when another is finished
    return state.epoch or newest
