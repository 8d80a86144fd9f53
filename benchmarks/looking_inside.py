"""Latencies of the Evaluate page: a cell's images, and another epoch."""

import itertools
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.painting import since_event
from benchmarks.report import Figure, spread
from fmnist.analysis.confusion import confusion_matrix
from fmnist.analysis.metrics import predictions
from fmnist.data.dataset import CLASS_NAMES, load_dataset
from fmnist.settings import Settings
from testing.serving import Server, wait_for

EPOCHS = 5
CHANGES = 50
WARM_UP = 5
REST_MILLISECONDS = 300


def looking_inside(browser: Browser, folder: Path) -> list[Figure]:
    """Open cells of the confusion matrix, then go through the epochs of a run, each until all is painted."""
    server = Server(folder)
    server.train("--epochs", str(EPOCHS), "--training-images", "5000")
    run = server.run
    labels = load_dataset(Settings.from_environment()).test.labels
    matrices = {
        epoch.epoch: confusion_matrix(labels, predictions(server.store.logits(run.id, epoch.epoch)))
        for epoch in run.epochs
    }
    with server:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{server.url}/evaluate?run={run.id}")
        page.get_by_role("grid").wait_for()
        # The embeddings of the run that has just ended.
        wait_for(lambda: not server.store.jobs.any_active(), "an idle worker", 120)
        figures = spread("cell → its images painted", cells(page, matrices[EPOCHS]), 150)
        return figures + spread("epoch slider → all painted", epochs(page, matrices), 200)


def cells(page: Page, matrix: np.ndarray) -> list[float]:
    """Milliseconds from the click on a cell to its painted images, of one cell after the other."""
    took = []
    for true, predicted in itertools.islice(_filled_cells(matrix), WARM_UP + CHANGES):
        page.wait_for_timeout(REST_MILLISECONDS)
        cell = page.get_by_role("grid").get_by_role("button").nth(len(matrix) * true + predicted)
        first_image = f"{CLASS_NAMES[true]}, predicted {CLASS_NAMES[predicted]} with"
        shown = _in_component("cell", ".grid button", first_image)
        took.append(since_event(page, "click", cell.click, shown))
    return took[WARM_UP:]


def epochs(page: Page, matrices: dict[int, np.ndarray]) -> list[float]:
    """Milliseconds from an arrow key on the slider to the painted accuracy, matrix and images, to and fro."""
    # The diagonal's first cell has other images, and another count, after every epoch.
    page.get_by_role("grid").get_by_role("button").first.click()
    slider = page.get_by_role("slider", name="Network after epoch")
    back = range(EPOCHS - 1, 0, -1)
    there_and_back = itertools.cycle(
        [("ArrowLeft", epoch) for epoch in back] + [("ArrowRight", epoch + 1) for epoch in back[::-1]]
    )
    took = []
    for key, epoch in itertools.islice(there_and_back, WARM_UP + CHANGES):
        page.wait_for_timeout(REST_MILLISECONDS)
        slider.focus()
        count = f"{matrices[epoch][0, 0]:,}"
        accuracy = f"{matrices[epoch].trace() / matrices[epoch].sum():.2%}"
        shown = " && ".join(
            (
                f"document.body.innerText.includes({json.dumps(accuracy)})",
                _in_component("matrix", "button", f": {count} image"),
                f"document.body.innerText.includes({json.dumps(f'of {count}.')})",
            )
        )
        took.append(since_event(page, "keydown", partial(slider.press, key), shown))
    return took[WARM_UP:]


def _filled_cells(matrix: np.ndarray) -> Iterator[tuple[int, int]]:
    """Cells that have images, the fullest first, again and again."""
    order = np.argsort(matrix, axis=None)[::-1]
    filled = [divmod(int(cell), len(matrix)) for cell in order if matrix.flat[cell]]
    return itertools.cycle(filled)


def _in_component(key: str, selector: str, words: str) -> str:
    """Return the condition that the first such element in a component's shadow root has this label."""
    return (
        f"[...document.querySelectorAll('.st-key-{key} *')].some((element) => "
        f"element.shadowRoot?.querySelector({json.dumps(selector)})?.getAttribute('aria-label')"
        f".includes({json.dumps(words)}))"
    )
