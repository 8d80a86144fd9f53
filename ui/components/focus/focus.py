"""The keyboard focus on a button whose key changes after each press."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component("fmnist_focus", js=(Path(__file__).parent / "focus.js").read_text())


def keep_focus(stem: str) -> None:
    """Draw nothing; a new button whose key starts with `stem` takes over the focus of its predecessor."""
    with st.container(key="focus"):
        _component(key="focus_on", data={"stem": stem})
