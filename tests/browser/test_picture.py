"""A picture of one's own, as a person brings it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fmnist.data.dataset import load_dataset
from fmnist.settings import Settings
from testing.photographs import file_of, photograph
from tests.browser.predict_page import probabilities, type_index

pytestmark = pytest.mark.thorough

PASTE = """(zone, {content, kind}) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
  const transfer = new DataTransfer()
  transfer.items.add(new File([bytes], "picture", {type: kind}))
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true}))
}"""


@pytest.fixture(scope="module")
def images():
    """The test images."""
    return load_dataset(Settings.from_environment()).test.images


@pytest.fixture(scope="module")
def pieces(images):
    """Photographs of a coat and of a sneaker, as files."""
    return {name: file_of(photograph(images[index], np.random.default_rng(0)))
            for name, index in (("Coat", 6), ("Sneaker", 12))}  # fmt: skip


def choose(page: Page, content: bytes, kind: str = "image/jpeg", name: str = "picture.jpg") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def answer(page: Page) -> Locator:
    return page.locator(".verdict b")


def own_photograph(page: Page, name: str = "Your picture") -> Locator:
    return page.get_by_role("img", name=name)


def shown(page: Page) -> int:
    """Return a number for the photograph on the page: its URL would fill the report of a failed test."""
    return hash(own_photograph(page).get_attribute("src"))


def test_a_photograph_is_chosen_predicted_and_kept_in_the_address(visit, empty_server, pieces):
    page = visit(empty_server, "predict?source=photo")
    expect(page.get_by_text("The server stores no photo")).to_be_visible()
    choose(page, pieces["Coat"])

    expect(answer(page)).to_have_text("Coat")
    expect(own_photograph(page)).to_be_visible()
    expect(page).to_have_url(re.compile("picture="))

    # The link shows the greys to somebody else, and not the photograph.
    other = visit(empty_server, page.url.rpartition("/")[2], locale="es-ES")
    expect(answer(other)).to_have_text("Abrigo")
    expect(other.get_by_text("Elige otra imagen")).to_be_visible()
    expect(own_photograph(other, "Tu imagen")).to_be_hidden()


def test_another_picture_is_pasted_and_the_way_back_leads_to_the_first(visit, empty_server, pieces):
    page = visit(empty_server, "predict?source=photo")
    choose(page, pieces["Coat"])
    expect(answer(page)).to_have_text("Coat")
    expect(page).to_have_url(re.compile("picture="))
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
    page = visit(empty_server, "predict?source=photo")
    sizes = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sizes.append(len(payload))))
    page.reload()
    expect(page.get_by_text("Choose a picture")).to_be_visible()
    choose(page, file_of(large, quality=95))

    expect(answer(page)).to_have_text("Sneaker")
    assert 1_000 < max(sizes) < 100_000


def test_the_last_choice_wins_however_slow_the_first_is(visit, empty_server, pieces):
    slow = Image.new("L", (9000, 9000), 255)
    slow.paste(0, (3000, 3000, 6000, 6000))
    page = visit(empty_server, "predict?source=photo")
    choose(page, file_of(slow, "PNG", compress_level=1), "image/png")
    choose(page, pieces["Sneaker"])
    expect(answer(page)).to_have_text("Sneaker")
    page.wait_for_timeout(2_500)
    expect(answer(page)).to_have_text("Sneaker")


def test_a_file_dropped_beside_the_zone_leaves_the_page_as_it_is(visit, empty_server):
    page = visit(empty_server, "predict?source=photo")
    expect(page.get_by_text("Choose a picture")).to_be_visible()
    stays = """() => ["dragover", "drop"].map((kind) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(["x"], "picture.png", {type: "image/png"}))
      return document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}))
    })"""
    assert page.evaluate(stays) == [False, False]  # what the browser does with such a file is prevented


def test_what_is_refused_is_named_and_takes_the_answer_away(visit, empty_server, pieces):
    telephones = file_of(Image.open(io.BytesIO(pieces["Coat"])).resize((3000, 4000)), quality=100)
    assert len(telephones) > 400_000
    unreadable = "The file holds no picture that can be read"
    refused = [
        ("letter.png", b"Dear teacher", "image/png", unreadable),
        ("empty.png", b"", "image/png", unreadable),
        ("torn.jpg", pieces["Coat"][:2000], "image/jpeg", unreadable),
        ("large torn.jpg", telephones[:350_000], "image/jpeg", unreadable),
        ("long letter.txt", b"Dear teacher " * 50_000, "text/plain", unreadable),
        ("page.png", file_of(Image.new("RGB", (300, 300), "white"), "PNG"), "image/png", "Nothing stands out"),
    ]
    page = visit(empty_server, "predict?source=photo")
    for name, content, kind, sentence in refused:
        choose(page, pieces["Coat"])
        expect(answer(page)).to_have_text("Coat")
        expect(page.get_by_text(sentence)).to_be_hidden()
        expect(page).to_have_url(re.compile("picture="))
        choose(page, content, kind, name)
        expect(page.get_by_role("alert")).to_contain_text(f"{name}: {sentence}")
        expect(answer(page)).to_have_text("–")
        expect(own_photograph(page)).to_be_hidden()
        expect(page).not_to_have_url(re.compile("picture="))

    page.go_back()
    expect(answer(page)).to_have_text("Coat")
    expect(own_photograph(page)).to_be_visible()
    expect(page.get_by_text(sentence)).to_be_hidden()


def test_a_test_image_as_a_file_gets_the_probabilities_that_it_has_on_the_page(visit, empty_server, images):
    # Cut out and stretched as a photograph is, it would be another class.
    page = visit(empty_server, "predict?source=photo")
    choose(page, file_of(Image.fromarray(images[43]), "PNG"), "image/png")
    expect(answer(page)).not_to_have_text("–")
    own = probabilities(page)
    page.get_by_role("radio", name="Test image").click()
    type_index(page, 43)
    expect(page.locator(".predict .caption")).to_contain_text("Test image 43")
    expect(answer(page)).not_to_have_text("–")  # until the image is here
    assert own == probabilities(page)


def test_a_white_shirt_without_a_ground_is_seen(visit, empty_server, images):
    for side in (400, 2000):  # sent as it is, and made small by the browser
        shirt = Image.new("RGBA", (side, side), (255, 255, 255, 0))
        worn = Image.fromarray(images[19]).resize((side // 2, side // 2)).point(lambda light: 255 * (light > 20))
        shirt.paste((255, 255, 255, 255), (side // 4, side // 4), worn)
        page = visit(empty_server, "predict?source=photo")
        choose(page, file_of(shirt, "PNG"), "image/png", "shirt.png")
        expect(answer(page)).not_to_have_text("–")
        expect(page.get_by_text("Nothing stands out")).to_be_hidden()


def test_the_keyboard_opens_the_choice(visit, empty_server):
    page = visit(empty_server, "predict?source=photo")
    field = page.get_by_label("Choose a picture")
    expect(field).to_be_visible()
    field.focus()
    with page.expect_file_chooser():
        field.press("Enter")
