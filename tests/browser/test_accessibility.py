"""The findings of axe-core on the pages: none serious, in both languages and both themes."""

import re
from importlib.resources import files
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.thorough

# The rest of that package loads and waits anew for every page.
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], iframes: false })
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().at(-1)}: ${failureSummary}`))
}"""
# As the navigation names them, each with the other views that it has: a field of the address and its values.
PAGES = (
    ("start", "", ()),
    ("data", "", ()),
    ("train", "train_view", ("details",)),
    # The views of Predict are a part of its component.
    ("predict", "source", ("train", "photo", "draw")),
    ("evaluate", "evaluate_view", ("misclassified", "calibration", "map")),
    ("compare", "", ()),
)


@pytest.mark.parametrize(("locale", "color_scheme"), [("en-US", "light"), ("es-MX", "dark")])
def test_nothing_serious_is_found(visit, trained_server, locale, color_scheme):
    """One document for all pages, so that Streamlit and axe-core are loaded once."""
    page = visit(trained_server, locale=locale, color_scheme=color_scheme)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    page.evaluate(AXE)
    found = {}
    for place, (name, field, views) in enumerate(PAGES):
        open_page(page, place)
        found[name] = findings(page)
        for position, view in enumerate(views, 1):
            page.locator(f".st-key-choose_{field}").get_by_role("radio").nth(position).click()
            expect(page).to_have_url(re.compile(f"{field}={view}"))
            found[view] = findings(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def open_page(page: Page, place: int) -> None:
    heading = page.get_by_role("heading", level=1)
    title = heading.inner_text()
    page.get_by_role("navigation").get_by_role("link").nth(place).click()
    if place:  # a visit begins on the first one
        expect(heading).not_to_have_text(title)


def findings(page: Page) -> list[str]:
    page.locator("[data-test-script-state=notRunning]").wait_for()
    if not violations(page):
        return []
    page.wait_for_timeout(1000)  # a component may not have been drawn yet; what is wrong stays
    return violations(page)


def violations(page: Page) -> list[str]:
    """What axe-core finds, and every level of the headings that is left out."""
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    left_out = [f"h{after} after h{before}" for before, after in pairwise([0, *levels]) if after > before + 1]
    return page.evaluate(RUN) + left_out
