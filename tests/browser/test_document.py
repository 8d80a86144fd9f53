"""The whole document: its language, its history, the origin of its parts."""

import re

import pytest
from playwright.sync_api import expect

from testing.serving import Server

pytestmark = pytest.mark.thorough


def link(page, name):
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


def heading(page):
    return page.get_by_role("heading", level=1)


def test_one_press_of_back_leads_to_the_page_before(visit, trained_server):
    page = visit(trained_server, "predict?language=en&index=5")
    expect(page.locator(".predict .caption")).to_contain_text("Test image 5 ")
    for name, title in (("Train", "Train a network"), ("Evaluate", "Evaluate a network")):
        link(page, name).click()
        expect(heading(page)).to_have_text(title)
        expect(page).to_have_url(re.compile("language=en"))
    link(page, "Predict").click()
    expect(heading(page)).to_have_text("Predict")
    expect(page.locator(".predict .caption")).to_contain_text("Test image 5 ")

    for title in ("Evaluate a network", "Train a network", "Predict"):
        page.go_back()
        expect(heading(page)).to_have_text(title)
    page.go_forward()
    expect(heading(page)).to_have_text("Train a network")


def test_a_choice_on_a_page_is_a_step_of_its_own(visit, trained_server):
    page = visit(trained_server, "predict")
    for name, source in (("Draw", "draw"), ("Training image", "train")):
        page.get_by_role("radio", name=name).click()
        expect(page).to_have_url(re.compile(f"source={source}"))

    page.go_back()
    expect(page.locator(".predict .caption")).to_contain_text("Your drawing")


def test_the_language_and_the_title_of_the_document_follow_the_tab(visit, empty_server):
    page = visit(empty_server, "?language=es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_title("Inicio · Fashion-MNIST")
    link(page, "Entrenar").click()
    expect(page).to_have_title("Entrenar · Fashion-MNIST")

    page.get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Train · Fashion-MNIST")


def test_a_first_visit_requests_no_other_host(browser, empty_server: Server):
    """Not for an icon, not for a font, not for a script."""
    asked = set()
    context = browser.new_context()
    context.on("request", lambda request: asked.add(request.url))
    page = context.new_page()
    page.goto(empty_server.url)
    for name in ("Train", "Predict", "Evaluate", "Data"):
        link(page, name).click()
        page.locator("[data-test-script-state=notRunning]").wait_for()
    expect(page.locator(".st-key-grid button").first).to_be_visible()
    icon = page.locator("link[rel='shortcut icon']").get_attribute("href")
    context.close()

    assert icon.startswith("data:")
    assert [url for url in asked if not url.startswith((f"{empty_server.url}/", "data:", "blob:"))] == []
    assert len(asked) > 10
