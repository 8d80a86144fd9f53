"""The README's picture is a real screenshot; with FMNIST_SCREENSHOT=1 in the environment it is taken anew."""

import os

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.serving import PROJECT, Server

PICTURE = PROJECT / "docs" / "screenshot.png"


@pytest.mark.skipif("FMNIST_SCREENSHOT" not in os.environ, reason="FMNIST_SCREENSHOT=1 takes the README's picture anew")
def test_take_the_screenshot(visit, tmp_path):
    server = Server(tmp_path)
    server.train("--recipe", "notebook")
    notebook = server.run.id
    server.train("--recipe", "fast")
    with server:
        page = visit(server, f"train?over=seconds&compare={notebook}")
        expect(page.get_by_text("Run 2 is finished")).to_be_visible()
        page.locator(".stVegaLiteChart svg").wait_for()
        page.wait_for_timeout(1_000)  # fonts and fades
        page.screenshot(path=PICTURE)


def test_the_screenshot_is_there():
    with Image.open(PICTURE) as picture:
        assert picture.format == "PNG"
        assert picture.size == (1280, 850)
    assert PICTURE.stat().st_size <= 200_000
