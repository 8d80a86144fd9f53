"""The table of all runs, and the choice of runs in the chart."""

import streamlit as st

from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.names import recipe_name, run_name
from ui.i18n.text import _, duration, moment, percent
from ui.server.resources import NEWEST
from ui.state.fields import MAX_COMPARED
from ui.state.session import session


def compare_runs(runs: list[Run], shown: Run) -> None:
    """Draw the choice of runs in the chart beside `shown`."""
    state = session()
    by_id = {run.id: run for run in runs}
    others = [run.id for run in runs if run.id != shown.id and run.epochs]
    state.compare = tuple(run_id for run_id in state.compare if run_id in others)
    names = {run_id: run_name(by_id[run_id]) for run_id in others}
    # There from the first run on: where the columns stand one above the other, it would push the chart down.
    with st.expander(_("Compare with a run"), icon=":material/compare:"):
        if not others:
            st.caption(_("A second run can be drawn in the same chart, once it has finished an epoch."))
            return
        st.multiselect(
            _("Draw in the same chart"),
            placeholder=_("Choose runs to compare"),
            help=_("{most} at most, so that each has a color of its own.", most=MAX_COMPARED),
            max_selections=MAX_COMPARED,
            # Enter chooses one run, not all that match the text.
            select_all=False,
            **state.bind_options("compare", names),
        )
        if len(state.compare) == MAX_COMPARED and len(others) > MAX_COMPARED:
            st.caption(_("These are {most}, as many as there are colors: remove one to choose another.",
                         most=MAX_COMPARED))  # fmt: skip


def runs_table(runs: list[Run]) -> None:
    """Draw the table."""
    st.header(_("All runs"))
    if len(runs) >= NEWEST:
        st.caption(
            _("The newest {count} runs are listed; `python -m fmnist runs --all` lists every one.", count=NEWEST)
        )
    st.dataframe(_rows(runs), hide_index=True, key="runs", row_height=35)


def _rows(runs: list[Run]) -> dict[str, list[str | int]]:
    status = {
        "queued": _("queued"),
        "running": _("running"),
        "succeeded": _("succeeded"),
        "stopped": _("stopped"),
        "failed": _("failed"),
    }
    return {
        _("Run"): [run.number for run in runs],
        _("Recipe"): [recipe_name(run) for run in runs],
        _("Status"): [_status(run, status[run.status]) for run in runs],
        _("Epochs"): [f"{len(run.epochs)} / {run.target_epochs}" for run in runs],
        _("Validation accuracy"): [percent(run.epochs[-1].val_accuracy, 2) if run.epochs else "–" for run in runs],
        _("Test accuracy"): [percent(run.epochs[-1].test_accuracy, 2) if run.epochs else "–" for run in runs],
        _("Training time"): [duration(run.seconds) if run.epochs else "–" for run in runs],
        _("Submitted"): [moment(run.created_at) for run in runs],
    }


def _status(run: Run, status: str) -> str:
    nothing = degenerate_warning(run, len(run.epochs))
    return _("{status}; learned nothing", status=status) if nothing else status
