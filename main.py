"""The frame of every page: configuration, navigation, address. `streamlit_app.py` serves it."""

import streamlit as st

from ui.components.connection.banner import connection_banner
from ui.components.document.document import describe_document
from ui.i18n.text import _
from ui.state.address import follow_url, write_url
from ui.widgets.guards import show_errors
from ui.widgets.page import STYLE, draw_url_errors

# Before the navigation, whose icons are of the Material font: a browser would fetch one from a font server.
st.set_page_config(page_icon="👕", layout="wide")

PAGES = {
    "data": st.Page("ui/pages/data.py", title=_("Data"), icon=":material/grid_view:", default=True),
    "train": st.Page("ui/pages/train.py", title=_("Train"), icon=":material/model_training:", url_path="train"),
    "predict": st.Page("ui/pages/predict.py", title=_("Predict"), icon=":material/search:", url_path="predict"),
    "picture": st.Page(
        "ui/pages/picture.py", title=_("Your picture"), icon=":material/photo_camera:", url_path="picture"
    ),
    "evaluate": st.Page("ui/pages/evaluate.py", title=_("Evaluate"), icon=":material/fact_check:", url_path="evaluate"),
    "map": st.Page("ui/pages/map.py", title=_("Map"), icon=":material/scatter_plot:", url_path="map"),
    "compare": st.Page("ui/pages/compare.py", title=_("Compare"), icon=":material/compare:", url_path="compare"),
    "run": st.Page("ui/pages/run.py", title=_("Run"), icon=":material/description:", url_path="run"),
}


def follow_old_path() -> None:
    """Open the page Run from its older address."""
    st.switch_page(PAGES["run"], query_params=st.query_params.to_dict())


old_path = st.Page(follow_old_path, title=_("Run"), url_path="record", visibility="hidden")
page = st.navigation([*PAGES.values(), old_path], position="top")
if page == old_path:
    page.run()
st.set_page_config(page_title=f"{page.title} · Fashion-MNIST")
name = next(name for name, candidate in PAGES.items() if candidate == page)
follow_url(name)
st.html(STYLE)
connection_banner()
describe_document()
draw_url_errors()
write_url(name)
with show_errors():
    page.run()
write_url(name)
