"""A server that does not answer, in the tab's language, and the page when it is back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from testing.serving import Server
from tests.browser.predict_page import verdict

pytestmark = pytest.mark.thorough

SENTENCES = {
    "en": r"^The server does not answer\. This page is from \d?\d:\d\d:\d\d and may be old",
    "es": r"^El servidor no responde\. Esta página es de las \d?\d:\d\d:\d\d y puede estar desactualizada",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("interrupted")) as server:
        yield server


def banner(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text=re.compile("server|servidor"))


def mark(page: Page) -> str:
    return page.get_by_test_id("stMain").evaluate("main => getComputedStyle(main).outlineStyle")


def grid_top(page: Page) -> float:
    box = page.locator(".st-key-grid").bounding_box()
    assert box
    return box["y"]


def test_a_server_that_ended_is_told_in_both_languages_until_it_is_back(visit, server):
    pages = {language: visit(server, f"data?language={language}") for language in SENTENCES}
    for page in pages.values():
        page.locator(".st-key-grid button").first.wait_for()
        page.locator("[data-test-script-state=notRunning]").wait_for()
        # Another page has been seen in between.
        page.get_by_role("navigation").get_by_role("link").nth(3).click()
        verdict(page).wait_for()
        page.get_by_role("navigation").get_by_role("link").nth(1).click()
        page.locator(".st-key-grid button").first.wait_for()
        assert banner(page).count() == 0
    top = grid_top(pages["en"])

    server.interrupt()
    for language, page in pages.items():
        expect(banner(page)).to_have_text(re.compile(SENTENCES[language]))
        expect(page.get_by_text("Connecting", exact=True)).to_be_hidden()
        assert mark(page) == "dashed"
    assert grid_top(pages["en"]) == top

    server.start()
    for page in pages.values():
        expect(banner(page)).to_have_count(0)
        assert mark(page) == "none"
        page.locator(".st-key-grid button").first.click()  # and it answers
        verdict(page).wait_for()
