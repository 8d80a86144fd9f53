"""The language of the document, and its steps in the browser's history."""

import streamlit as st

from ui.components.declaration import declare
from ui.i18n.text import language

_component = declare(__file__)


def describe_document() -> None:
    """Send them to the browser; nothing is visible on the page."""
    with st.container(key="document"):
        _component(key="document_language", data={"language": language()})
