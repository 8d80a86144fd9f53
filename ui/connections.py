"""How the server's connections send."""

import os
import socket
from contextlib import suppress

import psutil
import streamlit as st


@st.cache_resource(show_spinner=False)
def send_at_once() -> None:
    """Let what is small not wait for more: no Nagle's algorithm, on what is connected and on what will be.

    asyncio does this by itself, but not for the socket that Streamlit makes for it, where a second message waits until
    the browser has confirmed the first: up to 40 milliseconds (https://github.com/Kludex/uvicorn/issues/3149).
    """
    for connection in psutil.Process().net_connections("tcp"):
        if connection.fd != -1:  # Windows tells none
            with suppress(OSError), socket.socket(fileno=os.dup(connection.fd)) as own:  # closed meanwhile
                own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
