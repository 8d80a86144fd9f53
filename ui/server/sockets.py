"""How the server's connections send."""

import logging
import os
import socket
from contextlib import suppress

import psutil

log = logging.getLogger(__name__)


def send_at_once() -> None:
    """Let what is small not wait for more: no Nagle's algorithm, on what is connected and on what will be.

    asyncio does this by itself, but not for the socket that Streamlit makes for it, where a second message waits until
    the browser has confirmed the first: up to 40 milliseconds (https://github.com/Kludex/uvicorn/issues/3149).
    """
    try:
        connections = psutil.Process().net_connections("tcp")
    except (OSError, psutil.Error) as error:  # some containers tell nobody; slower pages are better than none
        log.warning("pages may be slower, the server's connections cannot be found: %s", error)
        return
    for connection in connections:
        if connection.fd != -1:  # Windows tells none
            with suppress(OSError), socket.socket(fileno=os.dup(connection.fd)) as own:  # closed meanwhile
                own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
