"""The keyboard's focus on a button that is drawn anew, under another key, after each press."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component("fmnist_focus", js=(Path(__file__).parent / "focus.js").read_text())


def keep_focus(stem: str) -> None:
    """Draw nothing; the button whose key begins so has the focus that the one before it had."""
    with st.container(key="focus"):
        _component(key="focus_on", data={"stem": stem})
