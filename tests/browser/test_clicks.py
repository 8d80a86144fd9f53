"""Two clicks or presses where one was meant, on the buttons that change a run."""

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.recipe import Recipe
from testing.serving import wait_for
from testing.train_page import status, train_button
from tests.browser.conftest import own_runs

pytestmark = pytest.mark.thorough


def click_twice(page: Page, button: Locator, gap: int) -> None:
    """By the mouse at one place, whatever is drawn there meanwhile."""
    button.hover()
    box = button.bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    button.click()  # as soon as it takes clicks: a drawing that comes between makes it wait again
    page.wait_for_timeout(gap)
    page.mouse.click(*place)


@pytest.mark.parametrize("gap", [30, 250])
def test_two_clicks_on_train_are_one_run_and_a_press_after_its_drawing_is_another(visit, server, gap):
    page = visit(server, "train")
    train = train_button(page)
    click_twice(page, train, gap)
    expect(status(page, "starting")).to_be_visible()
    page.wait_for_timeout(500)  # for a second run, which must not come
    assert len(own_runs(server)) == 1

    train.click()
    expect(page.get_by_text("goes on; 1 run waits for it.")).to_be_visible()
    expect(status(page, "starting")).to_be_visible()
    assert len(own_runs(server)) == 2


def test_two_clicks_on_delete_spare_the_run_that_is_drawn_next(visit, server):
    runs = [server.store.submit(Recipe(), "page") for _ in range(3)]
    for run in runs:
        server.store.request_stop(run.id)
    page = visit(server, f"train?run={runs[-1].id}")
    page.get_by_role("button", name="Delete", exact=True).click()
    click_twice(page, page.get_by_role("button", name=f"Delete run {runs[-1].number}"), 250)
    page.keyboard.press("Escape")  # the second click may have opened the choice of a run
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    wait_for(lambda: len(own_runs(server)) == 2, "the deletion")
    assert [run.id for run in own_runs(server)] == [runs[1].id, runs[0].id]
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_focus_stays_on_train_and_a_second_press_or_a_held_key_is_no_second_run(visit, server):
    page = visit(server, "?language=es")
    expect(page.locator("html")).to_have_attribute("lang", "es")  # by then the scripts of the page are there
    page.get_by_role("navigation").get_by_role("link", name="Entrenar").click()
    train = train_button(page)
    train.wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(500)  # no person is quicker
    train.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(status(page, "iniciando")).to_be_visible()
    expect(train).to_be_focused()
    assert len(own_runs(server)) == 1

    page.wait_for_timeout(500)  # until it takes another press
    for _ in range(10):  # as a key that is held repeats
        page.keyboard.down("Enter")
        page.wait_for_timeout(100)
    page.keyboard.up("Enter")
    expect(page.get_by_text("1 corrida la espera.")).to_be_visible()
    expect(train).to_be_focused()
    assert len(own_runs(server)) == 2
