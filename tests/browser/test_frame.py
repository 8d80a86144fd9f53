"""The frame of every page on a laptop's screen: the title row, and what is seen at once without scrolling."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.thorough

LAPTOP = {"width": 1366, "height": 768}
PAGES = ("", "data", "train", "predict", "picture", "evaluate", "compare", "run")


def box(part: Locator) -> dict[str, float]:
    """The edges of a part on the screen, in whole pixels."""
    edges = part.evaluate("part => part.getBoundingClientRect().toJSON()")
    return {name: round(edge) for name, edge in edges.items()}


def settle(page: Page) -> None:
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_title_and_language_have_one_place_on_every_page(visit, empty_server, locale):
    page = visit(empty_server, locale=locale)
    page.set_viewport_size(LAPTOP)
    for address in PAGES:
        page.goto(f"{empty_server.url}/{address}")
        title, switch = page.get_by_role("heading", level=1), page.locator(".st-key-choose_language")
        expect(title).to_be_visible()
        expect(switch.get_by_role("radio")).to_have_count(2)
        settle(page)
        assert (box(title)["left"], box(title)["top"], box(title)["bottom"]) == (80, 66, 106), address
        assert (box(switch)["right"], box(switch)["top"]) == (1286, 70), address


@pytest.mark.parametrize(
    ("address", "selector"),
    [
        ("", ".next"),
        ("data", ".st-key-grid button >> nth=24"),
        ("evaluate", ".st-key-matrix tbody tr >> nth=9"),
        ("compare", "[data-testid=stVegaLiteChart] svg >> nth=0"),
    ],
)
def test_it_is_seen_at_once(visit, empty_server, address, selector):
    page = visit(empty_server, address)
    page.set_viewport_size(LAPTOP)
    part = page.locator(selector)
    part.wait_for(state="attached")
    settle(page)
    assert 0 < box(part)["bottom"] <= LAPTOP["height"]


@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_the_verdict_and_the_chart_of_two_runs_are_seen_at_once(visit, trained_server, locale):
    page = visit(trained_server, "compare", locale=locale)
    page.set_viewport_size(LAPTOP)
    chart = page.locator("[data-testid=stVegaLiteChart] svg").first
    chart.wait_for(state="attached")
    settle(page)
    expect(page.get_by_test_id("stButtonGroup").nth(1)).to_be_visible()  # two runs: an axis is chosen
    assert box(page.get_by_test_id("stTable").first)["bottom"] < LAPTOP["height"]
    assert 0 < box(chart)["bottom"] <= LAPTOP["height"]
