"""The record of a run: its settings, its machine, its metrics by epoch, its determinism."""

import csv
import io
from dataclasses import astuple, fields, replace
from functools import partial

import streamlit as st

from fmnist.recipe import NAMED, Recipe
from fmnist.runs.record import Origin, Run
from fmnist.system.determinism import IMAGES
from fmnist.types import EpochMetrics
from ui.i18n.settings import environment, settings
from ui.i18n.text import _, duration, fixed, moment, number, percent
from ui.widgets.job import draw_job


def draw_facts(run: Run) -> None:
    """Draw the submission of a run, its settings and its duration."""
    _table(
        {
            _("Submitted"): moment(run.created_at),
            _("Origin"): _origins()[run.origin],
            **settings(run),
            _("Training time"): duration(run.seconds) if run.epochs else "–",
            _("Time per epoch"): _("{seconds} s", seconds=fixed(run.seconds / len(run.epochs), 1))
            if run.epochs
            else "–",
        }
    )


def _origins() -> dict[Origin, str]:
    return {"page": _("the page"), "terminal": _("a terminal"), "project": _("included in the project")}


def draw_environment(run: Run) -> None:
    """Draw the machine and the packages that trained it last."""
    if run.environment:
        _table(environment(run))
    else:
        st.caption(_("No worker has started the run."))


def draw_epochs(run: Run) -> None:
    """Draw the metrics of each finished epoch, and their download as CSV with all digits."""
    columns = {
        _("Epoch"): [epoch.epoch for epoch in run.epochs],
        _("Loss"): [fixed(epoch.loss, 4) for epoch in run.epochs],
        _("Accuracy"): [percent(epoch.accuracy, 2) for epoch in run.epochs],
        _("Validation loss"): [fixed(epoch.val_loss, 4) for epoch in run.epochs],
        _("Validation accuracy"): [percent(epoch.val_accuracy, 2) for epoch in run.epochs],
        _("Test accuracy"): [percent(epoch.test_accuracy, 2) for epoch in run.epochs],
        _("Seconds"): [fixed(epoch.seconds, 1) for epoch in run.epochs],
    }
    st.dataframe(columns, hide_index=True, key="epochs_of_run", row_height=35)
    st.download_button(
        _("Epochs as CSV"), partial(epochs_as_csv, run.epochs), f"run-{run.number}.csv", "text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def epochs_as_csv(epochs: tuple[EpochMetrics, ...]) -> str:
    """Return the metrics of finished epochs as CSV, with all digits."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(field.name for field in fields(EpochMetrics))
    writer.writerows(map(astuple, epochs))
    return text.getvalue()


def commands(run: Run) -> list[str]:
    """Return the commands that train the same network again, one a learning rate that was chosen later.

    A stopped run is trained to its last finished epoch.
    """
    last = run.target_epochs if run.active or not run.epochs else len(run.epochs)
    changes = sorted(epoch for epoch in run.learning_rates if epoch <= last)
    ends = [*(epoch - 1 for epoch in changes), last]
    recipe = replace(run.recipe, epochs=ends[0])
    if recipe.name in NAMED:
        options = {"recipe": recipe.name, "seed": recipe.seed}
    else:
        options = {field.name.replace("_", "-"): getattr(recipe, field.name) for field in fields(Recipe)}
    first = " ".join(["python -m fmnist train", *(f"--{name} {value}" for name, value in options.items())])
    return [first, *(
        f"python -m fmnist resume RUN --more {end - epoch + 1} --learning-rate {run.learning_rates[epoch]}"
        for epoch, end in zip(changes, ends[1:], strict=True)
    )]  # fmt: skip


def draw_commands(run: Run) -> None:
    """Draw the commands that train the same network in a terminal."""
    lines = commands(run)
    st.caption(
        _("This command trains in a terminal with the same settings:")
        if len(lines) == 1
        else _("These commands train in a terminal with the same settings; RUN is the number that the first prints:")
    )
    st.code("\n".join(lines), language="bash", wrap_lines=True)


def draw_determinism(run: Run) -> None:
    """Draw whether the run's seed gives the same network twice, after a request."""
    st.caption(
        _(
            "Does the same seed give the same network? The test trains one epoch of at most {images} images twice "
            "with these settings, each time in a new process, in about half a minute.",
            images=number(IMAGES),
        )
    )
    computed = draw_job(run, "determinism", _("Train twice and compare"))
    if computed is None:
        return
    first, second = (bytes(each).hex() for each in computed["sha256"])
    if first == second:
        st.success(_("Yes: the two networks are the same to the last bit."), icon=":material/check_circle:")
        st.caption(_("The SHA-256 of both networks' weights:"))
        st.code(first, language=None, wrap_lines=True)
    else:
        st.warning(
            _("No: the two networks differ. Floating-point sums in another order differ in their last digits."),
            icon=":material/error:",
        )
        st.caption(_("The SHA-256 of each network's weights:"))
        st.code(f"{first}\n{second}", language=None, wrap_lines=True)


def _table(facts: dict[str, str]) -> None:
    st.table({"name": list(facts), "fact": list(facts.values())}, hide_index=True, hide_header=True)
