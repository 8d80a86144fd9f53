"""The inputs of a visitor's own picture: a drawing or a photograph."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.data.dataset import Split
from fmnist.runs.record import Run
from ui.components.network.network import drawing_pad
from ui.components.photo.photo import take_picture
from ui.i18n.text import _
from ui.state.session import session
from ui.views.prediction.examples import draw_examples


def drawing_input(run: Run, epoch: int) -> DeltaGenerator:
    """Draw the pad of a drawing; return the container of its prediction."""
    drawing_pad(run.id, epoch, key="drawing")
    st.caption(
        _(
            "The bars follow every stroke: your browser computes the prediction itself, without a request to the "
            "server. Shoes point to the left. The drawing is in the address of this page."
        )
    )
    return st.container()


def photo_input(train: Split) -> DeltaGenerator:
    """Draw the input of a photograph; return the column of its prediction, with examples before the first one."""
    photo, prediction = st.columns([1, 2], gap="large")
    with photo:
        take_picture(key="photo")
        st.caption(
            _(
                "One piece of clothing, all of it, from the front; shoes from the side, the toe to the left. A "
                "plain background helps most. The server stores no photo; the 28 × 28 gray values that are left of "
                "it are in the address of this page, visible to everyone with the link."
            )
        )
    if session().picture is None:
        with prediction:
            draw_examples(train)
    return prediction
