"""Try on a real server what strangers try: python -m testing.strangers.

Addresses that speak Markdown in a real browser, forged values for every widget, foreign hosts, messages that are too
large, and a store that is down with a password in its URL. Prints what came of each, then memory, threads and time.
"""

import asyncio
import http.client
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from testing import chromium
from testing.clear_cache import line
from testing.serving import Server
from ui.state.address import PARAMETERS

PAGES = ("", "data", "train", "predict", "picture", "evaluate", "compare", "run")
ACTIVE = "![x](http://evil.test/a.png) [**Log in**](//evil.test) <img src=//evil.test/b.png> www.evil.test"
PASSWORD = "hunter2"


class ServerWithoutDatabase(Server):
    """A server whose PostgreSQL does not answer; its URL holds a password where psycopg also reads one."""

    @property
    def database_url(self) -> str:
        """A URL with the password in its query."""
        return f"postgresql://127.0.0.1:9/fmnist?user=class&password={PASSWORD}"

    def close(self) -> None:
        """End the server; it has no worker to wait for."""
        self.interrupt()


def look(url: str, query: str) -> tuple[list[str], list[str], str]:
    """Open every page at that query; return the foreign requests, the foreign links, and all texts of the pages."""
    requests: list[str] = []
    links: list[str] = []
    texts = []
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page()
        page.on("request", lambda request: requests.append(request.url))
        for name in PAGES:
            page.goto(f"{url}/{name}?{query}")
            page.locator("[data-test-script-state=notRunning]").wait_for()
            links += [link.evaluate("link => link.href") for link in page.locator("a[href]").all()]
            texts.append(page.locator("body").inner_text())
        browser.close()
    foreign = [
        [address for address in found if urlsplit(address).hostname not in ("localhost", None)]
        for found in (requests, links)
    ]
    return foreign[0], foreign[1], "\n".join(texts)


def status(server: Server, host: str) -> int:
    """Return the status of an answer to a request that names `host`."""
    connection = http.client.HTTPConnection("localhost", server.port)
    connection.request("GET", "/", headers={"Host": host})
    return connection.getresponse().status


def stream(server: Server) -> connect:
    """Return a connection such as a tab has, to be entered."""
    return connect(server.url.replace("http", "ws") + "/_stcore/stream", max_size=None)


async def send_too_much(server: Server, size: int) -> str:
    """Send a message of `size` bytes; return how the server ends the connection."""
    async with stream(server) as connection:
        try:
            await connection.send(b"\0" * size)
            while True:
                await connection.recv()
        except ConnectionClosed as closed:
            return f"closed with {closed.rcvd.code if closed.rcvd else 'no code'}"


# A forged value for each kind of widget, of the type that Streamlit reads from it; another it refuses itself.
FORGED: dict[str, dict[str, object]] = {
    "selectbox": {"string_value": "x"},
    "radio": {"string_value": "x"},
    "multiselect": {"string_array_value": StringArray(data=["x", "y"])},
    "button_group": {"string_array_value": StringArray(data=["x", "y"])},
    "number_input": {"double_value": 1e300},
    "slider": {"double_array_value": DoubleArray(data=[1e300])},
    "select_slider": {"string_array_value": StringArray(data=["x"])},
    "checkbox": {"bool_value": True},
    "bidi_component": {"json_value": '{"open": true, "cell": true, "photo": true, "selected": true}'},
}


async def draw(connection: ClientConnection, order: BackMsg) -> tuple[dict[str, str], int]:
    """Ask for a page; return the kinds of its widgets, by id, and how many exceptions it shows."""
    await connection.send(order.SerializeToString())
    found: dict[str, str] = {}
    exceptions = 0
    while True:
        message = ForwardMsg.FromString(await connection.recv(decode=False))
        match message.WhichOneof("type"):
            case "script_finished":
                return found, exceptions
            case "delta":
                kind = message.delta.new_element.WhichOneof("type")
                exceptions += kind == "exception"
                if kind == "slider" and message.delta.new_element.slider.type == Slider.SELECT_SLIDER:
                    found[message.delta.new_element.slider.id] = "select_slider"
                elif kind in FORGED:
                    found[getattr(message.delta.new_element, kind).id] = kind


async def forge(server: Server) -> tuple[int, int]:
    """Send forged values for every widget of every page; return how many were sent and the exceptions shown."""
    sent = shown = 0
    for page in PAGES:
        order = BackMsg()
        order.rerun_script.page_name = page
        async with stream(server) as connection:
            kinds, exceptions = await draw(connection, order)
            for widget, kind in kinds.items():
                forged = BackMsg()
                forged.rerun_script.page_name = page
                forged.rerun_script.widget_states.widgets.add(id=widget, **FORGED[kind])
                exceptions += (await draw(connection, forged))[1]
            sent += len(kinds)
            shown += exceptions
    return sent, shown


def main() -> None:
    """Attack two servers of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        process = psutil.Process(server.pid)
        look(server.url, "")  # what a first drawing loads is no growth
        print(f"before   {line(process)}")
        query = "&".join(f"{name}={quote(ACTIVE)}" for name in PARAMETERS if name != "language")
        requests, links, _texts = look(server.url, query)
        print(
            f"address: {len(requests)} foreign requests, {len(links)} foreign links on {len(PAGES)} pages {links[:3]}"
        )
        sent, shown = asyncio.run(forge(server))
        print(f"forged values: {sent} sent, {shown} exceptions shown")
        print(f"host localhost: {status(server, 'localhost')}, host evil.test: {status(server, 'evil.test')}")
        listening = {of.laddr.ip for of in process.net_connections("tcp") if of.status == psutil.CONN_LISTEN}
        print(f"listens on {', '.join(sorted(listening))}")
        for size in (2_000_000, 50_000_000):
            print(f"a message of {size / 1e6:.0f} MB: {asyncio.run(send_too_much(server, size))}")
        print(f"after    {line(process)}, {time.monotonic() - began:.0f} s")
    with tempfile.TemporaryDirectory() as folder, ServerWithoutDatabase(Path(folder)) as server:
        texts = look(server.url, "")[2]
        told = "shown" if PASSWORD in texts or "127.0.0.1" in texts else "not shown"
        print(f"a database that is down: its URL is {told} on {len(PAGES)} pages")


if __name__ == "__main__":
    main()
