"""The Train page in the words of its tests and benchmarks."""

import re

from playwright.sync_api import Locator, Page, expect

# One a finished epoch, on the block's chart.
POINTS = ".training .chart > svg .test"
# Ample for a busy machine to load TensorFlow and train the first batches.
TENSORFLOW_MILLISECONDS = 120_000


def type_number(page: Page, key: str, value: int) -> None:
    """Enter a number in the field of a key."""
    box = page.locator(f".st-key-{key} input")
    box.fill(str(value))
    box.press("Enter")


def train_button(page: Page) -> Locator:
    """Return the button that trains, whatever its name at the moment."""
    return page.locator('[class*="st-key-train_"] button')


def start_training(page: Page, epochs: int) -> None:
    """Press Train for a small run."""
    choose_small_run(page, epochs)
    # By the keyboard: while the settings unfold, a click lands where the button was.
    train_button(page).press("Enter")
    # Until then, the page shows the run that came with the project. A new worker loads TensorFlow first.
    expect(status(page, r"epoch \d+ of")).to_be_visible(timeout=TENSORFLOW_MILLISECONDS)


def choose_small_run(page: Page, epochs: int) -> None:
    """Choose settings with which an epoch takes a second or two."""
    page.locator(".st-key-recipe").get_by_text("Custom", exact=True).click()
    type_number(page, "epochs", epochs)
    type_number(page, "batch_size", 16)
    page.get_by_text("Advanced settings").click()
    type_number(page, "training_images_held_out", 2_000)


def status(page: Page, words: str) -> Locator:
    """Return the sentence of the block's status, once it has these words."""
    return page.locator(".training .status h2").filter(has_text=re.compile(words))


def result(page: Page) -> Locator:
    """Return the first of the ways on from a network that a run has given."""
    return page.locator(".training").get_by_role("button", name="Try it")


def stop_button(page: Page) -> Locator:
    """Return the button beside the progress bar."""
    return page.locator(".training .going").get_by_role("button", name="Stop")


def shown_number(page: Page) -> str:
    """Return the name of the run in training, such as "Run 3"."""
    return re.findall(r"Run \d+", status(page, "epoch").inner_text())[0]
