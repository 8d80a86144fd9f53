"""Pages between a telephone and a large screen: nothing is cut. A laptop's 1,366 pixels at 200% zoom are 683."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.thorough

WIDTHS = (683, 800, 1000, 1100, 1280)
# Options and boxes that hide a part of what they hold, and images that leave the page.
CUT = """() => {
    const boxes = [...document.querySelectorAll("[role=radiogroup], [data-testid=stVerticalBlock]")]
    const hiding = boxes.filter((box) => getComputedStyle(box).overflowY !== "visible" &&
        (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
    const outside = [...document.images].filter((image) => image.getBoundingClientRect().right > innerWidth + 1)
    return [...hiding, ...outside].map((element) => element.outerHTML.slice(0, 200))
}"""


@pytest.mark.parametrize("address", ["", "train", "evaluate?evaluate_view=map", "predict?predict_view=explanation"])
def test_nothing_is_cut_between_a_telephone_and_a_large_screen(visit, empty_server, address):
    page = visit(empty_server, address, locale="es-MX")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 850})
        page.locator("[data-test-script-state=notRunning]").wait_for()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(CUT) == [], width
    page.set_viewport_size(size)
