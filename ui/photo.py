"""A person's own photograph, taken by choice, by drop or by paste, and made small in the browser.

Streamlit's own uploader speaks English only, and takes a photograph as it is: megabytes, in formats that only the
browser can read.
"""

import base64
import binascii
from pathlib import Path

import streamlit as st

from fmnist.errors import InvalidPicture
from fmnist.inference import picture
from ui.session import session
from ui.text import _, explain

_FOLDER = Path(__file__).parent / "components"
_component = st.components.v2.component(
    "fmnist_photo",
    html=(_FOLDER / "photo.html").read_text(),
    css=(_FOLDER / "photo.css").read_text(),
    js=(_FOLDER / "photo.js").read_text(),
)


def take_picture(key: str) -> None:
    """Let a photograph be taken; the session then looks at what the network sees of it."""
    state, refusal = session(), None
    # Before it is drawn, so that the component is told what became of what it sent.
    content = _content(st.session_state[key].photo) if key in st.session_state else None
    if content is not None:
        try:
            state.choose(picture=picture.to_text(picture.prepared(content)))
        except InvalidPicture as problem:
            refusal = problem
    data = {
        # By it the component finds the photograph, if it was taken here.
        "picture": state.picture,
        "side": picture.WORKED_ON,
        "choose": _("Choose a picture"),
        "another": _("Choose another picture"),
        "ways": _("or drop it here, or paste it"),
        "yours": _("Your picture"),
        "unreadable": _("This browser cannot read that file as a picture. Choose a PNG or a JPEG."),
    }
    _component(key=key, data=data, on_photo_change=lambda: None)
    if refusal:
        st.error(explain(refusal), icon=":material/broken_image:")


def _content(sent: object) -> bytes | None:
    """What is in a data URL. What a client sends need not be one: then the file is empty, which is no picture."""
    if sent is None:
        return None
    try:
        return base64.b64decode(str(sent).partition(",")[2], validate=True)
    except binascii.Error:
        return b""
