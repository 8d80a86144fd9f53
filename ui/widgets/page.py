"""The frame of a page: style, title, language, and warnings about its address."""

import streamlit as st

from ui.i18n.text import explain, language
from ui.state.session import session

LANGUAGES = {"en": "English", "es": "Español"}


# Streamlit writes what is chosen in the color of the primary button, which is made for the white text on it; on what
# is chosen and under the pointer, it had a contrast of 3.9 to 1.
# Its progress bar glides without a pause, which is a third of what a browser computes to follow a training.
# Its captions are too faint to be read by everybody (contrast 3.9 to 1); these have 5.1 at least.
# Its columns shrink to any width, and cut what is in them; these wrap where one has no room for an image of 280 pixels.
# So do the options of a segmented control, which it cuts.
# A button that has just appeared takes no click yet: the second one of a double click was meant for what stood there.
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
    """The page's title, and beside it the switch between English and Spanish."""
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
