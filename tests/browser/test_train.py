"""The Train page, as a person uses it."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from fmnist.recipe import FAST, Recipe
from fmnist.runs.record import Claim, Run
from testing.serving import Server, wait_for
from testing.train_page import shown_number, start_training, status, train_button, type_number
from tests.browser.figures import assert_figure
from tests.browser.predict_page import caption, verdict
from tests.browser.stub_worker import StubWorker
from tests.conftest import claim, record_epochs

pytestmark = pytest.mark.thorough

# Two a finished epoch: on training and validation.
POINTS = ".stVegaLiteChart .mark-symbol.role-mark path"


@pytest.fixture
def stub_worker(server: Server) -> Iterator[StubWorker]:
    with StubWorker(server) as worker:
        yield worker


def trained(server: Server, recipe: Recipe) -> Run:
    """A run of the server that has ended."""
    run = server.store.submit(recipe, "page")
    with closing(server.store.leases.lease("worker")) as lease:  # a job of a dead worker would be queued again
        lease.keep()
        worker = lease.process.id
        claim(server.store, run.id, worker)
        record_epochs(server.store, run.id, worker, *range(1, recipe.epochs + 1))
        server.store.jobs.finish(Claim(run.id, "training", worker), "succeeded")
    return run


def test_a_new_run_is_drawn_beside_the_one_before_over_epochs_and_over_seconds(visit, server):
    first = trained(server, Recipe(epochs=2))
    second = trained(server, replace(FAST, epochs=1))
    page = visit(server, f"train?run={second.id}&compare={first.id}")
    # The last one: Streamlit leaves the chart of the other axis in its place until the new one is drawn.
    chart = page.get_by_test_id("stVegaLiteChart").last
    expect(page.locator(POINTS)).to_have_count(6)
    expect(chart.get_by_text("Epoch", exact=True)).to_be_visible()
    page.get_by_text("Seconds of training", exact=True).first.click()
    expect(chart).to_have_accessible_name(re.compile("after .* of training, the validation accuracy is"))
    expect(chart.get_by_text("Seconds of training", exact=True)).to_be_visible()
    expect(page.locator(POINTS)).to_have_count(6)


def test_a_slow_press_on_train_takes_over_the_number_that_was_just_typed(visit, server):
    """To press takes the number over, which changes what is said of the time: the button stays under the finger."""
    earlier = trained(server, Recipe(epochs=1, batch_size=1024))
    page = visit(server, "train")
    page.locator(".st-key-recipe").get_by_text("Custom", exact=True).click()
    type_number(page, "epochs", 1)
    type_number(page, "batch_size", 1024)
    expected_accuracy = page.get_by_text(re.compile(r"^1 epoch, .*%$"))
    expect(expected_accuracy).to_be_visible()

    page.locator(".st-key-epochs input").fill("2")
    train_button(page).hover()
    page.mouse.down()
    expect(expected_accuracy).to_have_count(0)
    page.mouse.up()
    wait_for(lambda: server.run.id != earlier.id, "the run that was asked for")
    assert server.run.recipe.epochs == 2


def test_reload_and_second_tab_show_the_same_run_that_trains(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(status(page, "epoch 2 of 200")).to_be_visible()
    number, address = shown_number(page), page.url.removeprefix(server.url + "/")

    page.reload()
    expect(status(page, f"{number} .* epoch")).to_be_visible()
    expect(status(visit(server, address), f"{number} .* epoch")).to_be_visible()
    expect(status(visit(server, "train"), "comes with the project")).to_be_visible()  # not another person's
    bar = page.locator(".training").get_by_role("progressbar")
    seen = bar.get_attribute("aria-valuenow")
    stub_worker.finish_epochs(5)
    expect(bar).not_to_have_attribute("aria-valuenow", seen)


def test_the_network_predicts_while_it_trains(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(status(page, "epoch 2 of 200")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Predict").click()
    expect(caption(page)).to_contain_text("Test image 169 ")
    expect(verdict(page)).to_contain_text("%")

    # A new epoch answers by itself, and what is being typed is kept.
    index = page.get_by_role("textbox", name="Index of the image")
    index.press("Control+a")
    for digit, epoch in (("4", "2"), ("2", "3")):
        index.press(digit)
        stub_worker.finish_epochs(1)
        expect(page.get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuetext", epoch)
    expect(verdict(page)).to_contain_text("Coat")  # by the network of the third epoch
    index.press("Enter")
    expect(caption(page)).to_contain_text("Test image 42 ")
    assert server.run.status == "running"


def test_the_wheel_over_a_chart_scrolls_the_page(visit, trained_server):
    page = visit(trained_server, "compare")
    ticks = page.locator(".stVegaLiteChart .role-axis-label text")
    expect(page.locator(POINTS)).not_to_have_count(0)
    shown = ticks.all_text_contents()
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.locator(".stVegaLiteChart svg").first.hover()
    down = main.evaluate("main => main.scrollTop")
    page.mouse.wheel(0, -50)
    page.wait_for_function("([main, down]) => main.scrollTop < down", arg=[main.element_handle(), down])
    assert ticks.all_text_contents() == shown

    turn_with_ctrl(page, -300)
    expect(ticks).not_to_have_text(shown)


def test_ticks_closer_than_a_per_cent_are_told_apart(visit, trained_server):
    page = visit(trained_server, "compare")
    shares = page.locator(".stVegaLiteChart .role-axis-label text").filter(has_text="%")
    expect(page.locator(POINTS)).not_to_have_count(0)
    page.locator(".stVegaLiteChart svg").first.hover()
    turn_with_ctrl(page, -3_000)
    expect(shares.filter(has_text=re.compile(r"\d\.\d+%")).first).to_be_attached()
    written = shares.all_text_contents()
    assert len(set(written)) == len(written) > 1


def turn_with_ctrl(page: Page, far: int) -> None:
    page.keyboard.down("Control")
    page.mouse.wheel(0, far)
    page.keyboard.up("Control")


def test_the_chart_is_downloaded(visit, trained_server):
    page = visit(trained_server, f"train?run={trained_server.run.id}", locale="es-MX")
    assert_figure(downloaded(page, "Gráfica en PNG"), "PNG")
    whole = downloaded(page, "Gráfica en SVG")
    assert_figure(whole, "SVG")
    assert "<!-- Época -->" in whole.decode()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.path().read_bytes()
