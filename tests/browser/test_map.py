"""The map of the test images, as a person explores it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.thorough

PIXELS = """canvas => {
    const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    return bytes.reduce((sum, byte, at) => sum + (at % 4 === 3 && byte > 200), 0)
}"""


@pytest.fixture
def page(visit, trained_server) -> Page:
    page = visit(trained_server, f"map?run={trained_server.run.id}&index=169")
    # Until a worker has computed all embeddings.
    expect(canvas(page)).to_be_visible(timeout=300_000)
    expect(selection(page)).to_have_text(re.compile("Test image 169: Pullover"))
    return page


def canvas(page: Page) -> Locator:
    return page.get_by_role("application")


def selection(page: Page) -> Locator:
    """The map's sentence on the selected image, written by the browser."""
    return page.locator(".selection")


def index(page: Page) -> str:
    return re.findall("Test image ([0-9,]+)", selection(page).inner_text())[0]


def wait_for_drawing(page: Page, changed: str, than: int) -> None:
    """Wait until the map has more or less opaque pixels than before: `changed` is '>' or '<'."""
    page.wait_for_function(f"([canvas, than]) => ({PIXELS})(canvas) {changed} than",
                           arg=[canvas(page).element_handle(), than])  # fmt: skip


def test_the_mouse_finds_an_image_and_opens_it(page):
    box = canvas(page).bounding_box()
    # From the middle of the map outwards, as nobody knows where this network puts its images.
    for step in range(20):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * (0.5 + step / 45))
        if index(page) != "169":
            break
    found = index(page)
    assert found != "169"
    expect(page.get_by_role("img", name=f"Test image {found}: ")).to_be_visible()
    expect(page).not_to_have_url(re.compile("predict"))

    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"/predict.*index={found.replace(',', '')}$"))
    expect(page.locator(".predict .caption")).to_contain_text(f"Test image {found} ")


def test_the_keyboard_goes_from_image_to_image_and_opens_one(page):
    expect(canvas(page)).to_have_accessible_name(re.compile("of their variance"))
    canvas(page).focus()
    seen = [index(page)]
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "+", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(index(page))
    assert seen[4] == seen[3], "the picture is larger, the image the same"
    assert len(set(seen)) >= 3
    expect(page.get_by_role("img", name=f"Test image {seen[-1]}: ")).to_be_visible()

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/predict.*index={seen[-1].replace(',', '')}$"))


def test_one_class_or_only_the_mistakes_can_be_shown(page):
    drawn = canvas(page).evaluate(PIXELS)
    assert drawn > 1_000
    page.get_by_role("switch", name="Only mistakes").check()
    wait_for_drawing(page, "<", than=drawn)
    mistakes = canvas(page).evaluate(PIXELS)

    shirt = page.get_by_role("button", name="Shirt", exact=True)
    shirt.click()
    expect(shirt).to_have_attribute("aria-pressed", "true")
    wait_for_drawing(page, "<", than=mistakes)
    # The arrows meet only what is shown.
    canvas(page).focus()
    shown = set()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown") * 2:
        page.keyboard.press(key)
        shown.add(selection(page).inner_text())
    assert all(re.search(": Shirt, predicted (?!correctly)", sentence) for sentence in shown)

    shirt.click()
    page.get_by_role("switch", name="Only mistakes").uncheck()
    wait_for_drawing(page, ">", than=mistakes)


def test_the_wheel_scrolls_the_page_until_the_map_is_chosen(page):
    zoomed = re.compile("zoomed")
    box = canvas(page).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.wheel(0, -200)
    expect(canvas(page)).not_to_have_class(zoomed)

    canvas(page).focus()
    page.mouse.wheel(0, -200)
    expect(canvas(page)).to_have_class(zoomed)
    page.get_by_role("button", name="Show the whole map").click()
    expect(canvas(page)).not_to_have_class(zoomed)


def test_a_class_that_comes_under_a_resting_pointer_dims_nothing(page):
    drawn = canvas(page).evaluate(PIXELS)
    shirt = page.get_by_role("button", name="Shirt", exact=True)
    box = shirt.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] - 20)
    page.get_by_test_id("stMain").evaluate("(main, far) => main.scrollBy(0, far)", 20 + box["height"] / 2)
    page.wait_for_function("button => button.matches(':hover')", arg=shirt.element_handle())
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert canvas(page).evaluate(PIXELS) == drawn

    page.mouse.move(box["x"] + 6, box["y"] - 20)
    wait_for_drawing(page, "<", than=drawn)
