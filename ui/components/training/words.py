"""The texts of the live block in the tab's language."""

from fmnist.data.dataset import SPLIT_SIZES
from fmnist.recipe import HELD_OUT_IMAGES, Recipe
from ui.i18n.text import _, number


def words(recipe: Recipe) -> dict[str, dict[str, str]]:
    """Return every text of the block for a run of a recipe; those in braces are filled by the script."""
    return {"status": _status(), "chart": _chart(recipe), "filters": _filters(), "watched": _watched(),
            "replay": _replay(), "units": _units()}  # fmt: skip


def _status() -> dict[str, str]:
    return {
        "stop": _("Stop"),
        "try": _("Try it"),
        "mistakes": _("See its mistakes"),
        "longer": _("Train longer"),
        "rate": _("Change the learning rate"),
        "more": _("More epochs"),
        "learning_rate": _("Learning rate"),
        "as_before": _("as before"),
        "rate_meaning": _("That of the further epochs, which keep it to their end."),
        "cancel": _("Cancel"),
        "epoch": _("epoch {epoch} of {epochs}"),
        "left": _("about {time} left"),
        "about": _("about {time}"),
        "waits_one": _("waits; 1 run is before it"),
        "waits_many": _("waits; {count} runs are before it"),
        "starting": _("starting"),
        "starting_tensorflow": _("starting TensorFlow"),
        "starting_time": _("a few seconds"),
        "stopping": _("stopping"),
        "started": _("Run {number} trains."),
    }


def _chart(recipe: Recipe) -> dict[str, str]:
    held_out = recipe.validation == "held_out"
    return {
        "accuracy": _("Accuracy"),
        "accuracy_meaning": _("the share classified correctly"),
        "axis": _("Range of the accuracy axis"),
        "whole": "0–100%",
        "zoom": _("Zoom"),
        "training": _("training"),
        "validation": _("validation"),
        "test": _("Test").lower(),  # "test" is a word of sentences, translated with its preposition
        "training_meaning": _("training: the images that it learns from"),
        "validation_meaning": (
            _("validation: {count} others, each epoch", count=number(HELD_OUT_IMAGES))
            if held_out
            else _("validation: the test images, each epoch")
        ),
        "test_meaning": _("test: {count} more, only to report", count=number(SPLIT_SIZES["test"])),
        "below": _("Training is the mean of a whole epoch: early, it can lie below validation."),
        "overfits": _("From here the network overfits: validation loss rises."),
        "usual": _("usually {accuracy}"),
        "guessing": _("guessing: 10%"),
        "tick": _("epoch {epoch}"),
        "no_curve": _("The curve of the accuracy begins with the first batches."),
        "curve": _("The accuracy of the training images is {training}."),
        "spoken_epoch": _("After epoch {epoch}: {validation} in validation, {test} of the test images."),
        "exact_point": _("after {epochs} epochs\ntraining {training}"),
        "exact_epoch": _("after epoch {epoch}\ntraining {training}\nvalidation {validation}\ntest {test}"),
    }


def _filters() -> dict[str, str]:
    return {"name": _("32 filters of the first layer"), "meaning": _("blue adds, orange takes away")}


def _watched() -> dict[str, str]:
    """Asterisks enclose what is emphasized."""
    return {
        "before": _("Twenty test images that it does not train on. What does it take them for?"),
        "now": _(
            "Of 100 *{best}*, {best_right} are right already; of 100 *{worst}*, {worst_right}: the others are most "
            "often called {taken}."
        ),
        "end": _(
            "*{right} of {count} right.* Of 100 {worst}, {worst_right} are; the others are most often called {taken}."
        ),
        "all": _("All validation images are right."),
        "right": _("{true}, {confidence} sure: right. Open it in Predict."),
        "wrong": _("{true}, taken for {name}, {confidence} sure: wrong. Open it in Predict."),
        "unseen": _("{true}. Open it in Predict."),
    }


def _replay() -> dict[str, str]:
    return {
        "again": _("Play again"),
        "pause": _("Pause"),
        "later": _("After the end, the whole training can be played again here."),
        "seconds": _("{seconds} s"),
        "of": _("of"),
    }


def _units() -> dict[str, str]:
    return {
        "seconds": _("{seconds} s"),
        "minute": _("{minutes} min {seconds} s"),
        "minutes": _("{minutes} min"),
        "hours": _("{hours} h {minutes} min"),
    }
