"""The input of a photograph, by file dialog, drop or paste; the browser scales a large one down.

Streamlit's own uploader has English labels only and sends a photograph as it is: megabytes, in formats that only the
browser can read.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist.errors import InvalidPicture
from fmnist.inference import preprocessing, reader
from ui.components.declaration import declare
from ui.i18n.text import _, explain, literal
from ui.state.session import session

_component = declare(__file__)
_LIMITS = {
    "size": reader.FROM_PAGE.size,
    # The reader's limit for a WebP, and for a JPEG of twenty scans.
    "pixels": reader.FROM_PAGE.pixels // 2,
    "side": reader.WORKED_ON,
}
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class ChosenFile:
    """The last chosen file: its picture, or the error of a file without one.

    The script numbers its files, and keeps the photograph of each number. None: no file was chosen yet.
    """

    number: int | None = None
    name: str = ""
    picture: str | None = None
    error: InvalidPicture | None = None


def take_picture(key: str) -> None:
    """Draw the input, and set the session's picture from the last photograph; None for a file without a picture."""
    state = session()
    # Before the component is drawn: its data has the result of its last message.
    sent = st.session_state[key].photo if key in st.session_state else None
    if sent is not None:
        st.session_state["chosen_file"] = read_choice(sent)
        state.choose(picture=st.session_state["chosen_file"].picture)
    chosen: ChosenFile = st.session_state.get("chosen_file", ChosenFile())
    data = {
        "picture": state.picture,
        # The component finds its photograph by them.
        "result": {"number": chosen.number, "picture": chosen.picture},
        "limits": _LIMITS,
        "choose": _("Choose a picture"),
        "another": _("Choose another picture"),
        "ways": _("or drop it here, or paste it"),
        "yours": _("Your picture"),
    }
    _component(key=key, data=data, on_photo_change=lambda: None)
    if chosen.error and state.picture is None:
        name = f"{literal(chosen.name)}: " if chosen.name else ""
        st.error(name + explain(chosen.error), icon=":material/broken_image:")


def read_choice(sent: Any) -> ChosenFile:
    """Return the file of a message `{number, name, photo}` of the script; a client may send anything."""
    values = sent if isinstance(sent, dict) else {}
    number, name = values.get("number"), values.get("name")
    number = number if isinstance(number, int) else None
    name = name[:MAX_NAME_LENGTH] if isinstance(name, str) else ""
    try:
        image = preprocessing.preprocess(_content(values.get("photo")), reader.FROM_PAGE)
    except InvalidPicture as error:
        return ChosenFile(number, name, error=error)
    return ChosenFile(number, name, preprocessing.to_text(image))


def _content(photo: Any) -> bytes:
    """Return the bytes of a data URL; none for any other value, as for a file that the browser cannot read."""
    text = str(photo).partition(",")[2][: 2 * reader.FROM_PAGE.size]  # a longer text is refused all the same
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
