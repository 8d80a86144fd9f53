"""The keyboard focus on a button whose key changes after each press."""

import streamlit as st

from ui.components.declaration import declare

_component = declare(__file__)


def keep_focus(stem: str) -> None:
    """Draw nothing; a new button whose key starts with `stem` takes over the focus of its predecessor."""
    with st.container(key="focus"):
        _component(key="focus_on", data={"stem": stem})
