"""The pill of this tab's training: on every page but Train, until its result was looked at."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.runs.record import Claim
from fmnist.types import Progress
from testing.serving import Server, wait_for
from tests.browser.conftest import own_runs
from tests.conftest import claim, record_epochs


def pill(page: Page) -> Locator:
    return page.locator(".st-key-pill button")


@pytest.fixture
def started(visit, server: Server) -> Page:
    """A tab whose training is queued."""
    page = visit(server)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Train your own").click()
    wait_for(lambda: own_runs(server), "the run")
    expect(page.get_by_role("heading", level=1)).to_have_text("Train a network")
    return page


@pytest.fixture
def worker(server: Server) -> Iterator[str]:
    """The id of a worker that lives."""
    with closing(server.store.leases.lease("worker")) as lease:
        lease.keep()
        yield lease.process.id


def test_it_follows_the_training_and_leads_back_to_it(started, server, worker, visit):
    page, run = started, server.run
    expect(pill(page)).to_have_count(0)
    page.get_by_role("navigation").get_by_role("link", name="Data").click()
    expect(pill(page)).to_have_text(f"Run {run.number} · starting")
    title = page.get_by_role("heading", level=1).bounding_box()

    claim(server.store, run.id, worker)
    training = Claim(run.id, "training", worker)
    record_epochs(server.store, run.id, worker, 1)
    server.store.jobs.record_progress(training, Progress(2, 50, 100, 0.3, 0.914, 5_000.0, 8.4))
    expect(pill(page)).to_have_text(f"Run {run.number} · epoch 2 of 3 · 91%")
    expect(pill(page)).to_have_accessible_name(f"Run {run.number}, epoch 2 of 3, 91%: go to Train")
    switch = page.locator(".st-key-choose_language").bounding_box()
    box = pill(page).bounding_box()
    assert round(box["height"]) == 36
    assert round(switch["x"] - box["x"] - box["width"]) == 22
    assert page.get_by_role("heading", level=1).bounding_box() == title
    assert page.locator(".st-key-pill i").evaluate("line => line.style.width") == "50%"
    other = visit(server, "data")
    expect(other.locator(".st-key-grid button").first).to_be_visible()
    expect(pill(other)).to_have_count(0)
    record_epochs(server.store, run.id, worker, 2, 3)
    server.store.jobs.finish(training, "succeeded")
    expect(pill(page)).to_contain_text(f"Run {run.number} · ready · ")

    pill(page).press("Enter")
    expect(page.locator(".training .status h2")).to_contain_text("of the test images classified correctly")
    page.get_by_role("navigation").get_by_role("link", name="Data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The data set")
    expect(page.locator(".st-key-grid button").first).to_be_visible()
    expect(pill(page)).to_have_count(0)


def test_a_reload_on_another_page_keeps_the_training_of_the_tab(started, server, visit):
    page, run = started, server.run
    page.get_by_role("navigation").get_by_role("link", name="Data").click()
    expect(pill(page)).to_contain_text(f"Run {run.number}")
    page.reload()
    expect(pill(page)).to_contain_text(f"Run {run.number}")

    pill(page).click()
    expect(page.locator(".training .status h2")).to_contain_text(f"Run {run.number}")
    server.store.request_stop(run.id)
    expect(page.locator(".training .status h2")).to_contain_text("Stopped before the first epoch ended")
    page.get_by_role("navigation").get_by_role("link", name="Data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The data set")
    page.reload()
    expect(page.locator(".st-key-grid button").first).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Train a new one")).to_be_visible()  # its run is known again
    page.get_by_role("navigation").get_by_role("link", name="Data").click()
    expect(page.locator(".st-key-grid button").first).to_be_visible()
    expect(pill(page)).to_have_count(0)  # but its result was looked at
