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
from ui.i18n.text import _
from ui.state.session import session

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

    def sentence(self) -> str | None:
        """Return why the file has no picture, in the tab's language."""
        if self.error is None:
            return None
        reason = _(self.error.template).format(**self.error.values)  # shown as text, never as Markdown
        return f"{self.name}: {reason}" if self.name else reason


def take_photo(sent: Any) -> None:
    """Set the session's picture from the script's message; None for a file without a picture."""
    chosen = read_choice(sent)
    st.session_state["chosen_file"] = chosen
    session().choose(source="photo", picture=chosen.picture)


def photo_state() -> dict[str, Any]:
    """Return what the script knows of photographs: the result of its last message, its error, the limits of a file."""
    chosen: ChosenFile = st.session_state.get("chosen_file", ChosenFile())
    return {
        # The script finds its photograph by them.
        "result": {"number": chosen.number, "picture": chosen.picture},
        "limits": _LIMITS,
        "error": chosen.sentence() if session().picture is None else None,
    }


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
