"""The ways from Start into the other pages."""

import streamlit as st

from fmnist.recipe import FAST
from fmnist.runs.estimate import estimate
from fmnist.runs.record import Run
from ui.i18n.text import _, duration
from ui.server import resources
from ui.state.fields import Source
from ui.state.session import session
from ui.widgets.guards import blocking_error, require_runs
from ui.widgets.training import start_training


def draw_ways() -> None:
    """Draw the buttons: train a network, draw, a photo, the data; below them what the network and the images are."""
    runs = require_runs()
    with st.container(key="ways"):
        with st.container(key="train_way"):
            _draw_train(runs)
        _draw_picture(_("Draw something"), "draw", "draw")
        _draw_picture(_("Your own photo"), "photo_camera", "photo")
        if st.button(_("See the data"), icon=":material/grid_view:", width="stretch"):
            st.switch_page("ui/pages/data.py")
        st.caption(
            _("The network is a program that has learned from 55,000 images like this one. This one it has never seen.")
        )
        st.caption(
            _(
                "They are real photos from an online shop, shrunk to 28 × 28 squares of gray. The collection is called "
                "Fashion-MNIST."
            )
        )


def _draw_train(runs: list[Run]) -> None:
    state = session()
    own = next((run for run in runs if run.id == state.trained), None)
    seconds = estimate(FAST, runs, resources.this_machine()).seconds
    text = _("It starts knowing nothing, and learns while you watch.")
    if own and own.active:
        label = _("See your network learn")
    elif seconds is None:
        label = _("Train your own")
        text += " " + _("How long it takes here is known after the first time.")
    else:
        label = _("Train your own (about {time})", time=duration(seconds))
    # A key for each submission: Streamlit drops a second click.
    if st.button(label, type="primary", width="stretch", key=f"train_{len(state.submitted)}"):
        if own and own.active:
            state.choose(run=own.id)
        elif not blocking_error(runs):  # Train explains it
            st.session_state["recipe"] = FAST.name
            start_training(FAST, runs)
        st.switch_page("ui/pages/train.py")
    st.caption(text)


def _draw_picture(label: str, icon: str, source: Source) -> None:
    if st.button(label, icon=f":material/{icon}:", width="stretch"):
        session().choose(source=source)
        st.switch_page("ui/pages/predict.py")
