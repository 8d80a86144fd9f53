"""Latencies of the pages in a real Chromium: python -m benchmarks.pages."""

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.looking_inside import looking_inside
from benchmarks.painting import says, since_event, since_navigation
from benchmarks.report import Figure, outputs, report, spread
from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import FAST
from fmnist.runs.desk import Desk
from fmnist.runs.export import network_file
from fmnist.runs.record import Run
from fmnist.settings import Settings
from testing import chromium
from testing.serving import PROJECT, Server, wait_for

COLD_STARTS = 5
CHANGES = 50
# Not counted: the browser's code and the server's caches are cold.
WARM_UP = 5
CLICKS = 3
# Epochs of a run that trains while something else is measured.
LONG = 100
# Between two measurements, until a page has nothing more to draw.
REST_MILLISECONDS = 300

GRID = "document.querySelectorAll('.st-key-grid *').values().some((element) => " + (
    "[...(element.shadowRoot?.querySelectorAll('.picture') ?? [])]"
    ".filter((picture) => picture.style.backgroundImage).length === 25)"
)
CAPTION, VERDICT = "[data-testid=stImageCaption]", "[data-testid=stMetricValue]"
ANSWER = f"document.querySelector('{VERDICT}')?.innerText === 'Pullover'"
PROGRESS, FIRST_EPOCH = says("body", "images per second"), says("body", "after epoch 1,")


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


def questions(server: Server, run: Run) -> Iterator[tuple[int, str]]:
    """Yield random test indices with their predicted classes, no class twice in a row."""
    answers = server.store.logits(run.id, len(run.epochs)).argmax(axis=1)
    before = answers[169]
    for index in np.random.default_rng(0).permutation(len(answers)):
        if answers[index] != before:
            before = answers[index]
            yield int(index), CLASS_NAMES[before]


def changes(page: Page, asked: Iterator[tuple[int, str]], verdict: str) -> list[float]:
    """Return the milliseconds from Enter to the painted picture and label, for each change of the index."""
    box = page.locator(".st-key-type_index input")
    box.wait_for()
    took = []
    for index, answer in itertools.islice(asked, WARM_UP + CHANGES):
        page.wait_for_timeout(REST_MILLISECONDS)
        box.fill(str(index))
        shown = f"{says(CAPTION, f'Test image {index:,}:')} && {says(verdict, answer)}"
        took.append(since_event(page, "keydown", lambda: box.press("Enter"), shown))
    return took[WARM_UP:]


def click_train(page: Page, shown: str) -> float:
    """Return the seconds from the click on Train, with the preselected recipe, until `shown` is painted."""
    button = page.get_by_role("button", name="Train", exact=True)
    button.wait_for()
    page.wait_for_timeout(REST_MILLISECONDS)
    return since_event(page, "click", button.click, shown) / 1000


def train_clicks(browser: Browser, folder: Path) -> list[Figure]:
    """Measure clicks on Train, each on a new page without a run: the first without a worker, the others with one."""
    took = []
    with Server(folder) as server:
        for shown in [PROGRESS] * (1 + CLICKS) + [FIRST_EPOCH] * CLICKS:
            page = browser.new_page()
            page.goto(f"{server.url}/train")
            took.append(click_train(page, shown))
            page.close()
            server.store.request_stop(server.run.id)
            wait_for(lambda: not server.run.active, "the end of the run")
            server.store.delete(server.run.id)
    return [
        Figure("Train click → first progress painted, cold worker", took[0], "s", 8),
        Figure(f"the same, warm worker, slowest of {CLICKS}", max(took[1 : 1 + CLICKS]), "s", 0.7),
        Figure(f"Train click → first epoch painted, warm worker, slowest of {CLICKS}", max(took[-CLICKS:]), "s", 6),
    ]


def train_long(server: Server) -> None:
    """Start a training by Fast's settings that outlasts the measurements."""
    with closing(Desk(replace(Settings.from_environment(), database_url=server.database_url))) as desk:
        desk.submit(replace(FAST, epochs=LONG), "page")
    wait_for(lambda: server.run.progress is not None, "the first batches", 120)


def predictions(browser: Browser, folder: Path) -> list[Figure]:
    """Measure new indices on Predict and on the bare page, idle and while a run trains, then `coming_back`."""
    server = Server(folder)
    server.train("--epochs", "3", "--training-images", "5000")
    run = server.run
    network = folder / "network.safetensors"
    network.write_bytes(network_file("safetensors", server.store.weights(run.id, len(run.epochs))))
    os.environ["BENCHMARK_NETWORK"] = str(network)
    (folder / "bare").mkdir()
    bare_server = Server(folder / "bare", PROJECT / "benchmarks" / "bare_page.py")
    figures = []
    with server, bare_server:
        page, bare = browser.new_page(), browser.new_page()
        page.goto(f"{server.url}/predict?run={run.id}")
        bare.goto(bare_server.url)
        # The embeddings of the run that has just ended.
        wait_for(lambda: not server.store.has_work(), "an idle worker", 120)
        for doing, most in (("idle", 120), ("while Fast trains", 200)):
            for name, tab, verdict, limit in (
                ("new index → picture and label painted", page, VERDICT, most),
                ("the same on a bare page", bare, CAPTION, None),
            ):
                tab.bring_to_front()
                took = changes(tab, questions(server, run), verdict)
                figures += spread(f"{name}, {doing}", took, limit)
            if doing == "idle":
                train_long(server)
        train = browser.new_context().new_page()
        train.goto(f"{server.url}/train")
        since_navigation(train, PROGRESS)
        figures += coming_back(train, server)
    return figures


def coming_back(page: Page, server: Server) -> list[Figure]:
    """Measure a reload, a second tab and a restarted server, each until the training run is painted."""
    shown = says("body", f"Run {server.run.number} is ")
    figures = []
    page.reload(wait_until="commit")
    figures.append(Figure("refresh → the same run painted", since_navigation(page, shown)[0] / 1000, "s", 2))
    tab = page.context.new_page()
    tab.goto(f"{server.url}/train", wait_until="commit")
    figures.append(Figure("second tab → the same run painted", since_navigation(tab, shown)[0] / 1000, "s", 2))
    server.interrupt()
    wait_for(lambda: server.run.status == "queued", "the run's return to the queue")
    server.start()
    page.goto(f"{server.url}/train", wait_until="commit")
    figures.append(Figure("restarted server → the same run painted", since_navigation(page, shown)[0] / 1000, "s", 2))
    return figures


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the pages."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        figures = []
        for what, address, drawn in (("grid", "", GRID), ("first prediction", "predict", ANSWER)):
            starts = [cold_start(browser, address, drawn) for _ in range(COLD_STARTS)]
            figures += [
                Figure(f"cold start → {what} painted, median of {COLD_STARTS}", statistics.median(starts), "s", 3),
                Figure(f"cold start → {what} painted, slowest of {COLD_STARTS}", max(starts), "s", 3),
            ]
        for measure in (train_clicks, predictions, looking_inside):
            with tempfile.TemporaryDirectory() as folder:
                figures += measure(browser, Path(folder))
        browser.close()
    report("Pages", figures, file)


if __name__ == "__main__":
    main()
