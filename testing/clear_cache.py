"""Clear the caches of a real server again and again, as any client can request: python -m testing.clear_cache.

Between two orders a page is drawn, which makes anew what was lost. Prints memory, threads, open files and time.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from testing.serving import Server


async def attack(url: str, orders: int) -> None:
    """Send so many orders to empty the caches, each followed by one to draw Train, and wait for every drawing."""
    clear, draw = BackMsg(clear_cache=True), BackMsg()
    draw.rerun_script.page_name = "train"
    async with connect(url.replace("http", "ws") + "/_stcore/stream", max_size=None) as connection:
        for _ in range(orders):
            await connection.send(clear.SerializeToString())
            await connection.send(draw.SerializeToString())
            while ForwardMsg.FromString(await connection.recv()).WhichOneof("type") != "script_finished":
                pass


def line(process: psutil.Process) -> str:
    """Return a process's memory, threads and open files, as a line."""
    memory = process.memory_info().rss / 1e6
    return f"{memory:.0f} MB, {process.num_threads()} threads, {process.num_fds()} open files"


def main() -> None:
    """Attack a server of its own, then end it by SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=400)
    orders = parser.parse_args().orders
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        process = psutil.Process(server.pid)
        asyncio.run(attack(server.url, 3))  # what a first drawing loads is no growth
        print(f"before        {line(process)}")
        began = time.monotonic()
        asyncio.run(attack(server.url, orders))
        print(f"after {orders:>5}   {line(process)}, {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        process.terminate()
        process.wait(30)
        print(f"SIGTERM ends it after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
