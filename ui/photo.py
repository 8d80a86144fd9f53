"""A person's own photograph, taken by choice, by drop or by paste, and made small in the browser.

Streamlit's own uploader speaks English only, and takes a photograph as it is: megabytes, in formats that only the
browser can read.
"""

import base64
import binascii
from pathlib import Path

import streamlit as st

from fmnist.inference.picture import WORKED_ON
from ui.text import _

_FOLDER = Path(__file__).parent / "components"
_component = st.components.v2.component(
    "fmnist_photo",
    html=(_FOLDER / "photo.html").read_text(),
    css=(_FOLDER / "photo.css").read_text(),
    js=(_FOLDER / "photo.js").read_text(),
)


def taken_photo(key: str) -> bytes | None:
    """The file of the photograph that was taken just now, if one was; known before it is asked for another."""
    return _content(st.session_state[key].photo) if key in st.session_state else None


def ask_for_photo(picture: str | None, key: str) -> None:
    """Let a photograph be taken.

    `picture` is what the network sees at the moment; the photograph that it was made from is shown, if it was taken
    here.
    """
    data = {
        "picture": picture,
        "side": WORKED_ON,
        "choose": _("Choose a picture"),
        "another": _("Choose another picture"),
        "ways": _("or drop it here, or paste it"),
        "yours": _("Your picture"),
        "unreadable": _("This browser cannot read that file as a picture. Choose a PNG or a JPEG."),
    }
    _component(key=key, data=data, on_photo_change=lambda: None)


def _content(sent: object) -> bytes | None:
    """What is in a data URL. What a client sends need not be one: then the file is empty, which is no picture."""
    if sent is None:
        return None
    try:
        return base64.b64decode(str(sent).partition(",")[2], validate=True)
    except binascii.Error:
        return b""
