"""What the browser is told of the whole document: its language, and which of its addresses are steps of the history."""

from pathlib import Path

import streamlit as st

from ui.i18n.text import language

_component = st.components.v2.component("fmnist_document", js=(Path(__file__).parent / "document.js").read_text())


def describe_document() -> None:
    """Tell it; nothing is seen of it on the page."""
    with st.container(key="document"):
        _component(key="document_language", data={"language": language()})
