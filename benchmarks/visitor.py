"""A visitor without a browser: a session as Streamlit's own page keeps it, for more of them than two cores can draw."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from testing.serving import PATIENCE_SECONDS


class Visitor:
    """One tab with a page of the server at `url`. Its fragments are asked for whenever their timers say so.

    Raises TimeoutError where what is waited for does not come.

    `sightings` counts how often what was last asked for has come.
    """

    def __init__(self, url: str, page: str) -> None:
        self._socket = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        # By its name at first; then Streamlit says the page's hash, by which every further request names it.
        self._page, self._script = page, ""
        # By the keys of the page: the id of a number's widget, and of the fragment that draws it.
        self._numbers: dict[str, tuple[str, str]] = {}
        self._awaited, self._seen = b"", asyncio.Event()
        self.sightings = 0
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> "Visitor":
        self._connection: ClientConnection = await connect(
            self._socket, subprotocols=[Subprotocol("streamlit")], max_size=None
        )
        self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        for task in (self._listener, *self._timers.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._connection.close()

    async def open(self, shown: str) -> float:
        """Ask for the page; the seconds until it says `shown`."""
        return await self._until(shown, self._ask())

    async def type_number(self, key: str, number: int, shown: str) -> float:
        """Change a number of the page; the seconds until it says `shown`."""
        widget, fragment = self._numbers[key]
        request = self._ask(fragment)
        request.rerun_script.widget_states.widgets.add(id=widget, double_value=number)
        return await self._until(shown, request)

    def _ask(self, fragment: str = "") -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        state.page_name, state.page_script_hash, state.fragment_id = self._page, self._script, fragment
        state.context_info.locale, state.context_info.timezone = "en", "UTC"
        return request

    async def _until(self, shown: str, request: BackMsg) -> float:
        self._seen.clear()
        self._awaited, self.sightings = shown.encode(), 0
        asked = time.perf_counter()
        await self._connection.send(request.SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._seen.wait()
        return time.perf_counter() - asked

    async def _listen(self) -> None:
        async for content in self._connection:
            assert isinstance(content, bytes)
            if self._awaited and self._awaited in content:
                self.sightings += 1
                self._seen.set()
            message = ForwardMsg.FromString(content)
            match message.WhichOneof("type"):
                case "auto_rerun":
                    self._keep_asking(message.auto_rerun.fragment_id, message.auto_rerun.interval)
                case "delta" if message.delta.new_element.HasField("number_input"):
                    widget = message.delta.new_element.number_input.id
                    self._numbers[widget.rpartition("-")[2]] = widget, message.delta.fragment_id
                case "navigation":
                    self._page, self._script = "", message.navigation.page_script_hash
                case "stop_auto_rerun":
                    self._stop_asking(message.stop_auto_rerun.fragment_ids)
                case "new_session" if not message.metadata.run.fragment_ids:
                    self._stop_asking(list(self._timers))

    def _keep_asking(self, fragment: str, seconds: float) -> None:
        async def ask() -> None:
            while True:
                await asyncio.sleep(seconds)
                request = self._ask(fragment)
                request.rerun_script.is_auto_rerun = True
                await self._connection.send(request.SerializeToString())

        self._timers[fragment] = asyncio.create_task(ask())

    def _stop_asking(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()
