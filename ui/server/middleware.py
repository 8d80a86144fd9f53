"""The middleware in front of Streamlit: allowed hosts, allowed frames, no request to clear the shared caches."""

import socket

import psutil
import streamlit as st
from google.protobuf.message import DecodeError
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def allowed_hosts() -> list[str]:
    """Return `server.allowedHosts`, else this machine's names, with its addresses where other machines are allowed."""
    if named := st.get_option("server.allowedHosts"):
        return [*named, *LOCAL_HOSTS]
    if only_local():
        return [*LOCAL_HOSTS]
    own = [address for addresses in psutil.net_if_addrs().values() for address in addresses]
    names = [address.address for address in own if address.family == socket.AF_INET]
    return [*LOCAL_HOSTS, *names, socket.gethostname(), socket.getfqdn()]


def only_local() -> bool:
    """Return whether the server listens on a local address only."""
    return st.get_option("server.address") in ("localhost", "127.0.0.1", "::1")


class FrameAncestors:
    """Middleware that forbids frames of other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the header to a response."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Content-Security-Policy", "frame-ancestors 'self'")
            await send(message)

        await self._app(scope, receive, send_with_header)


class IgnoreClearCache:
    """Middleware that ignores a client's message to clear the caches of all sessions."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on every message except `clear_cache`."""

        async def receive_others() -> Message:
            while _clears_cache(message := await receive()):
                pass
            return message

        await self._app(scope, receive_others if scope["type"] == "websocket" else receive, send)


def _clears_cache(message: Message) -> bool:
    try:
        return BackMsg.FromString(message.get("bytes") or b"").WhichOneof("type") == "clear_cache"
    except DecodeError:  # Streamlit closes such a connection
        return False


def middleware() -> list[Middleware]:
    """Return the middleware, the outermost first."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(), www_redirect=False),
        Middleware(FrameAncestors),
        Middleware(IgnoreClearCache),
    ]
