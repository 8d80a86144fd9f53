"""The lifespan of the server: started before the first visitor, closed after the last."""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.concurrency import run_in_threadpool

from ui.server.connection import store_connection
from ui.server.dataset import dataset_loader
from ui.server.deletions import deletions
from ui.server.middleware import only_local
from ui.server.sockets import disable_nagle


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Load the data set, open the store and supervise the worker while the server runs.

    The server starts without a usable store, too: the pages show the error, and the connection is retried.
    """
    disable_nagle()
    dataset_loader()
    store_connection()
    if only_local():
        print("  Open to this machine only; `--server.address 0.0.0.0` opens it to the network.\n", flush=True)
    if not st.get_option("server.headless"):  # Streamlit itself opens a window for a script, and none for an app
        page = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, page)
    try:
        yield
    finally:
        deletions().close()
        if connection := store_connection.forget():
            await run_in_threadpool(connection.close)
