"""Latencies of the hand on Predict, in Chromium on this machine: python -m benchmarks.hand.

Every figure is measured inside the page: from an event to the end of the frame that shows its answer.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.pages import REST_MILLISECONDS, train_long
from benchmarks.report import Figure, outputs, report
from testing import chromium
from testing.serving import Server, wait_for

STEPS = 1_000
# A frame's callbacks are timed before any script of the page runs.
TIMED_FRAMES = """
const request = window.requestAnimationFrame.bind(window)
window.spent = 0
window.requestAnimationFrame = (draw) => request((time) => {
    const start = performance.now()
    draw(time)
    window.spent += performance.now() - start
})
"""
# Sixty steps a second: the script's time of each, and from the event to the end of its frame.
DRAG = """async (root, steps) => {
    const slider = root.querySelector("#index")
    const found = []
    for (let step = 0; step < steps; step++) {
        slider.value = String((169 + 7 * step) % 10000)
        window.spent = 0
        const start = performance.now()
        slider.dispatchEvent(new Event("input"))
        const handled = performance.now() - start
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        found.push([handled + window.spent, performance.now() - start])
    }
    return found
}"""
LISTEN = """(root) => {
    window.strokes = []
    root.querySelector(".image canvas").addEventListener("pointermove", (event) => {
        requestAnimationFrame(() => setTimeout(() => window.strokes.push(performance.now() - event.timeStamp)))
    })
}"""
EXPLAIN = """async (root, label) => {
    const [classes, sentence] = [root.querySelector("#class"), root.querySelector(".falls-sentence")]
    const changed = new Promise((resolve) => new MutationObserver(resolve).observe(sentence, { childList: true }))
    window.spent = 0
    const start = performance.now()
    classes.value = String(label)
    classes.dispatchEvent(new Event("change"))
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const frame = performance.now() - start
    await changed
    return [frame, performance.now() - start]
}"""
# Ten epochs a second: a step is dropped where its answer is not painted when the next one comes.
PLAY = """async (root, steps) => {
    const slider = root.querySelector("#epoch")
    const answer = () => root.querySelector("table").textContent
    let dropped = 0
    for (let step = 0; step < steps; step++) {
        const [before, start] = [answer(), performance.now()]
        slider.value = String(step % (Number(slider.max) + 1))
        slider.dispatchEvent(new Event("input"))
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        const left = 100 - (performance.now() - start)
        if (left < 0 || answer() === before) dropped++
        await new Promise((resolve) => setTimeout(resolve, left))
    }
    return dropped
}"""
WEIGHTS = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/weights')).length"
BYTES = """(part) => performance.getEntriesByType("resource").filter(({ name }) => name.includes(part))
    .reduce((sum, { transferSize }) => sum + transferSize, 0)"""


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(values, 95))


@contextmanager
def counted(page: Page) -> Iterator[list[str]]:
    """Collect the requests of the page, and what it sends to the server, in the meantime."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    yield sent


def opened(browser: Browser, server: Server, query: str = "") -> Page:
    """Open Predict; return when images and weights are there."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.add_init_script(TIMED_FRAMES)
    page.goto(f"{server.url}/predict{query}")
    page.locator(".note").filter(has_text="Draw on the image").wait_for()
    chunks = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/test/')).length"
    wait_for(lambda: page.evaluate(chunks) == 20, "the test images")
    return page


def moving(page: Page, state: str, most: tuple[float, float, float]) -> list[Figure]:
    """Measure the dragged slider and strokes on the image."""
    page.bring_to_front()
    root = page.locator(".predict")
    with counted(page) as requests:
        steps = root.evaluate(DRAG, STEPS)
    root.evaluate(LISTEN)
    box = page.get_by_role("application").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(300):
        page.mouse.move(box["x"] + 20 + step % 270, box["y"] + 20 + step * 0.9)
    page.mouse.up()
    return [
        Figure(f"slider, script a step, p95, {state}", p95([script for script, _painted in steps]), "ms", most[0]),
        Figure(f"slider → all layer maps painted, p95, {state}", p95([paint for _, paint in steps]), "ms", most[1]),
        Figure(f"requests while the hand moves, {state}", len(requests), "requests", 0),
        Figure(f"stroke → bars, p95, {state}", p95(page.evaluate("window.strokes")), "ms", most[2]),
    ]


def explaining(page: Page) -> list[Figure]:
    """Measure Grad-CAM of another class, and the whole occlusion map."""
    page.get_by_text("Why", exact=True).click()
    page.locator(".falls-sentence").filter(has_text="Occlusion").wait_for()
    took = [page.locator(".predict").evaluate(EXPLAIN, label) for label in (3, 4, 6, 8, 0)]
    return [
        Figure("Grad-CAM of another class painted, slowest of 5", max(frame for frame, _map in took), "ms", 34),
        Figure("whole occlusion map, slowest of 5", max(whole for _frame, whole in took), "ms", 150),
    ]


def kilobytes(page: Page, part: str) -> float:
    """Return what the page has fetched from addresses with that part."""
    return page.evaluate(BYTES, part) / 1000


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the hand."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        browser = chromium.launch(playwright)
        page = opened(browser, server)
        figures = [
            Figure("all test images", kilobytes(page, "/test/"), "kB", 4_600),
            Figure(
                "weights and logits of an epoch", kilobytes(page, "/weights") + kilobytes(page, "/logits"), "kB", 500
            ),
            Figure("how unlike an image is, of the included network alone", kilobytes(page, "/distances"), "kB"),
        ]
        wait_for(lambda: not server.store.jobs.any_active(), "an idle worker", 120)
        figures += moving(page, "idle", (8, 25, 35)) + explaining(page)
        page.get_by_text("Layers", exact=True).click()
        page.locator(".epochs").hover()
        wait_for(lambda: page.evaluate(WEIGHTS) == 10, "the weights of the kept epochs")
        dropped = page.locator(".predict").evaluate(PLAY, 100)
        figures.append(Figure("epochs played at 10 a second, of 100", dropped, "dropped", 0))
        page.wait_for_timeout(REST_MILLISECONDS)
        page.reload()
        page.locator(".note").filter(has_text="Draw on the image").wait_for()
        figures.append(Figure("the same after a reload", kilobytes(page, "/api/"), "kB", 0))
        second = page.context.new_page()
        second.goto(page.url)
        second.locator(".note").filter(has_text="Draw on the image").wait_for()
        figures.append(Figure("the same in a second tab", kilobytes(second, "/api/"), "kB", 0))
        second.close()
        page = opened(browser, server, f"?run={server.store.runs()[-1].id}")
        train_long(server)
        figures += moving(page, "while Fast trains", (16, 50, 65))
        browser.close()
    report("The hand on Predict", figures, file)


if __name__ == "__main__":
    main()
