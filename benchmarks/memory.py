"""Memory of the web server after every action of the pages: python -m benchmarks.memory."""

import re
import tempfile
from pathlib import Path
from typing import get_args

import click
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import Figure, outputs, report
from testing import chromium
from testing.serving import Server, wait_for
from testing.train_page import result, start_training
from ui.state.fields import EvaluateView, PredictView

IMAGES = 100
RUNS = 3
VIEWS = (
    *(f"predict?run={{run}}&predict_view={view}" for view in get_args(PredictView)),
    *(f"evaluate?run={{run}}&evaluate_view={view}" for view in get_args(EvaluateView)),
    "evaluate?run={run}&evaluate_view=map&projection=tsne", "compare?run={run}", "train?run={run}&train_view=details",
)  # fmt: skip


def megabytes(server: Server) -> float:
    """Return the resident memory of the web server and its children but for the workers."""
    workers = {worker.pid for worker in server.workers()}
    return sum(process.memory_info().rss for process in server.processes() if process.pid not in workers) / 1e6


def browse(page: Page) -> None:
    """Show both splits, shuffled and page by page, and download the grid in both formats."""
    for split in ("Test images", "Training images"):
        page.get_by_text(split, exact=True).click()
        page.get_by_role("button", name="Shuffle").click()
        for _ in range(5):
            page.get_by_role("button", name="Next page").click()
            page.wait_for_timeout(200)
    download(page, "These images as")


def train(page: Page) -> None:
    """Follow a short run from its first batch to its end, and download its chart."""
    page.get_by_role("link", name="Train").click()
    start_training(page, 5)
    expect(result(page)).to_be_visible(timeout=120_000)
    download(page, "Chart as")


def ask(page: Page) -> None:
    """Predict test images, then a training image."""
    page.get_by_role("button", name="Try this network").click()
    for index in range(0, 100 * IMAGES, 100):
        box = page.get_by_role("textbox", name="Index of the image")
        box.fill(str(index))
        box.press("Enter")
        expect(page).to_have_url(re.compile(rf"index={index}\b"))
    page.get_by_role("link", name="Data").click()
    page.get_by_role("button", name=re.compile(", training image")).first.click()
    expect(page.get_by_text(re.compile("^Training image [0-9]"))).to_be_visible()


def look_inside(page: Page, server: Server) -> None:
    """Train further runs, wait for their analyses, and open every view of each, epoch by epoch."""
    for seed in range(1, RUNS):
        server.train("--epochs", "5", "--training-images", "2000", "--seed", str(seed))
    for run in server.store.runs():
        server.store.jobs.request(run.id, "tsne")
    wait_for(lambda: not server.store.jobs.any_active(), "what the worker computes", 300)
    for run in server.store.runs():
        for view in VIEWS:
            page.goto(f"{server.url}/{view.format(run=run.id)}")
            slider = page.get_by_role("slider", name=re.compile("epoch", re.IGNORECASE))
            for _ in run.epochs[1:] if view.startswith(("predict", "evaluate")) else ():
                slider.press("ArrowLeft")
                page.wait_for_timeout(300)
            page.wait_for_timeout(1_000)


def download(page: Page, title: str) -> None:
    """Fetch a figure in both formats."""
    for file_format in ("PNG", "SVG"):
        with page.expect_download():
            page.get_by_role("button", name=f"{title} {file_format}").click()


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the memory."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        browser = chromium.launch(playwright)
        page = browser.new_page()
        page.goto(server.url)
        expect(page.get_by_role("button", name="Ankle boot, training image 0")).to_be_visible(timeout=30_000)
        figures = [Figure("web server with its first page", megabytes(server), "MB", 300)]
        for act, done in ((browse, "browsing"), (train, "training"), (ask, f"asking about {IMAGES} images")):
            act(page)
            figures.append(Figure(f"then after {done}", megabytes(server), "MB", 300))
        look_inside(page, server)
        figures.append(Figure(f"then after every view of {RUNS} runs", megabytes(server), "MB", 400))
        browser.close()
    report("Memory", figures, file)


if __name__ == "__main__":
    main()
