"""The page: streamlit run streamlit_app.py."""

import streamlit as st

from ui.loading import explained
from ui.session import follow_url, write_url
from ui.text import _
from ui.widgets import complaints

st.set_page_config(page_title="Fashion-MNIST, live", page_icon=":material/checkroom:", layout="wide")

PAGES = {
    "data": st.Page("ui/pages/data.py", title=_("Data"), icon=":material/grid_view:", default=True),
    "train": st.Page("ui/pages/train.py", title=_("Train"), icon=":material/model_training:", url_path="train"),
    "predict": st.Page("ui/pages/predict.py", title=_("Predict"), icon=":material/search:", url_path="predict"),
}
page = st.navigation(list(PAGES.values()), position="top")
name = next(name for name, candidate in PAGES.items() if candidate == page)
follow_url(name)
complaints()
write_url(name)
with explained():
    page.run()
write_url(name)
