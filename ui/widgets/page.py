"""The frame of a page: style, title, language, and the errors of its URL."""

import streamlit as st

from ui.i18n.text import explain, language
from ui.state.session import session

LANGUAGES = {"en": "English", "es": "Español"}


# Streamlit's colors of chosen options and of captions have a contrast of 3.9 to 1; these have 5.1 at least.
# Its columns shrink to any width, and so do the options of a segmented control; these wrap, columns below 280 pixels.
# Its progress bar has an animation without end: a third of a browser's work during a training.
# A new button ignores clicks at first: the second click of a double click was meant for the button before it.
STYLE = """<style>
[role="radio"][aria-checked="true"], [data-testid="stSliderThumbValue"] {
  color: light-dark(#006099, #56b4e9) !important;
}
[data-testid="stCaptionContainer"] {
  opacity: 0.7 !important;
}
@media (min-width: 640.1px) {
  [data-testid="stColumn"] {
    min-width: min(100%, 17.5rem) !important;
  }
}
[data-testid="stButtonGroup"] [role="radiogroup"] {
  flex-wrap: wrap !important;
}
[data-testid="stProgress"] * {
  transition: none !important;
}
[data-testid="stButton"] button {
  animation: appear 500ms;
}
.st-key-document, .st-key-focus {
  display: none;
}
@keyframes appear {
  from, to { pointer-events: none; }
}
</style>"""


def page_title(title: str) -> None:
    """Draw the title of a page, and beside it the switch between English and Spanish."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, width="content")
        st.segmented_control(
            "Language / Idioma",
            label_visibility="collapsed",
            required=True,
            **session().bind_options("language", LANGUAGES, default=language()),
        )


def draw_url_errors() -> None:
    """Draw a warning for each parameter of the URL that was refused."""
    with st.container():
        for error in session().url_errors:
            st.warning(explain(error), icon=":material/link_off:")
