"""Attack by decompression bombs, small files that take much memory or time: python -m testing.picture_bombs.

Each goes to a real server as any client may send it, and through `predict FILE`; at last twelve go at once. Prints the
memory and the processor's time that each takes more than a plain picture does, and the most threads; the exit code is 1
where that is more than it may be.
"""

import asyncio
import base64
import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import click
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from fmnist.inference.reader import FROM_PAGE
from fmnist.system import subprocesses
from testing.bombs import BOMBS, piece
from testing.photographs import file_of
from testing.serving import PROJECT, Server

MAX_MEGABYTES, MAX_SECONDS = 150, 1
POLL_SECONDS = 0.01
AT_ONCE = 12


@dataclass(frozen=True)
class Cost:
    """Memory, time and result of a picture."""

    megabytes: float
    seconds: float
    threads: int
    said: str = ""


class Watch:
    """The peak of a process's memory above what it had, its time on a processor and the most threads, for a while."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._status, self._ended = Path(f"/proc/{pid}/status"), threading.Event()
        self._threads, self._peak, self._seconds = 0, 0.0, 0.0
        self._thread = threading.Thread(target=self._look_again)

    def __enter__(self) -> "Watch":
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")  # the peak begins anew
        self._before, self._began = self._process.memory_info().rss / 1e6, self._used()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def cost(self, said: str) -> Cost:
        """Return the cost."""
        return Cost(self._peak - self._before, self._seconds, self._threads, said)

    def _used(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system

    def _look_again(self) -> None:
        more = True
        while more:
            more = not self._ended.wait(POLL_SECONDS)  # once more after the end
            try:
                status = dict(line.split(":", 1) for line in self._status.read_text().splitlines())
                self._peak = max(self._peak, int(status.get("VmHWM", "0 kB").split()[0]) * 1024 / 1e6)
                self._threads = max(self._threads, int(status["Threads"]))
                self._seconds = self._used() - self._began
            except (OSError, psutil.Error):  # it has ended
                return


class Client:
    """A tab of the page Your picture, without a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._page, self._component, self._number = connection, "", "", 0

    async def open(self) -> None:
        """Draw the page."""
        order = BackMsg()
        order.rerun_script.page_name = "picture"
        await self._draw(order)

    async def choose(self, content: bytes) -> str:
        """Send a file as the page's script does; returns in which words it is refused, if it is."""
        self._number += 1
        photo = "data:;base64," + base64.b64encode(content).decode()
        order = BackMsg()
        order.rerun_script.page_script_hash = self._page
        order.rerun_script.widget_states.widgets.add(
            id=f"$$STREAMLIT_INTERNAL_KEY_{self._component}__events",
            json_trigger_value=json.dumps(
                [{"event": "photo", "value": {"number": self._number, "name": "", "photo": photo}}]
            ),
        )
        try:
            return await self._draw(order)
        except ConnectionClosedError:
            return "The server ends the connection: the message is too large."

    async def _draw(self, order: BackMsg) -> str:
        await self._connection.send(order.SerializeToString())
        said = ""
        while True:
            message = ForwardMsg.FromString(await self._connection.recv())
            if message.WhichOneof("type") == "script_finished":
                return said
            if message.WhichOneof("type") == "navigation":
                self._page = message.navigation.page_script_hash
            element = message.delta.new_element
            if element.bidi_component.component_name.endswith("fmnist_photo"):
                self._component = element.bidi_component.id
            if element.WhichOneof("type") == "alert" and element.alert.body and "broken_image" in element.alert.icon:
                said = element.alert.body


async def through_the_page(server: Server, contents: list[bytes]) -> Cost:
    """Return the server's cost of simultaneous files, each from a tab of its own."""
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    connections = [await connect(address, max_size=None) for _ in contents]
    clients = [Client(connection) for connection in connections]
    for client in clients:
        await client.open()
    with Watch(server.pid) as watch:
        said = await asyncio.gather(
            *(client.choose(content) for client, content in zip(clients, contents, strict=True))
        )
    for connection in connections:
        await connection.close()
    return watch.cost(said[0])


def by_the_command(server: Server, content: bytes) -> Cost:
    """Return the cost of `predict FILE`, of the whole process."""
    path = server.database.with_name("picture")
    path.write_bytes(content)
    process = subprocess.Popen(
        subprocesses.command("fmnist", "predict", str(path)),
        cwd=PROJECT, env=server.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with Watch(process.pid) as watch:
        _answer, errors = process.communicate()
    return watch.cost(errors.removeprefix("Error: ").strip())


def show(way: str, name: str, cost: Cost, plain: Cost, files: int = 1) -> bool:
    """Print a line; return true where a limit is exceeded: memory for one file, time for each."""
    more, longer = cost.megabytes - plain.megabytes, cost.seconds - plain.seconds
    too_much = more > MAX_MEGABYTES or longer > MAX_SECONDS * files
    click.echo(
        f"{way:<8} {name:<36} {more:+5.0f} MB {longer:+6.2f} s {cost.threads:>4} threads  "
        f"{'TOO MUCH  ' if too_much else ''}{cost.said or 'read'}"
    )
    return too_much


@click.command()
@click.option("--only", default="", help="The bombs whose names have this in them.")
def main(only: str) -> None:
    """Throw every bomb at a server and at the command."""
    bombs = {name: make() for name, make in BOMBS.items() if only in name}
    plain = file_of(piece())
    too_much = []
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:

        def page(*contents: bytes) -> Cost:
            return asyncio.run(through_the_page(server, list(contents)))

        def terminal(content: bytes) -> Cost:
            return by_the_command(server, content)

        page(plain)  # what a first picture loads is loaded
        for way, take in (("page", page), ("command", terminal)):
            usual = take(plain)
            click.echo(f"{way:<8} {'a plain picture':<36} {usual.megabytes:5.0f} MB {usual.seconds:6.2f} s")
            too_much += [show(way, name, take(content), usual) for name, content in bombs.items()]
        usual = page(*[plain] * AT_ONCE)
        click.echo(f"{AT_ONCE} pages {'plain pictures':<36} {usual.megabytes:5.0f} MB {usual.seconds:6.2f} s")
        too_much += [
            show(f"{AT_ONCE} pages", name, page(*[content] * AT_ONCE), usual, AT_ONCE)
            for name, content in bombs.items()
            if len(content) <= FROM_PAGE.size
        ]
    sys.exit(any(too_much))


if __name__ == "__main__":
    main()
