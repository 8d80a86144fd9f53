"""The language of the document, and its steps in the browser's history."""

from pathlib import Path

import streamlit as st

from ui.i18n.text import language

_component = st.components.v2.component("fmnist_document", js=(Path(__file__).parent / "document.js").read_text())


def describe_document() -> None:
    """Send them to the browser; nothing is visible on the page."""
    with st.container(key="document"):
        _component(key="document_language", data={"language": language()})
