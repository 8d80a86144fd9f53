"""The Predict page, as a person uses it: everything follows the hand."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from fmnist.analysis.metrics import softmax
from fmnist.inference.classifier import Classifier
from testing.serving import wait_for
from tests.browser.predict_page import (
    canvas,
    caption,
    greys,
    probabilities,
    stroke,
    tool,
    type_index,
    verdict,
)

OPENED = re.compile(r"Pullover\s*97\.3%\s*✓ right")


@pytest.fixture
def page(visit, empty_server) -> Page:
    page = visit(empty_server, "predict")
    expect(verdict(page)).to_have_text(OPENED)
    expect(page.locator(".note")).to_contain_text("Draw on the image")  # the weights are here
    return page


def test_a_new_machine_answers_at_once(page):
    expect(caption(page)).to_have_text(re.compile(r"Test image 169\s*true class: Pullover"))
    expect(page.get_by_role("combobox", name="Run").locator("option:checked")).to_have_text(
        re.compile("Best, included")
    )
    expect(page.get_by_role("rowheader", name="Ankle boot")).to_be_visible()
    expect(page.get_by_role("button", name="Convolution, 26×26, 32 maps")).to_be_visible()


def test_any_image_is_chosen_by_number_by_keys_and_at_random(page):
    type_index(page, 9999)
    expect(caption(page)).to_contain_text("Test image 9,999")
    expect(page).to_have_url(re.compile("index=9999"))
    slider = page.get_by_role("slider", name="Image")
    for key, index in (("ArrowLeft", 9_998), ("PageDown", 9_898), ("Home", 0), ("PageUp", 100)):
        slider.press(key)
        expect(caption(page)).to_contain_text(f"Test image {index:,}")
    expect(page).to_have_url(re.compile("index=100"))
    slider.press("r")
    expect(page).not_to_have_url(re.compile("index=100$"))
    box = page.get_by_role("textbox", name="Index of the image")
    type_index(page, 10_000)
    expect(box).not_to_have_value("10000")
    # Enter is a key, then a change; both come before the next frame.
    box.evaluate("""(box) => {
        box.value = "4,321"
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
        box.dispatchEvent(new Event("change"))
    }""")
    expect(caption(page)).to_contain_text("Test image 4,321")
    expect(page).to_have_url(re.compile("index=4321"))


def test_while_the_hand_moves_nothing_is_requested(page):
    chunks = "performance.getEntriesByType('resource').filter((each) => each.name.includes('/test/')).length"
    wait_for(lambda: page.evaluate(chunks) == 20, "the test images")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    slider = page.get_by_role("slider", name="Image").bounding_box()
    assert slider
    page.mouse.move(slider["x"] + 10, slider["y"] + 12)
    page.mouse.down()
    seen = set()
    for step in range(40):
        page.mouse.move(slider["x"] + 10 + 8 * step, slider["y"] + 12)
        seen.add(caption(page).inner_text())
    page.mouse.up()

    assert len(seen) > 20
    assert [url for url in requests if "/api/" in url] == []
    expect(page).to_have_url(re.compile("index="))


def test_the_bars_follow_the_strokes_and_agree_with_litert(page, empty_server):
    tool(page, "Large brush").click()
    tool(page, "Erase").click()
    for x in (4, 5, 6, 23, 24, 25):
        stroke(page, (x, 13), (x, 27))
    expect(verdict(page)).to_have_text(re.compile(r"T-shirt/top\s*9\d\.\d%\s*was Pullover 97\.3%"))
    expect(caption(page)).to_contain_text("Test image 169, changed")
    run = empty_server.store.runs()[-1]
    classifier = Classifier(empty_server.store.weights(run.id, run.kept[-1]))

    def agree() -> bool:  # the address follows when the hand rests
        return bool(
            np.abs(100 * softmax(classifier.logits(greys(page)[np.newaxis]))[0] - probabilities(page)).max() < 0.06
        )

    wait_for(agree, "the same probabilities")
    drawn, text = greys(page), verdict(page).inner_text()
    # The image that was changed comes after the drawing.
    page.route("**/api/samples/**/test/0", lambda route: (page.wait_for_timeout(2_000), route.continue_()))
    page.reload()
    expect(verdict(page)).to_have_text(text)
    assert (greys(page) == drawn).all()
    spoken = page.locator(".predict output")
    expect(spoken).to_have_text(re.compile(r"^Test image 169, changed.*T-shirt/top 9\d\.\d% was Pullover 97\.3%$"))
    page.get_by_role("radio", name="Español").click()
    expect(spoken).to_have_text(re.compile(r"^Imagen de prueba 169, modificada.*Playera 9\d\.\d%"))
    page.get_by_role("radio", name="English").click()
    tool(page, "Original").click()
    expect(verdict(page)).to_have_text(OPENED)
    expect(page).not_to_have_url(re.compile("picture="))


def test_undo_mirror_move_and_the_keyboard(visit, empty_server):
    page = visit(empty_server, "predict?source=draw")
    expect(verdict(page)).to_contain_text("Draw a piece of clothing")
    stroke(page, (6, 6), (6, 20))
    left = greys(page)
    assert left[13, 6] > 200
    tool(page, "Mirror").click()
    wait_for(lambda: (greys(page) == left[:, ::-1]).all(), "the mirrored drawing")
    canvas(page).press("Control+z")
    wait_for(lambda: (greys(page) == left).all(), "the drawing as it was")
    tool(page, "Move").click()
    stroke(page, (10, 10), (13, 10))
    wait_for(lambda: (greys(page)[:, 3:] == left[:, :-3]).all(), "the moved drawing")
    tool(page, "Original").click()
    expect(verdict(page)).to_contain_text("Draw a piece of clothing")

    page.get_by_role("button", name="Small brush").press("Tab")
    canvas(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    wait_for(lambda: greys(page)[13, 14] > 200, "a pixel of the keyboard")
    page.keyboard.press("e")
    page.keyboard.press("Space")
    wait_for(lambda: greys(page)[13, 14] == 0, "the pixel erased")


def test_the_next_mistake_is_misclassified(page):
    seen = set()
    for _ in range(3):
        before = caption(page).inner_text()
        page.get_by_role("slider", name="Image").press("m")
        expect(caption(page)).not_to_have_text(before)
        expect(verdict(page)).to_contain_text("✗ wrong")
        seen.add(caption(page).inner_text())
    assert len(seen) == 3


def test_the_epochs_play_and_a_link_shows_the_same_in_another_browser(page, visit, empty_server):
    slider = page.get_by_role("slider", name="Epoch")
    slider.press("Home")
    expect(page).to_have_url(re.compile(r"epoch=1\b"))
    expect(verdict(page)).not_to_have_text(OPENED)
    confidence = page.locator(".confidence").inner_text()
    other = visit(empty_server, page.url.rpartition("/")[2], locale="es-ES")
    expect(other.locator(".confidence")).to_have_text(confidence)
    expect(caption(other)).to_contain_text("Imagen de prueba 169")

    tool(page, "Play the epochs").click()
    expect(slider).to_have_attribute("aria-valuetext", "100")
    expect(verdict(page)).to_have_text(OPENED)
    expect(tool(page, "Play the epochs")).to_be_visible()


def test_back_and_forward_agree_with_what_is_seen(page):
    type_index(page, 12)
    expect(page).to_have_url(re.compile("index=12"))
    page.get_by_role("radio", name="Draw").click()
    expect(caption(page)).to_contain_text("Your drawing")
    expect(page).to_have_url(re.compile("source=draw"))
    page.go_back()
    expect(caption(page)).to_contain_text("Test image 12 ")
    page.go_forward()
    expect(caption(page)).to_contain_text("Your drawing")
    page.get_by_role("radio", name="Training image").click()
    expect(caption(page)).to_have_text(re.compile(r"Training image 12\s*true class"))


def test_where_the_weights_are_refused_the_server_predicts(visit, empty_server):
    page = visit(empty_server)
    page.route("**/api/**", lambda route: route.continue_() if "modules" in route.request.url else route.abort())
    page.goto(f"{empty_server.url}/predict?index=12")
    expect(page.locator(".note")).to_contain_text("the predictions come from the server")
    expect(verdict(page)).to_contain_text("Sneaker")
    expect(tool(page, "Erase")).to_be_disabled()
    type_index(page, 13)
    expect(verdict(page)).to_contain_text("✓ right")
    expect(caption(page)).to_have_text(re.compile(r"Test image 13\s*true class"))


def test_a_layer_opens_down_to_the_numbers_behind_a_value(page, empty_server):
    page.get_by_role("button", name="Convolution, 26×26, 32 maps").press("Enter")
    expect(page).to_have_url(re.compile("layer=convolution_1"))
    maps = page.get_by_role("application", name="All maps of the layer")
    maps.press("Home")
    maps.press("ArrowLeft")
    numbers = page.locator(".numbers")
    result = numbers.locator("strong")
    sums = [float(text.replace("−", "-")) for text in numbers.locator("dd").all_inner_texts()]
    assert sums[2] == pytest.approx(sums[0] + sums[1], abs=0.011)
    assert float(result.inner_text()) == pytest.approx(max(sums[2], 0), abs=0.011)
    page.get_by_role("button", name="Logits 10").click()
    expect(page.get_by_role("row", name=re.compile(r"Pullover 3\.92 1\.0000 97\.3% 98\.1%"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Convolution, 26×26, 32 maps")).to_be_visible()


def test_why_explains_any_class_and_a_pointer_covers(page):
    page.get_by_text("Why", exact=True).click()
    expect(page.get_by_text("Grad-CAM: the strongest evidence for Pullover is at the top left.")).to_be_visible()
    expect(page.locator(".falls-sentence")).to_contain_text("covering a square")
    canvas(page).hover()
    expect(page.locator(".covered")).to_have_text(re.compile(r"Covered: Pullover 97\.3% → [\d.]+%"))
    page.get_by_role("combobox", name="Class to explain").select_option("Bag")
    expect(page.locator(".evidence-sentence")).to_contain_text("Bag")
    expect(page.locator(".falls-sentence")).to_contain_text("Bag")
    expect(page).to_have_url(re.compile("predict_view=explanation&explained_class=8"))


def test_the_history_is_that_of_the_image_in_the_hand(page):
    page.get_by_text("Over the epochs", exact=True).click()
    chart = page.get_by_role("img", name=re.compile(r"✓ Pullover\. 1: [\d.]+%;.*100: 97\.3%"))
    expect(chart).to_be_visible()
    before = chart.get_attribute("aria-label")
    expect(page.locator(".note")).to_contain_text(re.compile(r"Right after \d+ of 10 kept epochs"))
    stroke(page, (8, 14), (20, 14))
    expect(page.get_by_role("img", name=before)).to_have_count(0)


def test_the_keyboard_reaches_every_control(page):
    reached = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(NAME_OF_FOCUSED))

    for control in ("Data", "Test image", "English", "gray values", "Small brush", "Mirror", "Image", "Index", "Random",
                    "Next mistake", "Play the epochs", "Epoch", "Run", "Layers", "28×28"):  # fmt: skip
        assert any(control in name for name in reached), f"{control} is not among {reached}"


NAME_OF_FOCUSED = """() => {
    let focused = document.activeElement
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
    return [focused.getAttribute("aria-label"), focused.innerText, focused.labels?.[0]?.innerText].join(" ")
}"""


def test_on_a_phone_nothing_is_wider_than_the_screen(visit, empty_server):
    page = visit(empty_server, "predict")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(verdict(page)).to_have_text(OPENED)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    row = [page.get_by_role("slider", name="Image"), page.get_by_role("textbox", name="Index of the image"),
           tool(page, "Random"), tool(page, "Next mistake")]  # fmt: skip
    assert all(part.bounding_box()["height"] >= 44 for part in (tool(page, "Erase"), *row))
    assert len({part.bounding_box()["y"] for part in row}) == 1
    page.set_viewport_size({"width": 1280, "height": 850})


def test_another_source_wins_over_what_the_hand_did_just_before(page):
    slider = page.get_by_role("slider", name="Image")
    for pause in (0, 100, 200):
        page.get_by_role("radio", name="Test image").click()
        slider.press("ArrowRight")
        page.wait_for_timeout(pause)
        page.get_by_role("radio", name="Draw").click()
        expect(page).to_have_url(re.compile("source=draw"))
        page.wait_for_timeout(800)  # for the place of before, which must not come
        assert "source=draw" in page.url
        expect(page.get_by_role("radio", name="Draw")).to_be_checked()
        expect(caption(page)).to_contain_text("Your drawing")


@pytest.mark.parametrize("layer", ["convolution_1", "convolution_2", "convolution_3", "flatten", "dense_1", "logits"])
def test_an_opened_layer_fits_a_laptops_screen(visit, empty_server, layer):
    page = visit(empty_server, f"predict?layer={layer}")
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator(".numbers")).not_to_be_empty()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight") <= 768


def test_an_opened_layer_has_the_keyboard_and_gives_it_back(page):
    layer = page.get_by_role("button", name="Convolution, 26×26, 32 maps")
    layer.press("Enter")
    chip = page.locator(".chips [aria-pressed=true]")
    expect(chip).to_be_focused()
    page.keyboard.press("Escape")
    expect(layer).to_be_focused()
