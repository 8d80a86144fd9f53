"""The page below its title as one component: the browser predicts, and tells the server when the hand rests."""

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from fmnist.data.dataset import SPLIT_SIZES
from fmnist.runs.record import Run
from ui.api import checkpoints, modules, samples
from ui.components.declaration import declare
from ui.components.network.photo import photo_state, take_photo
from ui.components.network.words import words
from ui.i18n.names import run_name
from ui.state.address import parameter_defaults
from ui.state.session import session

# The modules import each other, which scripts inside Streamlit's messages cannot.
_SCRIPT = """
export default function (component) {
  const page = import(new URL(component.data.module, document.baseURI)).then(({ mount }) => mount(component))
  page.catch(() => { component.parentElement.querySelector(".note").textContent = component.data.words.notes.refused })
  return () => page.then((close) => close(), () => {})
}
"""
_component = declare(__file__, js=_SCRIPT)

# The fields of the session that the component sets.
FIELDS = ("run", "epoch", "source", "index", "picture", "predict_view", "layer", "explained_class")


# Training images as base64 of their bytes, their indices, captions, descriptions, and a sentence on all of them.
Similar = dict[str, str | list[int] | list[str]]


@dataclass(frozen=True)
class Answer:
    """An image uint8 (28, 28), its label, if known, and its logits (10,) by the server."""

    image: np.ndarray
    label: int | None
    logits: np.ndarray

    def sent(self) -> dict[str, Any]:
        """Return it as the script reads it."""
        greys = base64.b64encode(self.image.tobytes()).decode()
        return {"greys": greys, "label": self.label, "logits": self.logits.tolist()}


def predict_page(runs: list[Run], run: Run, answer: Answer | None, similar: Similar | None, key: str) -> None:
    """Draw the page for the session's image and a run's epoch; the session follows the hand when it rests.

    Until the browser has images and weights, it shows `answer`; None where there is no image yet.
    """
    state = session()

    def take() -> None:
        sent = st.session_state[key].get("place")
        number, place = read_place(sent)
        st.session_state["place_number"] = number
        # Not what the hand did before another source was chosen.
        if place and sent.get("from", state.source) == state.source:
            state.choose(**place)

    data = {
        "module": modules.address("network/predict/predict.js"),
        "samples": {"address": f"api/samples/{samples.digest()}", "chunk": samples.CHUNK} | SPLIT_SIZES,
        "runs": [(each.id, run_name(each)) for each in runs],
        "run": {
            "id": run.id,
            "active": run.active,
            "included": run.origin == "project",
            "epochs": checkpoints.digests(run),
        },
        "place": {name: getattr(state, name) for name in FIELDS},
        "number": st.session_state.get("place_number", 0),
        "answer": answer and answer.sent(),
        "similar": similar,
        "parameters": {
            "defaults": parameter_defaults("predict"),
            "fixed": {"language": state.language},
        },
        "photo": photo_state(),
        "words": words(),
    }
    _component(
        key=key, data=data, on_place_change=take, on_photo_change=lambda: take_photo(st.session_state[key].get("photo"))
    )


def read_place(sent: Any) -> tuple[int, dict[str, Any]]:
    """Return the number and the fields of the script's message; a client may send anything."""
    values = sent if isinstance(sent, dict) else {}
    number = values.get("number")
    allowed = {name: values[name] for name in FIELDS if name in values and session().allows(name, values[name])}
    return (number if type(number) is int else 0), allowed
