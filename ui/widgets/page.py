"""The frame of a page: style, title, language, and the errors of its URL."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.components.pill.pill import run_pill
from ui.i18n.text import explain, language
from ui.state.session import session

LANGUAGES = {"en": "English", "es": "Español"}


STYLE = f"<style>{Path(__file__).with_suffix('.css').read_text()}</style>"


def page_title(
    title: str, draw_switch: Callable[[], object] | None = None, key: str = "title", *, pill: bool = True
) -> None:
    """Draw the title of a page, a switch of its own beside it, this tab's training, and the choice of the language."""
    state = session()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=key):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="medium"):
            st.title(title, width="content")
            if draw_switch is not None:
                draw_switch()
        if pill and state.trained and run_pill(state.trained):
            state.choose(run=state.trained, train_view="training")
            st.switch_page("ui/pages/train.py")
        st.segmented_control(
            "Language / Idioma",
            label_visibility="collapsed",
            required=True,
            **state.bind_options("language", LANGUAGES, default=language()),
        )


def draw_url_errors() -> None:
    """Draw a warning for each parameter of the URL that was refused."""
    with st.container():
        for error in session().url_errors:
            st.warning(explain(error), icon=":material/link_off:")
