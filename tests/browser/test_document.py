"""The whole document: its language, its history, the origin of its parts."""

import re

from playwright.sync_api import expect

from testing.serving import Server


def link(page, name):
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


def heading(page):
    return page.get_by_role("heading", level=1)


def test_one_press_of_back_leads_to_the_page_before(visit, trained_server):
    page = visit(trained_server, "predict?language=en&index=5")
    expect(page.get_by_role("img", name="Test image 5: ")).to_be_visible()
    for name, title in (("Train", "Train a network"), ("Run", "Run details")):
        link(page, name).click()
        expect(heading(page)).to_have_text(title)
        expect(page).to_have_url(re.compile("language=en"))
    page.get_by_role("button", name="Try this network").click()
    expect(heading(page)).to_have_text("Predict the class of an image")
    expect(page.get_by_role("img", name="Test image 5: ")).to_be_visible()

    for title in ("Run details", "Train a network", "Predict the class of an image"):
        page.go_back()
        expect(heading(page)).to_have_text(title)
    page.go_forward()
    expect(heading(page)).to_have_text("Train a network")


def test_a_choice_on_a_page_is_a_step_of_its_own(visit, trained_server):
    page = visit(trained_server, "predict")
    expect(page.get_by_role("img", name="Test image 169: ")).to_be_visible()
    for index in (3, 4):
        box = page.locator(".st-key-type_index input")
        box.fill(str(index))
        box.press("Enter")
        expect(page.get_by_role("img", name=f"Test image {index}: ")).to_be_visible()
        expect(page).to_have_url(re.compile(f"index={index}"))

    page.go_back()
    expect(page.get_by_role("img", name="Test image 3: ")).to_be_visible()


def test_the_language_and_the_title_of_the_document_follow_the_tab(visit, empty_server):
    page = visit(empty_server, "?language=es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_title("Datos · Fashion-MNIST")
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
    for name in ("Train", "Predict", "Your picture", "Map", "Data"):
        link(page, name).click()
        page.locator("[data-test-script-state=notRunning]").wait_for()
    expect(page.locator(".st-key-grid button").first).to_be_visible()
    icon = page.locator("link[rel='shortcut icon']").get_attribute("href")
    context.close()

    assert icon.startswith("data:")
    assert [url for url in asked if not url.startswith((f"{empty_server.url}/", "data:", "blob:"))] == []
    assert len(asked) > 10
