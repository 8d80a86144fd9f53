"""The Data page, as a person uses it."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.figures import assert_figure

pytestmark = pytest.mark.thorough

# The first 25 training images, as the notebook shows them.
FIRST = [
    "Ankle boot", "T-shirt/top", "T-shirt/top", "Dress", "T-shirt/top",
    "Pullover", "Sneaker", "Pullover", "Sandal", "Sandal",
    "T-shirt/top", "Ankle boot", "Sandal", "Sandal", "Sneaker",
    "Ankle boot", "Trouser", "T-shirt/top", "Shirt", "Coat",
    "Dress", "Trouser", "Coat", "Bag", "Coat",
]  # fmt: skip


def grid(page: Page) -> Locator:
    return page.locator(".st-key-grid button")


def choose_class(page: Page, name: str) -> None:
    page.locator(".st-key-choose_label input").click()
    page.get_by_role("option", name=name).click()


def test_the_first_25_training_images_have_their_names(visit, empty_server):
    page = visit(empty_server, "data")

    expect(grid(page)).to_have_text(FIRST)
    expect(page.get_by_text("1–25 of 60,000")).to_be_visible()
    # A light boot on black: neither empty nor another image.
    boot = Image.open(io.BytesIO(grid(page).first.locator(".picture").screenshot())).convert("L")
    grey = np.asarray(boot.resize((28, 28), Image.Resampling.BOX))
    assert len(np.unique(grey)) > 30
    # But for the edge, which may lie between two pixels of the screen, and the corners, which are rounded.
    assert grey[1:3, 3:25].max() < 50
    assert grey[16:20].mean() > 100


def test_class_split_and_page_are_chosen_and_named_in_the_address(visit, empty_server):
    page = visit(empty_server, "data")
    choose_class(page, "Trouser")
    expect(grid(page)).to_have_text(["Trouser"] * 25)
    expect(page.get_by_text("1–25 of 6,000")).to_be_visible()
    page.get_by_text("Test images", exact=True).click()
    expect(page.get_by_text("1–25 of 1,000")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("26–50 of 1,000")).to_be_visible()
    page.get_by_role("button", name="Page 40").click()
    expect(page.get_by_text("976–1,000 of 1,000")).to_be_visible()
    for parameter in ("label=1", "split=test", "page=40"):
        expect(page).to_have_url(re.compile(parameter))
    last = grid(page).last.get_attribute("title")
    assert last.startswith("Trouser, test image 9,")

    linked = visit(empty_server, page.url.removeprefix(empty_server.url + "/"))
    expect(linked.get_by_text("976–1,000 of 1,000")).to_be_visible()
    expect(grid(linked).last).to_have_attribute("title", last)


def test_a_shuffle_has_a_seed_that_others_can_open(visit, empty_server):
    page = visit(empty_server, "data")
    page.get_by_role("button", name="Shuffle").click()
    expect(page).to_have_url(re.compile(r"seed=\d+"))
    expect(grid(page)).not_to_have_text(FIRST)
    shuffled = grid(page).all_inner_texts()

    expect(grid(visit(empty_server, page.url.removeprefix(empty_server.url + "/")))).to_have_text(shuffled)

    page.get_by_role("button", name="In order").click()
    expect(grid(page)).to_have_text(FIRST)
    expect(page).not_to_have_url(re.compile("seed"))


def test_the_back_button_goes_back_to_what_was_seen(visit, empty_server):
    page = visit(empty_server, "data")
    choose_class(page, "Bag")
    expect(grid(page)).to_have_text(["Bag"] * 25)
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("26–50 of 6,000")).to_be_visible()

    page.go_back()
    expect(page.get_by_text("1–25 of 6,000")).to_be_visible()
    expect(grid(page)).to_have_text(["Bag"] * 25)
    page.go_back()
    expect(grid(page)).to_have_text(FIRST)


def test_an_image_opens_in_predict_by_click(visit, trained_server):
    page = visit(trained_server, "?split=test")
    grid(page).nth(2).click()

    expect(page.locator(".predict .caption")).to_contain_text("Test image 2 true class: Trouser")
    expect(page).to_have_url(re.compile("/predict.*index=2"))


def test_an_image_opens_in_predict_by_keyboard(visit, trained_server):
    page = visit(trained_server, "data")
    expect(grid(page)).to_have_count(25)
    grid(page).first.focus()
    for key, position in (("ArrowRight", 1), ("ArrowDown", 6), ("ArrowLeft", 5), ("ArrowUp", 0), ("ArrowUp", 0),
                          ("ArrowDown", 5), ("End", 9), ("ArrowRight", 10), ("End", 14), ("Home", 10), ("ArrowLeft", 9),
                          ("Home", 5), ("ArrowRight", 6)):  # fmt: skip
        page.keyboard.press(key)
        expect(grid(page).nth(position)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".predict .caption")).to_contain_text("Training image 6 true class: Sneaker")
    expect(page).to_have_url(re.compile("/predict.*source=train"))


def test_all_images_are_one_tab_stop(visit, empty_server):
    page = visit(empty_server, "data")
    expect(grid(page)).to_have_count(25)
    grid(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-grid button:focus")).to_have_count(0)

    page.keyboard.press("Shift+Tab")
    expect(grid(page).nth(5)).to_be_focused()


@pytest.mark.parametrize("file_format", ["PNG", "SVG"])
def test_the_grid_is_downloaded_as_the_notebooks_figure(visit, empty_server, file_format):
    page = visit(empty_server, "?label=3")
    expect(grid(page)).to_have_text(["Dress"] * 25)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile(f"as {file_format}")).click()

    assert waiting.value.suggested_filename == f"fashion-mnist-train-dress-page-1.{file_format.lower()}"
    assert_figure(waiting.value.path().read_bytes(), file_format)
