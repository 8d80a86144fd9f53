"""The game on Start, as a person plays it: by mouse, by keyboard, in Spanish, on a phone."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import CLASS_NAMES, load_dataset
from fmnist.pretrained.network import read
from fmnist.settings import Settings


@pytest.fixture(scope="module")
def logits() -> np.ndarray:
    return read().kept[-1].test_logits


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return load_dataset(Settings.from_environment()).test.labels


def answers(page: Page) -> Locator:
    return page.locator(".answers button")


def signs(page: Page, row: str) -> list[str]:
    """The signs of a row of the scoreboard, as a screen reader says them."""
    line = page.get_by_role("row", name=re.compile(f"^{row}"))
    return line.locator(".sign").evaluate_all("cells => cells.map(cell => cell.ariaLabel)")


def test_an_answer_shows_the_networks_and_the_image_opens_on_predict(visit, empty_server, logits, labels):
    page = visit(empty_server)
    expect(answers(page)).to_have_count(10)
    expect(page.locator(".percent").first).to_be_hidden()
    answers(page).nth(4).click()

    expect(page.locator(".answers .right")).to_have_count(1)
    true = page.locator(".answers .right .name").inner_text()
    predicted = page.locator(".highest .name").inner_text()
    shares = [float(text.rstrip("%")) for text in page.locator(".percent").all_inner_texts()]
    right = {True: "right", False: "wrong"}
    assert signs(page, "You") == [right[true == "Coat"], *"––––"]
    assert signs(page, "The network") == [right[true == predicted], *"––––"]
    spoken = page.get_by_role("status")
    expect(spoken).to_have_text(re.compile(r"^It is an? .+\. You said coat\. The network says .+, \d+ percent\.$"))

    page.get_by_role("button", name="Open image 1 in Predict").click()
    expect(page).to_have_url(re.compile(r"/predict.*index=\d+"))
    index = int(re.findall(r"index=(\d+)", page.url)[0])
    assert CLASS_NAMES[labels[index]] == true
    assert CLASS_NAMES[predictions(logits)[index]] == predicted
    assert np.abs(100 * softmax(logits[index]) - shares).max() < 0.051
    page.go_back()
    expect(page.locator(".verdict")).to_contain_text("It is a")


def test_five_are_played_with_the_keyboard_and_five_more_follow(visit, empty_server):
    page = visit(empty_server, locale="es-MX")
    expect(page.get_by_text("Imagen 1 de 5")).to_be_visible()
    for number in range(1, 6):
        expect(page.get_by_text(f"Imagen {number} de 5")).to_be_visible()
        page.keyboard.press("7")
        follow = page.get_by_role("button", name="Siguiente imagen" if number < 5 else "Otras cinco")
        expect(follow).to_be_focused()
        page.keyboard.press("3")  # an answer stays
        if number < 5:
            expect(page.locator(".verdict")).to_have_text(re.compile(r"^Es un[ao]?s? .+\."))
            page.keyboard.press("Enter")
    seen = [sign == "correcto" for sign in signs(page, "Tú")]
    expect(page.locator(".verdict")).to_contain_text(f"Tú, {sum(seen)} de 5; la red, ")
    expect(page.locator(".verdict")).to_contain_text("de las 10,000 acierta 93.3%; las personas, 83.5%.")
    images = page.locator(".thumb img").evaluate_all("images => images.map(image => image.src)")

    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Entrena tu propia red")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Imagen 1 de 5")).to_be_visible()
    expect(page.locator(".thumb img").first).not_to_have_attribute("src", images[0])
    assert signs(page, "Tú") == [*"–––––"]


def test_another_language_keeps_the_answer_and_moves_nothing(visit, empty_server):
    page = visit(empty_server)
    answers(page).nth(0).click()
    places = answers(page).evaluate_all("all => all.map(one => one.getBoundingClientRect().y)")
    expect(page.locator(".verdict")).to_contain_text("It is a")
    page.get_by_text("Español", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("Es un")
    assert answers(page).evaluate_all("all => all.map(one => one.getBoundingClientRect().y)") == places


def test_on_a_phone_everything_but_the_other_ways_fits(visit, empty_server):
    page = visit(empty_server)
    page.set_viewport_size({"width": 390, "height": 844})
    train = page.get_by_role("button", name="Train your own")
    expect(train).to_be_visible()
    expect(answers(page)).to_have_count(10)
    before = train.bounding_box()
    assert before["y"] + before["height"] <= 844
    answers(page).nth(9).click()
    expect(page.get_by_role("button", name="Next image")).to_be_visible()

    boxes = [each.bounding_box() for each in answers(page).all()]
    assert min(each["height"] for each in boxes) >= 44
    assert max(each["x"] + each["width"] for each in boxes) <= 390 - 16
    assert train.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
