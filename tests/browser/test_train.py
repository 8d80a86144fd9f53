"""The Train page, as a person uses it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from fmnist.recipe import FAST, Recipe
from fmnist.runs.record import Run
from testing.serving import Server, wait_for
from testing.train_page import POINTS, epoch_of, shown_number, start_training, status, type_number
from tests.browser.figures import assert_figure
from tests.browser.stub_worker import StubWorker
from tests.conftest import record_epochs


@pytest.fixture
def stub_worker(server: Server) -> Iterator[StubWorker]:
    with StubWorker(server) as worker:
        yield worker


def trained(server: Server, recipe: Recipe) -> Run:
    """A run of the server that has ended."""
    run = server.store.add(recipe, "page")
    server.store.claim(run.id, "w", {})
    record_epochs(server.store, run.id, "w", *range(1, recipe.epochs + 1))
    server.store.finish(run.id, "w", "succeeded")
    return run


def test_a_new_run_is_drawn_beside_the_one_before_over_epochs_and_over_seconds(visit, server):
    first = trained(server, Recipe(epochs=2))
    trained(server, replace(FAST, epochs=1))
    page = visit(server, f"train?compare={first.id}")
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
    page.get_by_text("Custom", exact=True).click()
    type_number(page, "epochs", 1)
    type_number(page, "batch_size", 1024)
    expected_accuracy = page.get_by_text("(1 run of this recipe)")
    expect(expected_accuracy).to_be_visible()

    page.locator(".st-key-epochs input").fill("2")
    page.get_by_role("button", name="Train", exact=True).hover()
    page.mouse.down()
    expect(expected_accuracy).to_have_count(0)
    page.mouse.up()
    wait_for(lambda: server.run.id != earlier.id, "the run that was asked for")
    assert server.run.recipe.epochs == 2


def test_reload_and_second_tab_show_the_same_run_that_trains(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(epoch_of(page)).to_contain_text("Epoch 2 of 200")
    number, address = shown_number(page), page.url.removeprefix(server.url + "/")

    page.reload()
    expect(status(page, "is training")).to_be_visible()
    assert shown_number(page) == number
    # With the address, and without it.
    for tab in (visit(server, address), visit(server, "train")):
        expect(status(tab, "is training")).to_be_visible()
        assert shown_number(tab) == number
    seen = epoch_of(page).inner_text()
    expect(epoch_of(page)).not_to_have_text(seen)


def test_the_network_predicts_while_it_trains(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(epoch_of(page)).to_contain_text("Epoch 2 of 200")
    page.get_by_role("button", name="Try this network").click()
    expect(page.get_by_role("img", name="Test image 169: Pullover")).to_be_visible()
    answer = page.get_by_test_id("stAlert").inner_text()

    # A new epoch answers by itself.
    stub_worker.finish_epochs(1)
    expect(page.get_by_test_id("stAlert")).not_to_have_text(answer)
    type_number(page, "type_index", 7)
    expect(page.get_by_role("img", name="Test image 7: Shirt")).to_be_visible()
    assert server.run.status == "running"


def test_what_is_being_typed_is_kept_while_epochs_arrive(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(epoch_of(page)).to_contain_text("Epoch 2 of 200")
    page.get_by_role("button", name="Try this network").click()
    index = page.locator(".st-key-type_index input")
    index.press("Control+a")
    for digit in "42":
        answer = page.get_by_test_id("stAlert").inner_text()
        index.press(digit)
        stub_worker.finish_epochs(1)
        expect(page.get_by_test_id("stAlert")).not_to_have_text(answer)
    index.press("Enter")
    expect(page.get_by_role("img", name="Test image 42:")).to_be_visible()


def test_the_wheel_over_a_chart_scrolls_the_page(visit, trained_server):
    page = visit(trained_server, "train")
    ticks = page.locator(".stVegaLiteChart .role-axis-label text")
    expect(page.locator(POINTS)).not_to_have_count(0)
    shown = ticks.all_text_contents()
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.locator(".stVegaLiteChart svg").hover()
    down = main.evaluate("main => main.scrollTop")
    page.mouse.wheel(0, -50)
    page.wait_for_function("([main, down]) => main.scrollTop < down", arg=[main.element_handle(), down])
    assert ticks.all_text_contents() == shown

    turn_with_ctrl(page, -300)
    expect(ticks).not_to_have_text(shown)


def test_ticks_closer_than_a_per_cent_are_told_apart(visit, trained_server):
    page = visit(trained_server, "train")
    shares = page.locator(".stVegaLiteChart .role-axis-label text").filter(has_text="%")
    expect(page.locator(POINTS)).not_to_have_count(0)
    page.locator(".stVegaLiteChart svg").hover()
    turn_with_ctrl(page, -3_000)
    expect(shares.filter(has_text=re.compile(r"\d\.\d+%")).first).to_be_attached()
    written = shares.all_text_contents()
    assert len(set(written)) == len(written) > 1


def turn_with_ctrl(page: Page, far: int) -> None:
    page.keyboard.down("Control")
    page.mouse.wheel(0, far)
    page.keyboard.up("Control")


def test_zoom_is_kept_while_epochs_arrive(visit, server, stub_worker):
    page = visit(server, "train")
    start_training(page, 200)
    expect(epoch_of(page)).to_contain_text("Epoch 2 of 200")
    chart = page.get_by_test_id("stVegaLiteChart")
    ticks = chart.locator(".role-axis-label text")
    expect(page.locator(POINTS)).not_to_have_count(0)
    whole = ticks.all_text_contents()
    chart.scroll_into_view_if_needed()
    chart.locator("svg").hover()
    turn_with_ctrl(page, -500)
    expect(ticks).not_to_have_text(whole)
    page.wait_for_timeout(500)  # the wheel's own steps come one by one
    zoomed = set(ticks.all_text_contents())

    stub_worker.finish_epochs(2)
    expect(page.get_by_text(re.compile(r"after epoch 3\b"))).to_be_visible()
    assert set(ticks.all_text_contents()) == zoomed

    chart.locator("svg").dblclick()
    expect(ticks.get_by_text("200", exact=True)).to_be_attached()


def test_the_chart_is_downloaded_as_it_is_seen(visit, trained_server):
    page = visit(trained_server, "train", locale="es-MX")
    assert_figure(downloaded(page, "Gráfica en PNG"), "PNG")
    whole = downloaded(page, "Gráfica en SVG")
    assert_figure(whole, "SVG")
    assert "<!-- Época -->" in whole.decode()

    chart = page.get_by_test_id("stVegaLiteChart")
    ticks = chart.locator(".role-axis-label text")
    shown = ticks.all_text_contents()
    chart.locator("svg").hover()
    turn_with_ctrl(page, -300)
    expect(ticks).not_to_have_text(shown)
    # Streamlit sends a zoom when it has rested for a moment.
    wait_for(lambda: downloaded(page, "Gráfica en SVG") != whole, "the zoomed chart")


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.path().read_bytes()
