"""Requests of a foreign client to a real server."""

import asyncio
import http.client
import signal as signals
import subprocess
from contextlib import closing

import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from fmnist.recipe import Recipe
from testing.clear_cache import attack
from testing.serving import PROJECT, START_TIMEOUT, Server, wait_for


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield server


def answer(server, host):
    connection = http.client.HTTPConnection("localhost", server.port)
    with closing(connection):
        connection.request("GET", "/", headers={"Host": host})
        response = connection.getresponse()
        response.read()
        return response


def stream(server):
    return server.url.replace("http", "ws") + "/_stcore/stream"


def test_a_foreign_host_is_refused(server):
    assert answer(server, "evil.example").status == 400
    taken = answer(server, f"localhost:{server.port}")
    assert taken.status == 200
    assert taken.headers["Content-Security-Policy"] == "frame-ancestors 'self'"

    async def come():
        async with connect("ws://evil.example/_stcore/stream", host="localhost", port=server.port):
            pass

    with pytest.raises(InvalidStatus, match="400"):
        asyncio.run(come())


@pytest.mark.parametrize("size", [2_000_000, 50_000_000])
def test_too_large_a_message_ends_its_connection(server, size):
    async def send():
        async with connect(stream(server), max_size=None) as connection:
            await connection.send(b"\0" * size)
            while True:
                await connection.recv()

    with pytest.raises(ConnectionClosed) as closed:
        asyncio.run(send())
    assert closed.value.rcvd.code == 1009


def test_a_client_that_empties_the_caches_leaves_the_server_as_it_was(server):
    process = psutil.Process(server.pid)
    asyncio.run(attack(server.url, 2))
    before = process.num_threads()
    asyncio.run(attack(server.url, 8))
    assert process.num_threads() <= before + 2


@pytest.mark.thorough
def test_a_queued_run_goes_on_without_a_visitor(tmp_path):
    server = Server(tmp_path)
    run = server.store.submit(Recipe(epochs=1, training_images=500), "page")
    with server:
        wait_for(lambda: server.store.run(run.id).status == "succeeded", "the run's end", 120)


@pytest.mark.thorough
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM"])
def test_a_store_that_cannot_be_used_keeps_no_server_from_its_start_or_its_end(tmp_path, signal):
    folder = tmp_path / "store"
    folder.touch()  # a file where the folder of the store should be
    with Server(tmp_path) as server:
        server.database = folder / "runs.sqlite3"
        server.close()
        server.start()
        wait_for(lambda: "cannot be used" in server.log, "the operator's sentence")

        if signal == "SIGINT":
            folder.unlink()
            wait_for(server.database.exists, "the store, without a visitor and without a restart")
        process = psutil.Process(server.pid)
        process.send_signal(getattr(signals, signal))
        process.wait(START_TIMEOUT)


def test_a_person_at_a_screen_gets_a_browser_window(tmp_path):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    server = Server(tmp_path)
    command = [word if word != "true" else "false" for word in server.command()]
    process = subprocess.Popen(
        command, env=server.environment() | {"BROWSER": str(browser)}, cwd=PROJECT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(opened.exists, "the browser")
        wait_for(lambda: opened.read_text().strip() == server.url, "its address")
    finally:
        process.terminate()
        process.wait(START_TIMEOUT)
