"""The polling of the store: a page runs again once a run that it shows has changed."""

from collections.abc import Callable, Container

import streamlit as st

from fmnist.runs.record import Run
from ui.server import resources


def rerun_when_changed(runs: list[Run], followed: Callable[[], Container[str | None]] | None = None) -> None:
    """Rerun the page when a run has started or ended, or when a followed run has finished another epoch.

    `followed` returns the ids of the followed runs; without it, all runs are followed.
    """

    def snapshot(runs: list[Run]) -> dict[str, tuple[object, ...]]:
        wanted = followed() if followed else {run.id for run in runs}
        return {run.id: (*_phase(run), len(run.epochs) if run.id in wanted else 0) for run in runs}

    def poll() -> None:
        if snapshot(resources.shown_runs(run.id for run in runs)) != snapshot(runs):
            st.rerun()

    if any(run.active for run in runs):
        st.fragment(poll, run_every="1s")()


def _phase(run: Run) -> tuple[object, ...]:
    """Return the state that decides on the buttons and the list of runs.

    The claim of a starting run is no change: a rerun of the page would delay its first batches.
    """
    return run.is_starting or run.status, run.stop_requested, run.failure
