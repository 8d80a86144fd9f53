"""A real Chromium before the real server.

Where there is no Chromium the tests are skipped with the reason; with CI=true in the environment they fail instead, so
that a machine which must run them cannot leave them out unseen.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from fmnist.runs.record import Run
from testing import chromium
from testing.serving import START_TIMEOUT, Server
from tests.browser.shared_server import session_folder, shared_server
from tests.browser.stub_worker import ServerWithoutWorker

expect.set_options(timeout=START_TIMEOUT * 1000)

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


# For the package only: while Playwright is there, no other test could run an event loop of its own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if chromium.find() is None and os.environ.get("CI") != "true":
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(chromium.NAMES)} on the PATH)")
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as a newcomer has it: there is but the run that came with the project. Its tests train nothing."""
    with shared_server(session_folder(tmp_path_factory, "empty")) as server:
        yield server


@pytest.fixture(scope="session")
def trained_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one finished run of three epochs, trained in a terminal. Its tests change no run."""
    options = ("--epochs", "3", "--batch-size", "16", "--training-images", "2000")
    with shared_server(session_folder(tmp_path_factory, "trained"), lambda server: server.train(*options)) as server:
        yield server


@pytest.fixture(scope="session")
def idle_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose runs wait for a worker that is there, but takes none: this process."""
    folder = tmp_path_factory.mktemp("idle")
    with ServerWithoutWorker(folder) as server, closing(server.store.leases.lease("worker")) as worker:
        worker.keep()
        yield server


@pytest.fixture
def server(idle_server: Server) -> Iterator[Server]:
    """The idle server without a run but the project's: those of a test are deleted after it."""
    yield idle_server
    for run in own_runs(idle_server):
        idle_server.store.delete(run.id)


def own_runs(server: Server) -> list[Run]:
    """The runs that did not come with the project."""
    return [run for run in server.store.runs() if run.origin != "project"]


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser profile for each kind of person; Chromium fetches Streamlit's megabytes once for each."""

    @cache
    def profile(locale: str, color_scheme: Literal["light", "dark"]) -> BrowserContext:
        size = ViewportSize(width=1280, height=850)
        context = browser.new_context(viewport=size, locale=locale, color_scheme=color_scheme)
        context.set_default_timeout(START_TIMEOUT * 1000)
        return context

    yield profile


@pytest.fixture
def visit(profiles: Callable[..., BrowserContext]) -> Iterator[Visit]:
    """Come in a new tab: `visit(server, "train")`, `visit(server, "predict?index=3", locale="es-ES")`."""
    pages, failures = [], []

    def come(server: Server, address: str = "", locale: str = "en-US", color_scheme: str = "light") -> Page:
        page = profiles(locale, color_scheme).new_page()
        pages.append(page)
        page.on("pageerror", lambda failure: failures.append(str(failure)))
        page.goto(f"{server.url}/{address}")
        return page

    yield come
    try:
        for page in pages:
            assert page.get_by_test_id("stException").count() == 0
        assert failures == []
    finally:
        for page in pages:
            page.close()
