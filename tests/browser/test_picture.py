"""A picture of one's own, as a person brings it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fmnist.data.dataset import open_dataset
from fmnist.settings import Settings
from tests.photographs import file_of, photograph

PASTE = """(zone, {content, kind}) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
  const transfer = new DataTransfer()
  transfer.items.add(new File([bytes], "picture", {type: kind}))
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true}))
}"""


@pytest.fixture(scope="module")
def pieces():
    """Photographs of a coat and of a sneaker, as files."""
    images = open_dataset(Settings.from_environment()).test.images
    return {name: file_of(photograph(images[index], np.random.default_rng(0)))
            for name, index in (("Coat", 6), ("Sneaker", 12))}  # fmt: skip


def choose(page: Page, content: bytes, kind: str = "image/jpeg", name: str = "picture.jpg") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def answer(page: Page) -> Locator:
    return page.get_by_test_id("stMetricValue")


def own_photograph(page: Page, name: str = "Your picture") -> Locator:
    return page.get_by_role("img", name=name)


def shown(page: Page) -> int:
    """Which photograph is shown, as a number: the whole of it would fill the screen where a test fails."""
    return hash(own_photograph(page).get_attribute("src"))


def test_a_photograph_is_chosen_answered_and_kept_in_the_address(visit, empty_server, pieces):
    page = visit(empty_server, "picture")
    expect(page.get_by_role("button", name="Ankle boot, training image 0")).to_be_visible()
    choose(page, pieces["Coat"])

    expect(answer(page)).to_have_text("Coat")
    expect(page.get_by_role("img", name="What the network sees: 28 × 28 greys").first).to_be_visible()
    expect(own_photograph(page)).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_contain_text("you know whether it is right")
    expect(page).to_have_url(re.compile("greys="))

    # The link shows the greys to somebody else, and not the photograph.
    other = visit(empty_server, page.url.rpartition("/")[2], locale="es-ES")
    expect(answer(other)).to_have_text("Abrigo")
    expect(other.get_by_role("img", name="Lo que ve la red: 28 × 28 grises").first).to_be_visible()
    expect(other.get_by_text("Elige otra imagen")).to_be_visible()
    expect(own_photograph(other, "Tu imagen")).to_be_hidden()


def test_another_picture_is_pasted_and_the_way_back_leads_to_the_first(visit, empty_server, pieces):
    page = visit(empty_server, "picture")
    choose(page, pieces["Coat"])
    expect(answer(page)).to_have_text("Coat")
    expect(page).to_have_url(re.compile("greys="))
    first, link = shown(page), page.url

    content = base64.b64encode(pieces["Sneaker"]).decode()
    page.locator(".zone").evaluate(PASTE, {"content": content, "kind": "image/jpeg"})
    expect(answer(page)).to_have_text("Sneaker")
    expect(page).not_to_have_url(link)
    assert shown(page) != first

    page.go_back()
    expect(answer(page)).to_have_text("Coat")
    assert shown(page) == first


def test_a_telephones_photograph_is_sent_small(visit, empty_server, pieces):
    large = Image.open(io.BytesIO(pieces["Sneaker"])).resize((3000, 4000))
    page = visit(empty_server, "picture")
    sizes = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sizes.append(len(payload))))
    page.reload()
    expect(page.get_by_text("Choose a picture")).to_be_visible()
    choose(page, file_of(large, quality=95))

    expect(answer(page)).to_have_text("Sneaker")
    assert 1_000 < max(sizes) < 100_000


def test_what_is_no_picture_is_refused_in_words(visit, empty_server, pieces):
    page = visit(empty_server, "picture")
    choose(page, b"Dear teacher", "text/plain", "letter.txt")
    expect(page.get_by_role("alert")).to_contain_text("This browser cannot read that file as a picture.")

    choose(page, file_of(Image.new("RGB", (300, 300), "white"), "PNG"), "image/png")
    expect(page.get_by_text("Nothing stands out from the edges of the picture")).to_be_visible()

    choose(page, pieces["Coat"])
    expect(answer(page)).to_have_text("Coat")
    expect(page.get_by_text("Nothing stands out")).to_be_hidden()
    expect(page.get_by_text("This browser cannot read")).to_be_hidden()


def test_the_keyboard_opens_the_choice(visit, empty_server):
    page = visit(empty_server, "picture")
    field = page.get_by_label("Choose a picture")
    expect(field).to_be_visible()
    field.focus()
    with page.expect_file_chooser():
        field.press("Enter")
