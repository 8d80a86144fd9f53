"""A real training from the Train page, as a person watches it: the worker loads TensorFlow once for all of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from testing.serving import Server, wait_for
from testing.train_page import (
    POINTS,
    choose_small_run,
    result,
    start_training,
    status,
    stop_button,
    train_button,
)
from tests.browser.predict_page import caption

pytestmark = pytest.mark.thorough

TRAINING_LINE = ".training .chart > svg path.learning"


@pytest.fixture(scope="module")
def module_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests here: its worker starts once."""
    with Server(tmp_path_factory.mktemp("training")) as server:
        yield server


@pytest.fixture
def server(module_server: Server) -> Iterator[Server]:
    """The server with nothing to do and no run: what a test trained is stopped after it, and deleted."""
    yield module_server
    store = module_server.store
    for run in store.runs():
        if run.active:
            store.request_stop(run.id)
    wait_for(lambda: not any(run.active for run in store.runs()), "the end of the test's runs")
    for run in store.runs():
        if run.origin != "project":
            store.delete(run.id)


def test_a_run_is_watched_live_from_its_first_batch_to_its_end(visit, server):
    page = visit(server, "train")
    page.evaluate("window.notReloaded = true")
    assert not maps_tensorflow(server)
    start_training(page, 3)

    expect(page.locator(TRAINING_LINE)).to_have_attribute("d", re.compile("^M.*L.*L"))  # before the first epoch's end
    assert not maps_tensorflow(server)
    expect(status(page, "of the test images classified correctly, .* of 10,000 wrong, in")).to_be_visible()
    expect(page.locator(POINTS)).to_have_count(3)
    expect(stop_button(page)).to_be_hidden()
    assert page.evaluate("window.notReloaded")
    curve = page.locator(".training .chart > svg")
    expect(curve).to_have_accessible_name(re.compile(r"After epoch 3: \d\d\.\d% in validation, \d\d\.\d% of the test"))

    page.locator(POINTS).last.hover(force=True)
    expect(page.locator(".training .exact")).to_have_text(re.compile(r"after epoch 3\s+training \d\d\.\d\d%"))
    zoom = page.locator(".training .axis").get_by_text("Zoom")
    zoom.click()
    expect(curve.get_by_text("84%")).to_be_visible()
    result(page).click()
    expect(caption(page)).to_contain_text("Test image 169 true class: Pullover")
    assert not maps_tensorflow(server)


def test_stop_keeps_the_last_finished_epoch_and_more_epochs_go_on_from_it(visit, server):
    page = visit(server, "train")
    start_training(page, 200)
    expect(status(page, "epoch 2 of 200")).to_be_visible()
    stop_button(page).click()
    expect(status(page, "Stopped; the network of epoch")).to_be_visible()
    done = len(server.run.epochs)
    assert 1 <= done < 200
    kept = server.store.logits(server.run.id, done).tobytes()

    page.get_by_role("button", name="Train longer").click()
    form = page.locator(".training form")
    more = form.get_by_label("More epochs")
    expect(more).to_be_focused()
    expect(more).to_have_value(str(200 - done))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Train longer")).to_be_focused()
    page.keyboard.press("Enter")
    more.fill("1")
    form.get_by_role("button", name="Learning rate").click()
    form.get_by_label("Learning rate").fill("0.0005")
    page.keyboard.press("Enter")
    expect(status(page, "of 10,000 wrong")).to_be_visible()
    assert len(server.run.epochs) == done + 1
    assert server.run.learning_rates == {done + 1: 0.0005}
    assert server.store.logits(server.run.id, done).tobytes() == kept


# What a page may move by itself, of the window: https://web.dev/articles/cls
MAX_SHIFT = 0.05
COUNT_SHIFTS = """
window.shift = 0
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_nothing_moves_from_the_click_to_the_end(visit, server, width, height):
    page = visit(server, "train")
    page.set_viewport_size({"width": width, "height": height})
    expect(result(page)).to_be_visible()
    choose_small_run(page, 2)
    page.evaluate(COUNT_SHIFTS)
    page.wait_for_timeout(1_000)
    page.evaluate("window.shift = 0")
    if width > 640:
        # Without scrolling to the foot of the settings, which are long here: the block is in view.
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        train_button(page).evaluate("button => button.click()")
    else:
        train_button(page).click()
    expect(status(page, "epoch 1 of 2")).to_be_visible()
    expect(stop_button(page)).to_be_in_viewport()
    expect(result(page)).to_be_visible()
    page.wait_for_timeout(500)

    shift = page.evaluate("window.shift")
    assert shift <= MAX_SHIFT
    sentence = page.locator(".training h2")
    assert sentence.evaluate("sentence => sentence.scrollHeight <= sentence.clientHeight")


def test_a_training_is_played_again(visit, server):
    page = visit(server, "train")
    start_training(page, 2)
    expect(result(page)).to_be_visible()
    block = page.locator("div.training")
    slider, items = block.get_by_role("slider"), block.locator(".watched li")
    expect(items).to_have_count(20)
    expect(items.first).to_have_class(re.compile("right|wrong"))
    expect(block.locator(".sentence")).to_contain_text(re.compile(r"\d+ of 20 right"))
    expect(page.locator(POINTS)).to_have_count(2)
    filters = block.locator(".filters svg").inner_html()

    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d+\.\d s of \d+\.\d s$"))
    expect(page.locator(POINTS)).not_to_have_count(2)
    assert block.locator(".filters svg").inner_html() != filters
    items.nth(5).get_by_role("button").click()
    expect(caption(page)).to_contain_text("Test image 66 true class: Pullover")
    assert "epoch=1" in page.url
    page.go_back()

    slider.press("Home")
    slider.press("ArrowRight")
    slider.press(" ")
    expect(page.locator(POINTS)).to_have_count(2)  # played to the end

    image = items.nth(5)
    image.get_by_role("button").click()
    expect(caption(page)).to_contain_text("Test image 66 true class: Pullover")


def maps_tensorflow(server: Server) -> bool:
    """Return whether a TensorFlow library is in the web server's memory."""
    maps = Path(f"/proc/{server.pid}/maps")
    if not maps.exists():
        pytest.skip("only Linux tells what is mapped into a process")
    return "tensorflow" in maps.read_text()
