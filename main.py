"""The frame of every page: configuration, navigation, address. `streamlit_app.py` serves it."""

import streamlit as st
from streamlit.navigation.page import Page

from ui.components.connection.banner import connection_banner
from ui.components.document.document import describe_document
from ui.components.own_runs.own_runs import keep_own_runs
from ui.i18n.text import _
from ui.state.address import follow_url, leads_to_data, write_url
from ui.widgets.guards import show_errors
from ui.widgets.page import STYLE, draw_url_errors

# Before the navigation, whose icons are of the Material font: a browser would fetch one from a font server.
st.set_page_config(page_icon="👕", layout="wide")

PAGES = {
    "start": st.Page("ui/pages/start.py", title=_("Start"), icon=":material/home:", default=True),
    "data": st.Page("ui/pages/data.py", title=_("Data"), icon=":material/grid_view:", url_path="data"),
    "train": st.Page("ui/pages/train.py", title=_("Train"), icon=":material/model_training:", url_path="train"),
    "predict": st.Page("ui/pages/predict.py", title=_("Predict"), icon=":material/search:", url_path="predict"),
    "evaluate": st.Page("ui/pages/evaluate.py", title=_("Evaluate"), icon=":material/fact_check:", url_path="evaluate"),
    "compare": st.Page("ui/pages/compare.py", title=_("Compare"), icon=":material/compare:", url_path="compare"),
}


def older(path: str, name: str, **usual: str) -> Page:
    """Return a page at an older address, which opens the page `name`; `usual` is what that address left out."""

    def follow() -> None:
        st.switch_page(PAGES[name], query_params=usual | st.query_params.to_dict())

    return st.Page(follow, title=PAGES[name].title, url_path=path, visibility="hidden")


OLDER_PAGES = [
    older("record", "train", train_view="details"),
    older("run", "train", train_view="details"),
    older("map", "evaluate", evaluate_view="map"),
    older("picture", "predict", source="photo"),
]
page = st.navigation([*PAGES.values(), *OLDER_PAGES], position="top")
if page in OLDER_PAGES:
    page.run()
st.set_page_config(page_title=f"{page.title} · Fashion-MNIST")
name = next(name for name, candidate in PAGES.items() if candidate == page)
if name == "start" and leads_to_data():
    st.switch_page(PAGES["data"], query_params=st.query_params.to_dict())
follow_url(name)
body = st.container()  # above the parts without a picture, so that none of them moves it
st.html(STYLE)
connection_banner()
describe_document()
with body:
    draw_url_errors()
    write_url(name)
    with show_errors():
        page.run()
write_url(name)
keep_own_runs()
