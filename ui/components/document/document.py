"""The language of the document, its page numbers, its menu on a phone, and its steps in the browser's history."""

import streamlit as st

from ui.components.declaration import declare
from ui.i18n.text import _, language

_component = declare(__file__)


def describe_document() -> None:
    """Send them to the browser; nothing is visible on the page."""
    with st.container(key="document"):
        _component(
            key="document_language",
            data={
                "language": language(),
                "page": _("Page {number}"),  # filled by the browser
                "previous": _("Previous page"),
                "next": _("Next page"),
            },
        )
