"""The status of a run, its progress, and the warning about a network that learned nothing."""

import streamlit as st

from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.text import _, duration, explain, ngettext, number


def draw_degenerate_warnings(*networks: tuple[Run, int]) -> None:
    """Draw a warning with the likely cause for each network, a run and an epoch, that learned nothing."""
    with st.container():  # with or without a warning, so that later elements keep their positions
        for run, epoch in networks:
            warning = degenerate_warning(run, epoch)
            if warning:
                st.warning(explain(warning), icon=":material/school:")


def status_line(run: Run) -> str:
    """Return the status of a run as a sentence with an icon."""
    match run.status:
        case "queued" if run.queue_position:
            ahead = ngettext("{count} run is ahead of it.", "{count} runs are ahead of it.", run.queue_position)
            return ":material/schedule: " + _("Run {number} is queued.", number=run.number) + " " + ahead
        case "queued" if run.failure:
            return ":material/error: " + _("Run {number} is waiting for a worker.", number=run.number)
        case "queued":
            return ":material/schedule: " + _("Run {number} is next; the worker is starting.", number=run.number)
        case "running" if run.stop_requested:
            return ":material/stop_circle: " + _("Run {number} is stopping.", number=run.number)
        case "running":
            return ":material/model_training: " + _("Run {number} is training.", number=run.number)
        case "succeeded" if run.origin == "project":
            return ":material/check_circle: " + _(
                "Run {number} is included in the project: its network was trained for {time}, on another machine.",
                number=run.number, time=duration(run.seconds),
            )  # fmt: skip
        case "succeeded":
            done = _("Run {number} succeeded, after {time} of training.", number=run.number, time=duration(run.seconds))
            return ":material/check_circle: " + done
        case "stopped" if run.epochs:
            kept = _("Run {number} was stopped; the network of epoch {epoch} is kept.", number=run.number,
                     epoch=len(run.epochs))  # fmt: skip
            return ":material/stop_circle: " + kept
        case "stopped":
            return ":material/stop_circle: " + _(
                "Run {number} was stopped before its first epoch ended.", number=run.number
            )
        case "failed":
            return ":material/error: " + _("Run {number} failed.", number=run.number)


def progress_bar(run: Run) -> None:
    """Draw the progress of the run and of its present epoch."""
    progress = run.progress
    if progress is None:
        st.progress(len(run.epochs) / run.target_epochs, text=_("Queued") if run.status == "queued" else _("Starting"))
        return
    done = (progress.epoch - 1 + progress.batch / progress.batches) / run.target_epochs
    text = _(
        "Epoch {epoch} of {epochs} · batch {batch} of {batches} · {speed} images per second · about {left} left",
        epoch=progress.epoch,
        epochs=run.target_epochs,
        batch=number(progress.batch),
        batches=number(progress.batches),
        speed=number(progress.images_per_second),
        left=duration(run.seconds_left or 0),
    )
    st.progress(min(done, 1.0), text=text)
