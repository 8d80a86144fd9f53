"""A Streamlit session without a browser, for more sessions than two cores can draw."""

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from testing.serving import START_TIMEOUT


class Visitor:
    """A tab of a page of the server at `url`, which requests its fragments by their timers.

    Raises TimeoutError where what is awaited does not arrive.
    """

    def __init__(self, url: str, page: str) -> None:
        self._socket = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        # The page's name in the first request; Streamlit's response has its hash, for all further ones.
        self._page, self._script = page, ""
        # The id of Predict's component, that of the fragment that draws it, and the number of its last message.
        self._component, self._fragment, self._number = "", "", 0
        self._awaited, self._seen = b"", asyncio.Event()
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
        """Request the page; return the seconds until it shows `shown`."""
        return await self._until(shown, self._request())

    async def rest(self, index: int) -> float:
        """Let the hand rest at a test image of Predict; return the seconds until the server has followed."""
        self._number += 1
        request = self._request(self._fragment)
        place = json.dumps({"place": {"index": index, "number": self._number}})
        request.rerun_script.widget_states.widgets.add(id=self._component, json_value=place)
        return await self._until(f'"number": {self._number},', request)

    def _request(self, fragment: str = "") -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        state.page_name, state.page_script_hash, state.fragment_id = self._page, self._script, fragment
        state.context_info.locale, state.context_info.timezone = "en", "UTC"
        return request

    async def _until(self, shown: str, request: BackMsg) -> float:
        self._seen.clear()
        self._awaited = shown.encode()
        started = time.perf_counter()
        await self._connection.send(request.SerializeToString())
        async with asyncio.timeout(START_TIMEOUT):
            await self._seen.wait()
        return time.perf_counter() - started

    async def _listen(self) -> None:
        async for content in self._connection:
            assert isinstance(content, bytes)
            if self._awaited and self._awaited in content:
                self._seen.set()
            message = ForwardMsg.FromString(content)
            match message.WhichOneof("type"):
                case "auto_rerun":
                    self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
                case "delta" if message.delta.new_element.bidi_component.component_name.endswith("network"):
                    self._component = message.delta.new_element.bidi_component.id
                    self._fragment = message.delta.fragment_id
                case "navigation":
                    self._page, self._script = "", message.navigation.page_script_hash
                case "stop_auto_rerun":
                    self._stop_timers(message.stop_auto_rerun.fragment_ids)
                case "new_session" if not message.metadata.run.fragment_ids:
                    self._stop_timers(list(self._timers))

    def _start_timer(self, fragment: str, seconds: float) -> None:
        async def request_again() -> None:
            while True:
                await asyncio.sleep(seconds)
                request = self._request(fragment)
                request.rerun_script.is_auto_rerun = True
                await self._connection.send(request.SerializeToString())

        self._timers[fragment] = asyncio.create_task(request_again())

    def _stop_timers(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()
