"""A person's own photograph, taken by choice, by drop or by paste, and made small in the browser where it is large.

Streamlit's own uploader speaks English only, and takes a photograph as it is: megabytes, in formats that only the
browser can read.
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist.errors import InvalidPicture
from fmnist.inference import preprocessing, reader
from ui.i18n.text import _, explain, literal
from ui.state.session import session

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "fmnist_photo",
    html=(_FOLDER / "photo.html").read_text(),
    css=(_FOLDER / "photo.css").read_text(),
    js=(_FOLDER / "photo.js").read_text(),
)
_LIMITS = {
    "size": reader.FROM_PAGE.size,
    # Of a WebP, and of a JPEG of twenty scans, the reader takes no more.
    "pixels": reader.FROM_PAGE.pixels // 2,
    "side": reader.WORKED_ON,
}
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class ChosenFile:
    """The file that was chosen last: the picture made of it, or the reason why there is none.

    The script numbers its choices; it finds the photograph by the number. None: no file was chosen yet.
    """

    number: int | None = None
    name: str = ""
    picture: str | None = None
    refusal: InvalidPicture | None = None


def take_picture(key: str) -> None:
    """Let a photograph be taken; the session then looks at what the network sees of it, or at nothing."""
    state = session()
    # Before it is drawn, so that the component is told what became of what it sent.
    sent = st.session_state[key].photo if key in st.session_state else None
    if sent is not None:
        st.session_state["chosen_file"] = read_choice(sent)
        state.choose(picture=st.session_state["chosen_file"].picture)
    chosen: ChosenFile = st.session_state.get("chosen_file", ChosenFile())
    data = {
        "picture": state.picture,
        # By them the component finds the photograph, if it was taken here.
        "answered": {"number": chosen.number, "picture": chosen.picture},
        "limits": _LIMITS,
        "choose": _("Choose a picture"),
        "another": _("Choose another picture"),
        "ways": _("or drop it here, or paste it"),
        "yours": _("Your picture"),
    }
    _component(key=key, data=data, on_photo_change=lambda: None)
    if chosen.refusal and state.picture is None:
        name = f"{literal(chosen.name)}: " if chosen.name else ""
        st.error(name + explain(chosen.refusal), icon=":material/broken_image:")


def read_choice(sent: Any) -> ChosenFile:
    """Read the picture in what the script sent: `{number, name, photo}`. A client may send anything."""
    values = sent if isinstance(sent, dict) else {}
    number, name = values.get("number"), values.get("name")
    number = number if isinstance(number, int) else None
    name = name[:MAX_NAME_LENGTH] if isinstance(name, str) else ""
    try:
        image = preprocessing.prepared(_content(values.get("photo")), reader.FROM_PAGE)
    except InvalidPicture as refusal:
        return ChosenFile(number, name, refusal=refusal)
    return ChosenFile(number, name, preprocessing.to_text(image))


def _content(photo: Any) -> bytes:
    """Return the bytes in a data URL; none if it is no data URL, as where the browser could not read the file."""
    text = str(photo).partition(",")[2][: 2 * reader.FROM_PAGE.size]  # more than is taken, of any length
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
