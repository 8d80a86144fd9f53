"""The parts of the page Predict, as a person sees them."""

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from fmnist.inference import preprocessing


def verdict(page: Page) -> Locator:
    """The predicted class with its probability."""
    return page.locator(".verdict")


def caption(page: Page) -> Locator:
    """The name of the image, and its true class."""
    return page.locator(".predict .caption")


def canvas(page: Page) -> Locator:
    """The image that is drawn on."""
    return page.get_by_role("application")


def tool(page: Page, name: str) -> Locator:
    """A tool or another button."""
    return page.get_by_role("button", name=name, exact=True)


def type_index(page: Page, index: int) -> None:
    """Type the number of an image."""
    box = page.get_by_role("textbox", name="Index of the image")
    box.fill(str(index))
    box.press("Enter")


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw a line through pixels of the image."""
    box = canvas(page).bounding_box()
    assert box
    for place in places:
        page.mouse.move(box["x"] + box["width"] * place[0] / 28, box["y"] + box["height"] * place[1] / 28, steps=5)
        page.mouse.down()
    page.mouse.up()


def greys(page: Page) -> np.ndarray:
    """The drawing in the address."""
    expect(page).to_have_url(re.compile("picture="))
    return preprocessing.from_text(re.findall("picture=([^&]+)", page.url)[0])


def probabilities(page: Page) -> list[float]:
    """The ten probabilities in the table, in percent."""
    return [float(text.rstrip("%")) for text in page.locator(".answer td:last-child").all_inner_texts()]
