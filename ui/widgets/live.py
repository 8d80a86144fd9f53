"""The live view of a run: fragments poll the store, and redraw only after a change."""

from collections.abc import Callable, Container
from functools import wraps
from threading import Lock

import streamlit as st

from fmnist.errors import UnknownRun
from fmnist.runs.record import Run
from ui.charts.accuracy import accuracy_chart, pick_x_axis
from ui.i18n.text import _, explain, fixed, percent
from ui.server import resources
from ui.state.fields import XAxis
from ui.state.session import session
from ui.widgets.status import draw_degenerate_warnings, progress_bar, status_line

# A drawing is Python, of which one thread runs at a time. With thirty drawings at the same time, the switches between
# threads cost more than the drawings, and delay the one thread that sends them.
_drawing = Lock()


def serialized(draw: Callable[[], None]) -> Callable[[], None]:
    """Return the drawing, run by one thread at a time."""

    @wraps(draw)
    def drawn() -> None:
        with _drawing:
            draw()

    return drawn


def rerun_when_changed(runs: list[Run], followed: Callable[[], Container[str | None]] | None = None) -> None:
    """Rerun the page when a run has started or ended, or when a followed run has finished another epoch.

    `followed` returns the ids of the followed runs; without it, all runs are followed.
    """

    def snapshot(runs: list[Run]) -> dict[str, tuple[object, ...]]:
        wanted = followed() if followed else {run.id for run in runs}
        return {run.id: (*_phase(run), len(run.epochs) if run.id in wanted else 0) for run in runs}

    @serialized
    def poll() -> None:
        if snapshot(resources.desk().store.runs()) != snapshot(runs):
            st.rerun()

    if any(run.active for run in runs):
        st.fragment(poll, run_every="1s")()


def draw_run(run: Run, others: list[Run]) -> None:
    """Draw a run's status, metrics and curves; live while it is active."""

    x_axis = pick_x_axis() if others else "epochs"

    @serialized
    def draw() -> None:
        try:
            now = resources.desk().store.run(run.id)
        except UnknownRun as error:  # deleted in another tab
            st.warning(explain(error))
            st.rerun()
        _draw(now, others, x_axis)
        if _phase(now) != _phase(run):
            st.rerun()

    # Only a full script run sets a timer, so there is one only while the run is active.
    st.fragment(draw, run_every=_polling_interval(run))()


def _phase(run: Run) -> tuple[object, ...]:
    """Return the state that decides on the buttons, the timer and the list of runs.

    The claim of a starting run is no change: a rerun of the page would delay its first batches.
    """
    return run.is_starting or run.status, run.stop_requested, run.failure


def _polling_interval(run: Run) -> str | None:
    """Return the interval of polling: short before the first batches, which a ready worker trains in less."""
    if not run.active:
        return None
    return "150ms" if run.is_starting and not run.failure else "500ms"


def _draw(run: Run, others: list[Run], x_axis: XAxis) -> None:
    st.markdown(status_line(run))
    if run.failure and not run.active:  # the failure of a queued run is drawn with a button to retry
        st.error(explain(run.failure))
    draw_degenerate_warnings((run, len(run.epochs)))
    if run.active:
        progress_bar(run)
    if run.active or run.epochs:
        _draw_metrics(run)
        session().curves = accuracy_chart([run, *others], key=f"accuracy_{run.id}_{x_axis}", x_axis=x_axis)


def _draw_metrics(run: Run) -> None:
    last, progress = run.last_epoch, run.progress
    accuracy = progress.accuracy if progress else last.accuracy if last else None
    loss = progress.loss if progress else last.loss if last else None
    metrics = (
        (_("Accuracy"), percent(accuracy, 2) if accuracy is not None else "–",
         _("The share of this epoch's training images classified correctly.")),
        (_("Loss"), fixed(loss, 4) if loss is not None else "–",
         _("Cross-entropy on the training images: the lower, the better.")),
        (_("Validation accuracy"), percent(last.val_accuracy, 2) if last else "–",
         _("After the last finished epoch, on the validation set, which is not trained on.")),
        (_("Test accuracy"), percent(last.test_accuracy, 2) if last else "–",
         _("After the last finished epoch, on the 10,000 test images.")),
    )  # fmt: skip
    with st.container(horizontal=True):
        for label, value, meaning in metrics:
            st.metric(label, value, help=meaning)
