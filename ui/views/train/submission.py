"""The button that trains a recipe, and the seed of its run."""

import streamlit as st

from fmnist.recipe import LIMITS, Recipe
from fmnist.runs.record import Run
from ui.components.focus.focus import keep_focus
from ui.i18n.text import _, ngettext
from ui.state.session import session
from ui.widgets.guards import blocking_error, draw_blocking_error
from ui.widgets.training import start_training


def draw_submission(recipe: Recipe, runs: list[Run], shown: Run) -> None:
    """Draw the button that submits a run of the recipe, a note in a room of its own, and the choice of the seed."""
    room = st.container(key="submission")
    seed = _pick_seed(runs, shown)
    error = blocking_error(runs)
    active = next((run for run in reversed(runs) if run.active), None)  # the first of those that wait, if none trains
    active = next((run for run in runs if run.status == "running"), active)
    own = session().submitted
    label = _("Train another after this one") if active else _("Train a new one") if own else _("Train")
    # The run in view has a button of its own: Stop, or a way on.
    goes_on = shown.active or (shown.origin != "project" and (shown.epochs or shown.failure))
    with room:
        # A key for each submission: Streamlit drops a second click before the next drawing, as its button no longer
        # exists.
        pressed = st.button(
            label, type="secondary" if goes_on else "primary", icon=None if active else ":material/play_arrow:",
            width="stretch", key=f"train_{len(session().submitted)}", disabled=error is not None,
        )  # fmt: skip
        if pressed and not error:  # a client can press a disabled button
            start_training(recipe, runs, seed)
            st.rerun()
        keep_focus("train_")
        with st.container(key="submission_note"):
            if error:
                draw_blocking_error(error)
            else:
                waiting = sum(run.status == "queued" for run in runs if run is not active)
                st.caption(_note(active, waiting, seed))


def _note(active: Run | None, waiting: int, seed: int | None) -> str:
    if active and waiting:
        return ngettext(
            "Run {number} goes on; {count} run waits for it.",
            "Run {number} goes on; {count} runs wait for it.",
            waiting,
            number=active.number,
        )
    if active:
        return _("Run {number} goes on; the next one waits for it.", number=active.number)
    if seed is not None:
        return _("Seed {seed} each time: the same start, the same network.", seed=seed)
    return _("A new seed each time: another start, another network.")


def _pick_seed(runs: list[Run], shown: Run) -> int | None:
    """Draw the choice of the next run's seed; return None where it is drawn at random."""
    with st.expander(_("Seed {seed}", seed=shown.recipe.seed), icon=":material/casino:"):
        st.caption(
            _(
                "Run {number} was started with seed {seed}. It sets the initial weights and the order of the images.",
                number=shown.number,
                seed=shown.recipe.seed,
            )
        )
        least, most = (int(limit) for limit in LIMITS["seed"])
        seed = st.number_input(
            _("Seed of the next run"), least, most, None, placeholder=_("a new one each time"), key="typed_seed",
            persist_state="session",
        )  # fmt: skip
        # The run's id in the key, and a key for each submission: a second click is no second run.
        again = st.button(
            _("Train run {number} again", number=shown.number), icon=":material/replay:", width="stretch",
            key=f"again_{shown.id}_{len(session().submitted)}", disabled=blocking_error(runs) is not None,
            help=_("With its recipe and its seed: the same network again."),
        )  # fmt: skip
        if again and not blocking_error(runs):
            start_training(shown.recipe, runs, shown.recipe.seed)
            st.rerun()
    return seed
