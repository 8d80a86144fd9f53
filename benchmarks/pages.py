"""Latencies of the pages in a real Chromium: python -m benchmarks.pages."""

import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.looking_inside import looking_inside
from benchmarks.painting import since_event, since_navigation
from benchmarks.report import Figure, outputs, report
from fmnist.recipe import FAST
from fmnist.runs.store import Store
from testing import chromium
from testing.serving import Server, wait_for
from testing.train_page import train_button

COLD_STARTS = 5
CHANGES = 50
# Not counted: the browser's code and the server's caches are cold.
WARM_UP = 5
CLICKS = 3
# Epochs of a run that trains while something else is measured; one of many more has fewer points an epoch.
LONG = 40
# Between two measurements, until a page has nothing more to draw.
REST_MILLISECONDS = 300

GRID = "document.querySelectorAll('.st-key-grid *').values().some((element) => " + (
    "[...(element.shadowRoot?.querySelectorAll('.picture') ?? [])]"
    ".filter((picture) => picture.style.backgroundImage).length === 25)"
)
GAME = (
    "document.querySelectorAll('.st-key-game *').values()"
    ".some((element) => element.shadowRoot?.querySelector('.answers button'))"
)
ANSWER = (
    "document.querySelectorAll('.st-key-predict *').values()"
    ".some((element) => element.shadowRoot?.querySelector('.verdict b')?.innerText === 'Pullover')"
)


def in_training(holds: str) -> str:
    """Return the condition that `holds` in the block of a run in training."""
    return (
        "document.querySelectorAll('.st-key-training *').values().some(({ shadowRoot: root }) => "
        f"root && !root.querySelector('.going').hidden && ({holds}))"
    )


BAR, FIRST_EPOCH = in_training("true"), in_training("root.querySelector('.chart > svg .test')")
CURVE = "root.querySelector('.chart > svg path.learning')?.getAttribute('d')"
PROGRESS = in_training("root.querySelector('h2').textContent.includes('epoch 1')")
ENOUGH = in_training(f"{CURVE}?.split('L').length >= 6")


def cold_start(browser: Browser, address: str, drawn: str) -> float:
    """Return the seconds from the start of the server's process to a painted page, with the data set in the cache.

    The store is new: the page shows the included network.
    """
    with tempfile.TemporaryDirectory() as folder, closing(Server(Path(folder))) as server:
        started = time.time()
        server.start()
        # A new page has a profile of its own: Streamlit's code is fetched, too.
        page = browser.new_page()
        page.goto(f"{server.url}/{address}", wait_until="commit")
        _, painted = since_navigation(page, drawn)
        page.close()
    return painted / 1000 - started


def click_train(browser: Browser, server: Server, shown: str) -> float:
    """Return the seconds from the click on Train on a new page, with the preselected recipe, until `shown` is painted.

    The run is stopped and deleted.
    """
    page = browser.new_page()
    page.goto(f"{server.url}/train")
    button = train_button(page)
    button.wait_for()
    page.wait_for_timeout(REST_MILLISECONDS)
    took = since_event(page, "click", button.click, shown) / 1000
    page.close()
    server.store.request_stop(server.run.id)
    wait_for(lambda: not server.run.active, "the end of the run")
    server.store.delete(server.run.id)
    return took


def train_clicks(browser: Browser, folder: Path) -> list[Figure]:
    """Measure clicks on Train, on new servers and on one whose worker has trained before."""
    figures = []
    for name, shown, most in (("something moves", BAR, 1.0), ("first progress painted", PROGRESS, 6.0)):
        with tempfile.TemporaryDirectory() as new, Server(Path(new)) as server:
            figures.append(Figure(f"Train click → {name}, cold worker", click_train(browser, server, shown), "s", most))
    with Server(folder) as server:
        click_train(browser, server, PROGRESS)
        for name, shown, most in (
            ("something moves", BAR, 0.5),
            ("first progress painted", PROGRESS, 0.7),
            ("six points painted", ENOUGH, 5.0),
            ("first epoch painted", FIRST_EPOCH, 6.0),
        ):
            slowest = max(click_train(browser, server, shown) for _ in range(CLICKS))
            figures.append(Figure(f"Train click → {name}, warm worker, slowest of {CLICKS}", slowest, "s", most))
    return figures


def train_long(server: Server) -> None:
    """Start a training by Fast's settings that outlasts the measurements."""
    with closing(Store(server.database_url)) as store:
        store.submit(replace(FAST, epochs=LONG), "page")
    wait_for(lambda: server.run.progress is not None, "the first batches", 120)


def returns(browser: Browser, folder: Path) -> list[Figure]:
    """Measure `coming_back` while a run trains."""
    with Server(folder) as server:
        train_long(server)
        # Closed at the end: what is left of a page looks for its server.
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{server.url}/train?run={server.run.id}")
            since_navigation(page, PROGRESS)
            return coming_back(page, server)


def coming_back(page: Page, server: Server) -> list[Figure]:
    """Measure a reload, a second tab and a restarted server, each until the training run is painted."""
    shown = in_training(f"root.querySelector('h2').textContent.startsWith('Run {server.run.number} ·')")
    figures = []
    page.reload(wait_until="commit")
    figures.append(Figure("refresh → the same run painted", since_navigation(page, shown)[0] / 1000, "s", 2))
    tab = page.context.new_page()
    tab.goto(f"{server.url}/train?run={server.run.id}", wait_until="commit")
    figures.append(Figure("second tab → the same run painted", since_navigation(tab, shown)[0] / 1000, "s", 2))
    server.interrupt()
    wait_for(lambda: server.run.status == "queued", "the run's return to the queue")
    server.start()
    page.goto(f"{server.url}/train?run={server.run.id}", wait_until="commit")
    figures.append(Figure("restarted server → the same run painted", since_navigation(page, shown)[0] / 1000, "s", 2))
    return figures


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the pages."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        figures = []
        for what, address, drawn in (
            ("game", "", GAME),
            ("grid", "data", GRID),
            ("first prediction", "predict", ANSWER),
        ):
            slowest = max(cold_start(browser, address, drawn) for _ in range(COLD_STARTS))
            figures.append(Figure(f"cold start → {what} painted, slowest of {COLD_STARTS}", slowest, "s", 3))
        for measure in (train_clicks, returns, looking_inside):
            with tempfile.TemporaryDirectory() as folder:
                figures += measure(browser, Path(folder))
        browser.close()
    report("Pages", figures, file)


if __name__ == "__main__":
    main()
