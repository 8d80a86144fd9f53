"""The result of a run that has ended, and the ways on."""

from dataclasses import dataclass

from fmnist.data.dataset import SPLIT_SIZES
from fmnist.recipe import LIMITS
from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.text import _, duration, number, percent, plain


@dataclass(frozen=True)
class More:
    """What a run may be trained longer: the epochs that it lacks, else as many again, and the limits."""

    epochs: int
    most: int
    least_rate: float
    most_rate: float


@dataclass(frozen=True)
class Ending:
    """A result in parts, from strong to soft, the cause of a failure, and the names of the ways on."""

    strong: str
    text: str = ""
    soft: str = ""
    cause: str = ""
    ways: tuple[str, ...] = ()
    # What "longer" may be asked for.
    more: More | None = None
    # Whether the first way is the page's primary button.
    primary: bool = True


def ending(run: Run, notebook_seconds: float | None) -> Ending | None:
    """Return the result of a run; None for one that has not ended.

    `notebook_seconds`: the time of the notebook's recipe on this machine, if known.
    """
    if run.active:
        return None
    nothing = degenerate_warning(run, len(run.epochs))
    if run.status == "failed":
        return _failure(run)
    if nothing:
        strong = _("Run {number} learned nothing.", number=run.number)
        return Ending(strong, cause=plain(nothing), ways=("rate", "mistakes"))
    if not run.epochs:
        return Ending(_("Stopped before the first epoch ended; no network is kept."))
    return _success(run, notebook_seconds)


def _failure(run: Run) -> Ending:
    diverged = run.failure is not None and "loss" in run.failure.values
    more = _more(run)
    ways = (*(["try"] if run.epochs else []), *(["rate"] if diverged else []), *(["longer"] if more else []))
    cause = plain(run.failure) if run.failure else ""
    return Ending(_("Run {number} failed.", number=run.number), cause=cause, ways=ways, more=more)


def _success(run: Run, notebook_seconds: float | None) -> Ending:
    more = _more(run)
    ways = ("try", "mistakes", *(["longer"] if more else []))
    accuracy = run.epochs[-1].test_accuracy
    counts = {
        "wrong": number(round((1 - accuracy) * SPLIT_SIZES["test"])),
        "count": number(SPLIT_SIZES["test"]),
    }
    if run.status == "stopped":
        strong = _("Stopped; the network of epoch {epoch} is kept", epoch=len(run.epochs))
        text = _(": {accuracy} of the test images classified correctly.", accuracy=percent(accuracy))
        return Ending(strong, text, ways=ways, more=more)
    strong = _("{accuracy} of the test images classified correctly", accuracy=percent(accuracy))
    if run.origin == "project":  # until the page has a run of its own, Train is the primary button
        text = _(", {wrong} of {count} wrong.", **counts)
        return Ending(strong, text, _("It comes with the project."), ways=ways, primary=False)
    text = _(", {wrong} of {count} wrong, in {time}.", time=duration(run.seconds), **counts)
    soft = "" if notebook_seconds is None or run.recipe.name == "notebook" else _(
        "The notebook takes {time} here.", time=duration(notebook_seconds)
    )  # fmt: skip
    return Ending(strong, text, soft, ways=ways, more=more)


def _more(run: Run) -> More | None:
    done = len(run.epochs)
    most = int(LIMITS["epochs"][1]) - done
    if run.origin == "project" or not done or not most:
        return None
    return More((run.target_epochs - done) or min(done, most), most, *LIMITS["learning_rate"])
