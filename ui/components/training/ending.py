"""The result of a run that has ended, and the ways on."""

from dataclasses import dataclass

from fmnist.data.dataset import SPLIT_SIZES
from fmnist.recipe import LIMITS
from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.text import _, duration, number, percent, plain


@dataclass(frozen=True)
class Ending:
    """A result in parts, from strong to soft, the cause of a failure, and the names of the ways on."""

    strong: str
    text: str = ""
    soft: str = ""
    cause: str = ""
    ways: tuple[str, ...] = ()
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
        strong = _("Run {number} failed.", number=run.number)
        diverged = run.failure is not None and "loss" in run.failure.values
        ways = (*(["try"] if run.epochs else []), *(["rate"] if diverged else []))
        return Ending(strong, cause=plain(run.failure) if run.failure else "", ways=ways)
    if nothing:
        strong = _("Run {number} learned nothing.", number=run.number)
        return Ending(strong, cause=plain(nothing), ways=("rate", "mistakes"))
    if not run.epochs:
        return Ending(_("Stopped before the first epoch ended; no network is kept."))
    return _success(run, notebook_seconds)


def _success(run: Run, notebook_seconds: float | None) -> Ending:
    accuracy = run.epochs[-1].test_accuracy
    counts = {
        "wrong": number(round((1 - accuracy) * SPLIT_SIZES["test"])),
        "count": number(SPLIT_SIZES["test"]),
    }
    if run.status == "stopped":
        strong = _("Stopped; the network of epoch {epoch} is kept", epoch=len(run.epochs))
        text = _(": {accuracy} of the test images classified correctly.", accuracy=percent(accuracy))
        return Ending(strong, text, ways=_ways(run))
    strong = _("{accuracy} of the test images classified correctly", accuracy=percent(accuracy))
    if run.origin == "project":  # until the page has a run of its own, Train is the primary button
        text = _(", {wrong} of {count} wrong.", **counts)
        return Ending(strong, text, _("It comes with the project."), ways=_ways(run), primary=False)
    text = _(", {wrong} of {count} wrong, in {time}.", time=duration(run.seconds), **counts)
    if notebook_seconds is None or run.recipe.name == "notebook":
        return Ending(strong, text, ways=_ways(run))
    soft = _("The notebook takes {time} here.", time=duration(notebook_seconds))
    return Ending(strong, text, soft, ways=_ways(run))


def _ways(run: Run) -> tuple[str, ...]:
    return ("try", "mistakes", *(["longer"] if run.origin != "project" and more_epochs(run) else []))


def more_epochs(run: Run) -> int:
    """Return how many epochs the run is trained longer: those that it lacks, else as many again, 0 at the limit."""
    done = len(run.epochs)
    return (run.target_epochs - done) or min(done, int(LIMITS["epochs"][1]) - done)
