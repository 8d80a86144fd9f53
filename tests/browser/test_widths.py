"""Pages between a telephone and a large screen: nothing is cut. A laptop's 1,366 pixels at 200% zoom are 683."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.thorough

WIDTHS = (683, 800, 1000, 1100, 1280)
PHONE = {"width": 390, "height": 844}
# What a finger needs, in pixels.
FINGER = 44
GROUPS = ", ".join(f"[data-testid=st{group}]" for group in ("ButtonGroup", "Button", "DownloadButton", "Pagination"))
TARGETS = f"[data-testid=stMain] :is({GROUPS}) :is(button, [role=radio]):visible"
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


def test_on_a_phone_the_menu_leaves_the_page_that_is_chosen(visit, empty_server):
    page = visit(empty_server)
    page.set_viewport_size(PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    entry = page.get_by_role("link", name="Data")
    expect(entry).to_be_in_viewport()
    assert entry.bounding_box()["height"] >= FINGER
    entry.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The data set")
    expect(entry).not_to_be_in_viewport()
    page.locator(".st-key-grid button").nth(1).click(trial=True)


@pytest.mark.parametrize("address", ["data?page=1200", "train", "evaluate", "compare"])
def test_on_a_phone_a_finger_meets_what_it_aims_at(visit, empty_server, address):
    """Not the ten by ten cells of the matrix, nor the signs that Streamlit lays over a chart."""
    page = visit(empty_server, address)
    page.set_viewport_size(PHONE)
    targets = page.locator(TARGETS)
    targets.first.wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    small = [(each.inner_text(), box) for each in targets.all() if (box := each.bounding_box())["height"] < FINGER]
    assert small == []
    assert all(each.bounding_box()["x"] + each.bounding_box()["width"] <= PHONE["width"] for each in targets.all())
