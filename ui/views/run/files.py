"""The downloads of a run's network: three formats, each with the lines of Python that read it."""

from functools import partial

import streamlit as st

from fmnist.runs.export import Format, file_name, network_file
from fmnist.runs.record import Run
from ui.i18n.text import _, number
from ui.server import resources


def draw_files(run: Run) -> None:
    """Draw the downloads of the last finished epoch, each made on request."""
    if not run.epochs:
        st.caption(_("The run has no network yet.") if run.active else _("The run ended without a network."))
        return
    epoch = run.epochs[-1].epoch
    for file_format, purpose in _purposes().items():
        name = file_name(file_format, run.number, epoch)
        size = resources.file_size(run.id, epoch, file_format)
        st.download_button(
            f"{name} ({number(size / 1000)} kB)", partial(_content, run.id, epoch, file_format), name,
            "application/octet-stream", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.caption(purpose)
        with st.expander(_("Read it in Python"), icon=":material/code:"):
            st.code(snippet(file_format, name), language="python", wrap_lines=True)


def snippet(file_format: Format, name: str) -> str:
    """Return five lines of Python that read the file of that name and predict a black image."""
    yours, further = _("your images: 0 black to 1 white"), _("trains it further")
    match file_format:
        case "litert":
            return f"""\
import json, zipfile, numpy as np
from ai_edge_litert.interpreter import Interpreter
images = np.zeros((1, 28, 28, 1), np.float32)  # {yours}
logits = Interpreter("{name}").get_signature_runner()(images=images)["logits"]
print(json.load(zipfile.ZipFile("{name}").open("metadata.json"))["class_names"][logits[0].argmax()])"""
        case "safetensors":
            return f"""\
import json, safetensors
with safetensors.safe_open("{name}", "np") as file:
    weights = {{name: file.get_tensor(name) for name in file.keys()}}
    print(json.loads(file.metadata()["metadata.json"]))
print({{name: array.shape for name, array in weights.items()}})"""
        case "keras":
            return f"""\
import json, zipfile, keras, numpy as np
model = keras.saving.load_model("{name}")
images, labels = np.zeros((1, 28, 28, 1)), np.zeros(1)  # {yours}
model.fit(images, labels, epochs=1)  # {further}
print(json.load(zipfile.ZipFile("{name}").open("metadata.json"))["class_names"][model.predict(images)[0].argmax()])"""


def _purposes() -> dict[Format, str]:
    return {
        "litert": _("For LiteRT, on phones and small boards, too; the predictions on these pages come from it."),
        "safetensors": _("The weights alone, as named arrays, for NumPy, PyTorch and JAX."),
        "keras": _("For Keras: the whole network, for predictions and for further training."),
    }


def _content(run_id: str, epoch: int, file_format: Format) -> bytes:
    return network_file(file_format, resources.weights(run_id, epoch))
