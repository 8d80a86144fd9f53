"""The README's moving picture is a real training and a real question; FMNIST_DEMO=1 records it anew."""

import io
import os
import time

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from testing.serving import PROJECT, Server
from testing.train_page import result, stop_button, train_button
from tests.browser.predict_page import caption, type_index

PICTURE = PROJECT / "docs" / "demo.webp"
SIZE = (960, 638)
# A training is shown so much faster than it is, and no picture of it for longer.
SPEED, MAX_MILLISECONDS = 3, 200
HOLD_MILLISECONDS = 1_800
# For a busy machine.
MAX_SECONDS = 600


class Film:
    """Pictures of a page, each with the milliseconds for which it is shown."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pictures: list[Image.Image] = []
        self._durations: list[int] = []

    def hold(self) -> None:
        """Show the page as it is for a while."""
        self._page.wait_for_timeout(500)  # fades
        self._take(HOLD_MILLISECONDS)

    def follow(self, end: Locator) -> None:
        """Show what the page becomes until that is visible."""
        before = time.monotonic()
        deadline = before + MAX_SECONDS
        while not end.is_visible():
            self._page.wait_for_timeout(150)
            now = time.monotonic()
            assert now < deadline
            self._take(min(round(1000 * (now - before) / SPEED), MAX_MILLISECONDS))
            before = now

    def save(self) -> None:
        """Write the film as an animated WebP that begins again at its end."""
        first, *others = self._pictures
        first.save(
            PICTURE, save_all=True, append_images=others, duration=self._durations, loop=0, quality=75, method=6
        )  # fmt: skip

    def _take(self, milliseconds: int) -> None:
        with Image.open(io.BytesIO(self._page.screenshot())) as shot:
            picture = shot.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
        if self._pictures and picture.tobytes() == self._pictures[-1].tobytes():
            self._durations[-1] = max(self._durations[-1], milliseconds)
        else:
            self._pictures.append(picture)
            self._durations.append(milliseconds)


@pytest.mark.skipif("FMNIST_DEMO" not in os.environ, reason="FMNIST_DEMO=1 records the README's moving picture anew")
@pytest.mark.timeout(2 * MAX_SECONDS)
def test_record_the_demo(visit, tmp_path):
    with Server(tmp_path) as server:
        page = visit(server, "train")
        film = Film(page)
        button = train_button(page)
        expect(button).to_be_enabled()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3_000)  # until nothing is loading any more
        film.hold()
        button.click()
        expect(stop_button(page)).to_be_visible()
        film.follow(result(page))
        film.hold()
        page.get_by_role("link", name="Predict", exact=True).click()
        for index, name in ((169, "Pullover"), (12, "Sneaker"), (40, "Shirt"), (9_999, "Sandal")):
            type_index(page, index)
            expect(caption(page)).to_contain_text(f"Test image {index:,} true class: {name}")
            film.hold()
        film.save()


def test_the_demo_is_there():
    with Image.open(PICTURE) as picture:
        assert picture.format == "WEBP"
        assert picture.size == SIZE
        assert picture.n_frames > 20
    assert PICTURE.stat().st_size <= 3_000_000
