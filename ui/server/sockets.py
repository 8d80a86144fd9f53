"""The TCP options of the server's connections."""

import logging
import os
import socket
from contextlib import suppress

import psutil

log = logging.getLogger(__name__)


def disable_nagle() -> None:
    """Disable Nagle's algorithm, which delays small messages, on the sockets that listen and that are connected.

    asyncio does so itself, except on a socket of Streamlit's making: there a second message waits for the browser's
    confirmation of the first, up to 40 milliseconds (https://github.com/Kludex/uvicorn/issues/3149).
    """
    try:
        connections = psutil.Process().net_connections("tcp")
    except (OSError, psutil.Error) as error:  # not permitted in some containers; slower pages are better than none
        log.warning("pages may be slower, the server's connections cannot be found: %s", error)
        return
    for connection in connections:
        if connection.fd != -1:  # unknown on Windows
            with suppress(OSError), socket.socket(fileno=os.dup(connection.fd)) as own:  # closed in the meantime
                own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
