"""The Train page in the words of its tests and benchmarks."""

import re

from playwright.sync_api import Locator, Page, expect

# Two a finished epoch: on training and validation.
POINTS = ".stVegaLiteChart .mark-symbol.role-mark path"
# Ample for a busy machine to load TensorFlow and train the first batches.
TENSORFLOW_MILLISECONDS = 120_000


def type_number(page: Page, key: str, value: int) -> None:
    """Enter a number in the field of a key."""
    box = page.locator(f".st-key-{key} input")
    box.fill(str(value))
    box.press("Enter")


def start_training(page: Page, epochs: int) -> None:
    """Press Train for a small run: an epoch takes a second or two."""
    page.get_by_text("Custom", exact=True).click()
    type_number(page, "epochs", epochs)
    type_number(page, "batch_size", 16)
    page.get_by_text("Advanced settings").click()
    type_number(page, "training_images_held_out", 2_000)
    # By the keyboard: while the settings unfold, a click lands where the button was.
    page.get_by_role("button", name="Train", exact=True).press("Enter")
    # Until then, the page shows the run that came with the project. A new worker loads TensorFlow first.
    expect(epoch_of(page)).to_be_visible(timeout=TENSORFLOW_MILLISECONDS)


def status(page: Page, words: str) -> Locator:
    """Return the line that names a run and its status."""
    return page.get_by_text(re.compile(rf"Run \d+ {words}"))


def epoch_of(page: Page) -> Locator:
    """Return the progress line of the epoch in training."""
    return page.get_by_test_id("stProgress").get_by_text(re.compile(r"Epoch \d"))


def shown_number(page: Page) -> str:
    """Return the name of the run in training, such as "Run 3"."""
    return re.findall(r"Run \d+", status(page, "is training").inner_text())[0]
