"""What several pages draw: the language switch, names of things, how far a run is."""

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES
from fmnist.layers import LAYERS, PARAMETERS, Layer
from fmnist.recipe import Method
from fmnist.runs.outcome import lesson
from fmnist.runs.record import Run
from ui.session import session
from ui.text import _, duration, explain, language, ngettext, number, percent

LANGUAGES = {"en": "English", "es": "Español"}
# Streamlit writes what is chosen in the colour of the primary button, which is made for the white text on it; on what
# is chosen and under the pointer, it had a contrast of 3.9 to 1.
# Its progress bar glides without a pause, which is a third of what a browser computes to follow a training.
# Its captions are too faint to be read by everybody (contrast 3.9 to 1); these have 5.1 at least.
# Its columns shrink to any width, and cut what is in them; these wrap where one has no room for an image of 280 pixels.
# So do the options of a segmented control, which it cuts.
# A button that has just appeared takes no click yet: the second one of a double click was meant for what stood there.
STYLE = """<style>
[role="radio"][aria-checked="true"], [data-testid="stSliderThumbValue"] {
  color: light-dark(#006099, #56b4e9) !important;
}
[data-testid="stCaptionContainer"] {
  opacity: 0.7 !important;
}
@media (min-width: 640.1px) {
  [data-testid="stColumn"] {
    min-width: min(100%, 17.5rem) !important;
  }
}
[data-testid="stButtonGroup"] [role="radiogroup"] {
  flex-wrap: wrap !important;
}
[data-testid="stProgress"] * {
  transition: none !important;
}
[data-testid="stButton"] button {
  animation: appear 500ms;
}
.st-key-document, .st-key-focus {
  display: none;
}
@keyframes appear {
  from, to { pointer-events: none; }
}
</style>"""


def page_title(title: str) -> None:
    """The page's title, and beside it the switch between English and Spanish."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, width="content")
        st.segmented_control(
            "Language / Idioma",
            label_visibility="collapsed",
            required=True,
            **session().bind_options("language", LANGUAGES, usual=language()),
        )


def complaints() -> None:
    """Say what the address asked for and cannot be had."""
    with st.container():
        for complaint in session().complaints:
            st.warning(explain(complaint), icon=":material/link_off:")


def draw_lessons(*networks: tuple[Run, int]) -> None:
    """Say of every network, a run and an epoch of it, that learned nothing what the likely cause is."""
    with st.container():  # always there, so that nothing below is moved
        for run, epoch in networks:
            told = lesson(run, epoch)
            if told:
                st.warning(explain(told), icon=":material/school:")


def class_name(label: int) -> str:
    """The name of a class in the tab's language."""
    return _(CLASS_NAMES[label])


def class_names() -> list[str]:
    """The names of all ten, in the order of their labels."""
    return [class_name(label) for label in range(len(CLASS_NAMES))]


def recipe_names() -> dict[str, str]:
    """What the recipes are called in the tab's language, by the names that they have in the core."""
    return {"fast": _("Fast"), "notebook": _("Notebook"), "best": _("Best"), "custom": _("Custom")}


def recipe_name(run: Run) -> str:
    """What a run's recipe is called."""
    return recipe_names()[run.recipe.name]


def method_names() -> dict[Method, str]:
    """How a recipe changes the weights, in the tab's language."""
    return {"adam": _("Adam, as in the notebook"), "muon": _("Muon with batch normalisation, as in Fast")}


def run_name(run: Run) -> str:
    """What people call a run: its number, its recipe and how far it came."""
    last = run.last_epoch
    if last is None:
        values = {"number": run.number, "recipe": recipe_name(run)}
        if run.active:
            return _("Run {number} · {recipe} · no finished epoch yet", **values)
        return _("Run {number} · {recipe} · no finished epoch", **values)
    if run.origin == "project":
        return _("Run {number} · {recipe}, included · {accuracy} test accuracy", number=run.number,
                 recipe=recipe_name(run), accuracy=percent(last.test_accuracy))  # fmt: skip
    return ngettext(
        "Run {number} · {recipe} · {count} epoch · {accuracy} test accuracy",
        "Run {number} · {recipe} · {count} epochs · {accuracy} test accuracy",
        last.epoch,
        number=run.number,
        recipe=recipe_name(run),
        accuracy=percent(last.test_accuracy),
    )


def status_line(run: Run) -> str:
    """One sentence with an icon on what the run is doing."""
    match run.status:
        case "queued" if run.runs_ahead:
            ahead = ngettext("{count} run is before it.", "{count} runs are before it.", run.runs_ahead)
            return ":material/schedule: " + _("Run {number} waits.", number=run.number) + " " + ahead
        case "queued" if run.failure:
            return ":material/error: " + _("Run {number} waits for a worker.", number=run.number)
        case "queued":
            return ":material/schedule: " + _("Run {number} is next; the worker is getting ready.", number=run.number)
        case "running" if run.stop_requested:
            return ":material/stop_circle: " + _("Run {number} is stopping.", number=run.number)
        case "running":
            return ":material/model_training: " + _("Run {number} is training.", number=run.number)
        case "succeeded" if run.origin == "project":
            return ":material/check_circle: " + _(
                "Run {number} came with the project: its network was trained for {time}, on another machine.",
                number=run.number, time=duration(run.seconds),
            )  # fmt: skip
        case "succeeded":
            done = _(
                "Run {number} is finished, after {time} of training.", number=run.number, time=duration(run.seconds)
            )
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
    """How far the run is in all, and inside its epoch."""
    progress = run.progress
    if progress is None:
        st.progress(
            len(run.epochs) / run.target_epochs, text=_("Waiting") if run.status == "queued" else _("Getting ready")
        )
        return
    done = (progress.epoch - 1 + progress.batch / progress.batches) / run.target_epochs
    text = _(
        "Epoch {epoch} of {epochs} · batch {batch} of {batches} · {speed} images a second · about {left} left",
        epoch=progress.epoch,
        epochs=run.target_epochs,
        batch=number(progress.batch),
        batches=number(progress.batches),
        speed=number(progress.images_per_second),
        left=duration(run.seconds_left or 0),
    )
    st.progress(min(done, 1.0), text=text)


def layer_name(layer: Layer) -> str:
    """What a layer does, in the tab's language."""
    kinds = {
        "convolution": _("Convolution 3×3"),
        "pooling": _("Max pooling 2×2"),
        "flatten": _("Flatten"),
        "dense": _("Dense"),
    }
    return kinds[layer.kind]


def output_shape(layer: Layer) -> str:
    """The shape of what a layer gives: 26 × 26 × 32."""
    return " × ".join(map(str, layer.output_shape))


def layer_table() -> None:
    """The network, layer by layer."""
    with st.expander(_("The network: {count} parameters", count=number(PARAMETERS)), icon=":material/layers:"):
        st.table(
            {
                _("Layer"): [layer_name(layer) for layer in LAYERS],
                _("Output"): [output_shape(layer) for layer in LAYERS],
                _("Parameters"): [number(layer.parameters) for layer in LAYERS],
            },
            hide_index=True,
        )
        st.caption(
            _(
                "The convolutions find edges and shapes ({base} parameters), the dense layers decide. The last layer "
                "gives ten logits, one a class.",
                base=number(sum(layer.parameters for layer in LAYERS if layer.kind == "convolution")),
            )
        )
