"""A real training from the Train page, as a person watches it: the worker loads TensorFlow once for all of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from testing.serving import Server, wait_for
from testing.train_page import POINTS, epoch_of, start_training, status, type_number


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

    expect(epoch_of(page)).to_contain_text(re.compile(r"Epoch 1 of 3 · batch [\d,]+ of 125 · [\d,]+ images per second"))
    first = epoch_of(page).inner_text()
    expect(epoch_of(page)).not_to_have_text(first)
    expect(page.locator(POINTS)).not_to_have_count(0)
    assert not maps_tensorflow(server)
    expect(status(page, "succeeded")).to_be_visible()
    # Two curves: an epoch is two points.
    expect(page.locator(POINTS)).to_have_count(6)
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    assert page.evaluate("window.notReloaded")
    for value in page.get_by_test_id("stMetricValue").all_inner_texts():
        assert re.fullmatch(r"\d+\.\d\d%|\d\.\d{4}", value)

    expect(page.get_by_test_id("stVegaLiteChart")).to_have_accessible_name(re.compile("after epoch 3, .* best"))
    page.locator(POINTS).last.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text(re.compile(r"\d\d\.\d\d%"))
    page.get_by_role("button", name="Try this network").click()
    expect(page.get_by_role("img", name="Test image 169: Pullover")).to_be_visible()
    assert not maps_tensorflow(server)


def test_stop_keeps_the_last_finished_epoch_and_more_epochs_go_on_from_it(visit, server):
    page = visit(server, "train")
    start_training(page, 200)
    expect(epoch_of(page)).to_contain_text("Epoch 2 of 200")
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(status(page, "was stopped; the network of epoch")).to_be_visible()
    done = len(server.run.epochs)
    assert 1 <= done < 200
    expect(page.locator(POINTS)).to_have_count(2 * done)
    kept = server.store.logits(server.run.id, done).tobytes()

    type_number(page, f"more_{200 - done}", 1)
    page.get_by_role("button", name="Train longer").click()
    expect(status(page, "succeeded")).to_be_visible()
    expect(page.locator(POINTS)).to_have_count(2 * done + 2)
    assert server.store.logits(server.run.id, done).tobytes() == kept


def maps_tensorflow(server: Server) -> bool:
    """Return whether a TensorFlow library is in the web server's memory."""
    maps = Path(f"/proc/{server.pid}/maps")
    if not maps.exists():
        pytest.skip("only Linux tells what is mapped into a process")
    return "tensorflow" in maps.read_text()
