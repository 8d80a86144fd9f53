"""A pad to draw an image on; the browser computes the network's prediction at every stroke."""

import base64
import binascii
from typing import Any

import numpy as np
import streamlit as st

from fmnist.architecture import IMAGE_SHAPE
from fmnist.inference import preprocessing
from ui.api.modules import address
from ui.components.declaration import declare
from ui.i18n.names import class_names
from ui.i18n.text import _
from ui.state.session import session

# The modules import each other, which scripts inside Streamlit's messages cannot.
_SCRIPT = """
export default function (component) {
  import(new URL(component.data.module, document.baseURI)).then(
    ({ mount }) => mount(component),
    () => { component.parentElement.querySelector("output").textContent = component.data.words.failed },
  )
}
"""
_component = declare(__file__, js=_SCRIPT)


def drawing_pad(run_id: str, epoch: int, key: str) -> None:
    """Draw the pad; the session's picture follows the drawing when the hand rests, and is None while it is empty."""
    state = session()

    def take() -> None:
        state.choose(picture=read_drawing(st.session_state[key].greys))

    greys = preprocessing.from_text(state.picture).tobytes() if state.picture else b""
    data = {
        "module": address("pad/drawing.js"),
        "weights": f"api/runs/{run_id}/epochs/{epoch}/weights",
        "greys": base64.b64encode(greys).decode(),
        "words": {
            "names": tuple(class_names()),
            "title": _("Probability (softmax)"),
            "pad": _("Drawing of 28 × 28 gray values. Arrow keys move, the space bar draws, Ctrl+Z undoes."),
            "prediction": _("Predicted class: {name}, {confidence}"),
            "empty": _("Draw a piece of clothing, light on black."),
            "failed": _("The network could not be loaded; the prediction appears below the drawing."),
        },
        "tools": {
            "brush0": _("Small brush"),
            "brush1": _("Medium brush"),
            "brush2": _("Large brush"),
            "draw": _("Draw"),
            "erase": _("Erase"),
            "move": _("Move"),
            "mirror": _("Mirror"),
            "undo": _("Undo"),
            "clear": _("Clear"),
        },
    }
    _component(key=key, data=data, on_greys_change=take)


def read_drawing(sent: Any) -> str | None:
    """Return the script's message, base64 of 28 × 28 greys, as a picture's text; None if invalid or all black."""
    try:
        content = base64.b64decode(str(sent)[:2_000], validate=True)
    except (binascii.Error, ValueError):
        return None
    image = np.frombuffer(content, np.uint8)
    if image.size != np.prod(IMAGE_SHAPE) or not image.any():
        return None
    return preprocessing.to_text(image.reshape(IMAGE_SHAPE[:2]))
