"""The Evaluate page, as a person uses it."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.analysis.confusion import confusion_matrix
from fmnist.analysis.metrics import predictions
from fmnist.data.dataset import CLASS_NAMES, load_dataset
from fmnist.settings import Settings

pytestmark = pytest.mark.thorough

PULLOVER, COAT, SHIRT = 2, 4, 6


@pytest.fixture(scope="module")
def labels():
    return load_dataset(Settings.from_environment()).test.labels


def counted(server, labels, epoch):
    return confusion_matrix(labels, predictions(server.store.logits(server.run.id, epoch)))


def cell(page: Page, true: str, predicted: str) -> Locator:
    return page.get_by_role("grid").get_by_role("button", name=f"true {true}, predicted {predicted}:")


def images(page: Page) -> Locator:
    return page.locator(".st-key-cell button, .st-key-misclassified button")


def test_a_cell_opens_its_images_and_an_image_opens_in_predict(visit, trained_server, labels):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&epoch=2")
    cell(page, "Shirt", "Coat").click()
    count = counted(trained_server, labels, 2)[SHIRT, COAT]

    expect(page.get_by_text(f"True class Shirt, predicted Coat: {count} images")).to_be_visible()
    expect(images(page)).to_have_count(min(count, 25))
    expect(images(page).first).to_have_accessible_name(
        re.compile(r"Test image [\d,]+: Shirt, predicted Coat with [\d.]+%")
    )
    expect(page.get_by_role("gridcell", selected=True)).to_have_text(str(count))
    expect(page).to_have_url(re.compile("true=6&predicted=4"))

    number = images(page).first.get_attribute("title").split()[2].rstrip(":").replace(",", "")
    images(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Predict")
    expect(page.get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuetext", "2")
    expect(page.get_by_role("textbox", name="Index of the image")).to_have_value(number)


def test_where_fewer_images_follow_one_of_them_is_the_tab_stop(visit, trained_server, labels):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&epoch=3&true=6&predicted=6")
    expect(images(page)).to_have_count(25)
    images(page).last.focus()
    few = counted(trained_server, labels, 3)[SHIRT].copy()
    few[few == 0] = 10_000
    predicted = int(few.argmin())
    cell(page, "Shirt", CLASS_NAMES[predicted]).click()

    expect(images(page)).to_have_count(min(int(few[predicted]), 25))
    expect(images(page).and_(page.locator("[tabindex='0']"))).to_have_count(1)


def test_the_keyboard_walks_through_the_matrix(visit, trained_server):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&true=6&predicted=4")
    shirt_as_coat = cell(page, "Shirt", "Coat")
    expect(shirt_as_coat).to_be_visible()
    # Tab reaches one cell of the hundred: the chosen one.
    expect(page.get_by_role("grid").locator("button[tabindex='0']")).to_have_count(1)
    page.get_by_text("Counts", exact=True).click()
    page.keyboard.press("Shift+Tab")
    expect(shirt_as_coat).to_be_focused()

    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "Sandal", "Dress")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("True class Dress, predicted T-shirt/top:")).to_be_visible()
    expect(page).to_have_url(re.compile("true=3&predicted=0"))
    # The drawing that follows leaves the focus where it is.
    expect(cell(page, "Dress", "T-shirt/top")).to_be_focused()


def test_the_epoch_slider_moves_matrix_images_and_table(visit, trained_server, labels):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&true=6&predicted=2")
    slider = page.get_by_role("slider", name="Network after epoch")
    for epoch, key in ((3, None), (2, "ArrowLeft"), (1, "ArrowLeft")):
        if key:
            slider.press(key)
        matrix = counted(trained_server, labels, epoch)
        expect(cell(page, "Shirt", "Pullover")).to_have_text(f"{matrix[SHIRT, PULLOVER]:,}")
        expect(images(page)).to_have_count(min(matrix[SHIRT, PULLOVER], 25))
        recall = f"{matrix[SHIRT, SHIRT] / 1_000:.1%}"
        expect(page.get_by_test_id("stTable").locator("tbody tr").nth(SHIRT)).to_contain_text(recall)
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"{matrix.trace() / 10_000:.2%}")


def test_mistakes_are_filtered_and_taken_home(visit, trained_server, labels):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&evaluate_view=misclassified")
    predicted = predictions(trained_server.store.logits(trained_server.run.id, 3))
    page.locator(".st-key-choose_true input").click()
    page.get_by_role("option", name="Shirt", exact=True).click()
    wrong = np.flatnonzero((labels == SHIRT) & (predicted != SHIRT))
    expect(page.get_by_text(f"{len(wrong):,} mistakes")).to_be_visible()
    expect(images(page).first).to_have_text(re.compile("✓\\s?Shirt"))

    with page.expect_download() as waiting:
        page.get_by_role("button", name="These mistakes as CSV").click()
    download = waiting.value
    assert download.suggested_filename == f"mistakes-run-{trained_server.run.number}-epoch-3-true-shirt.csv"
    rows = list(csv.DictReader(Path(download.path()).read_text("ascii").splitlines()))
    assert sorted(int(row["index"]) for row in rows) == wrong.tolist()
    assert {row["true"] for row in rows} == {"Shirt"}
    sure = [float(row["confidence"]) for row in rows]
    assert sure == sorted(sure, reverse=True)
