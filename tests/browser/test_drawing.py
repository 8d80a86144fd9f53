"""A drawing, as a person makes it: the prediction follows every stroke."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.analysis.metrics import softmax
from fmnist.inference import preprocessing
from fmnist.inference.classifier import Classifier
from testing.serving import wait_for

EMPTY = "Draw a piece of clothing, light on black."
PREDICTED = re.compile(r"Predicted class: (Trouser|Dress), [\d.]+%")


def canvas(page: Page) -> Locator:
    return page.get_by_role("application", name="Drawing of 28 × 28 gray values.")


def sentence(page: Page) -> Locator:
    return page.locator(".drawing output")


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw a line through pixels of the image."""
    box = canvas(page).bounding_box()
    assert box
    for place in places:
        page.mouse.move(box["x"] + box["width"] * place[0] / 28, box["y"] + box["height"] * place[1] / 28, steps=5)
        page.mouse.down()
    page.mouse.up()


def draw_trousers(page: Page) -> None:
    tool(page, "Large brush").click()
    for x in (10, 11, 12):
        stroke(page, (x, 3), (x - 1, 25))
    for x in (16, 17, 18):
        stroke(page, (x, 3), (x + 1, 25))
    stroke(page, (10, 4), (18, 4))


@pytest.fixture
def page(visit, empty_server) -> Page:
    page = visit(empty_server, "picture?source=draw")
    expect(sentence(page)).to_have_text(EMPTY)
    return page


def greys(page: Page) -> np.ndarray:
    """The drawing in the address."""
    expect(page).to_have_url(re.compile("picture="))
    return preprocessing.from_text(re.findall("picture=([^&]+)", page.url)[0])


def test_the_bars_follow_the_strokes_and_agree_with_the_server(page, empty_server):
    draw_trousers(page)
    expect(sentence(page)).to_have_text(PREDICTED)
    expect(page.get_by_text("In distribution:").or_(page.get_by_text("Out of distribution:"))).to_be_visible()

    run = empty_server.store.runs()[-1]
    classifier = Classifier(empty_server.store.weights(run.id, run.kept[-1]))

    def agree() -> bool:  # the address follows when the hand rests
        shown = [float(text.rstrip("%")) for text in page.locator(".drawing td:last-child").all_inner_texts()]
        return bool(np.abs(100 * softmax(classifier.logits(greys(page)[np.newaxis]))[0] - shown).max() < 0.06)

    wait_for(agree, "the same probabilities")
    expect(page.locator(".drawing tr.predicted")).to_have_count(1)


def test_strokes_need_no_request(page):
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    stroke(page, (8, 8), (20, 20))
    bars = page.locator(".drawing tbody").inner_text()
    stroke(page, (20, 8), (8, 20))

    assert page.locator(".drawing tbody").inner_text() != bars
    assert [url for url in requests if "/api/" in url] == []


def test_undo_mirror_move_erase_and_clear(page):
    tool(page, "Medium brush").click()
    stroke(page, (6, 6), (6, 20))
    left = greys(page)
    assert left[13, 6] > 200
    tool(page, "Mirror").click()
    wait_for(lambda: (greys(page) == left[:, ::-1]).all(), "the mirrored drawing")
    tool(page, "Undo").click()
    wait_for(lambda: (greys(page) == left).all(), "the drawing as it was")
    tool(page, "Move").click()
    stroke(page, (10, 10), (13, 10))
    wait_for(lambda: (greys(page)[:, 3:] == left[:, :-3]).all(), "the moved drawing")
    tool(page, "Erase").click()
    stroke(page, (9, 6), (9, 12))
    wait_for(lambda: greys(page)[8, 9] == 0, "the drawing without a part")
    assert greys(page)[18, 9] > 200
    tool(page, "Clear").click()
    expect(sentence(page)).to_have_text(EMPTY)
    expect(page).not_to_have_url(re.compile("picture="))


def test_the_keyboard_draws(page):
    canvas(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(sentence(page)).to_have_text(re.compile("Predicted class"))
    assert greys(page)[13, 14] > 200
    page.keyboard.press("Control+z")
    expect(sentence(page)).to_have_text(EMPTY)


def test_a_drawing_is_there_again_after_a_reload(page):
    draw_trousers(page)
    expect(sentence(page)).to_have_text(PREDICTED)
    before, text = greys(page), sentence(page).inner_text()
    page.reload()
    expect(sentence(page)).to_have_text(text)
    assert (greys(page) == before).all()
    page.get_by_role("radio", name="Your photo").click()
    expect(page.get_by_text("The network's input: 28 × 28 gray values").first).to_be_visible()


def test_a_test_image_is_drawn_on(visit, empty_server):
    page = visit(empty_server, "predict?index=169")
    tool(page, "Draw on it").click()
    expect(sentence(page)).to_have_text("Predicted class: Pullover, 97.3%")
    tool(page, "Erase").click()
    tool(page, "Large brush").click()
    for x in (2, 4, 6, 22, 24, 26):
        stroke(page, (x, 12), (x, 27))
    expect(sentence(page)).not_to_have_text("Predicted class: Pullover, 97.3%")


def test_where_the_weights_are_refused_the_server_predicts(visit, empty_server):
    page = visit(empty_server)
    page.route("**/weights", lambda route: route.abort())
    page.goto(f"{empty_server.url}/picture?source=draw")
    failed = "The network could not be loaded; the prediction appears below the drawing."
    expect(sentence(page)).to_have_text(failed)
    draw_trousers(page)
    expect(page.get_by_text("In distribution:").or_(page.get_by_text("Out of distribution:"))).to_be_visible()
    expect(sentence(page)).to_have_text(failed)
