"""The app: streamlit run streamlit_app.py."""

import streamlit as st

from ui.api.routes import routes
from ui.server.lifespan import lifespan
from ui.server.middleware import middleware

app = st.App("main.py", routes=routes(), lifespan=lifespan, middleware=middleware())
