"""The pages in Spanish."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.thorough

# Names, what is written the same in both languages, and Streamlit's own link.
SAME = {"English", "Español", "Skip to main content", "Max pooling 2×2"}
DRAWN = {
    "": "ol button",
    "data": ".st-key-grid button",
    "train": ".training .ways button",
    "predict": ".verdict",
}


def texts(page: Page) -> set[str]:
    """Every visible line with a word in it, and what a screen reader says of our pictures."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    lines = page.locator("body").inner_text().splitlines()
    lines += page.locator("img").evaluate_all("pictures => pictures.map(picture => picture.alt)")
    lines += page.locator(".st-key-grid button").evaluate_all("buttons => buttons.map(button => button.title)")
    lines += page.locator(".zone span").all_inner_texts()
    # An icon is a word to the page, but not to a person.
    icons = page.locator("[data-testid*=Icon], [role=img]").all_inner_texts()
    return {line.strip() for line in lines if re.search(r"[^\W\d_]{3}", line)} - set(icons)


def unfold(page: Page) -> None:
    for expander in page.locator("details").all():
        if expander.get_attribute("open") is None:
            expander.locator("summary").click()


@pytest.mark.parametrize("address", DRAWN)
def test_nothing_is_left_in_english(visit, trained_server, address):
    found = {}
    for language, own_settings in (("en", "Custom"), ("es", "Propia")):
        page = visit(trained_server, f"{address}?language={language}")
        page.locator(DRAWN[address]).first.wait_for()
        unfold(page)
        found[language] = texts(page)
        if address == "train":
            page.get_by_text(own_settings, exact=True).first.click()
            page.locator(".st-key-epochs").wait_for()
            unfold(page)
            page.locator(".st-key-validation").wait_for()
            found[language] |= texts(page)

    assert len(found["es"]) > 10
    assert found["en"] & found["es"] - SAME == set()


def test_the_language_of_the_address_is_kept_between_the_pages(visit, empty_server):
    page = visit(empty_server, "?language=es")
    for link, address in (("Entrenar", "train"), ("Predecir", "predict"), ("Datos", "data"), ("Inicio", "")):
        page.get_by_role("navigation").get_by_role("link", name=link).click()
        expect(page).to_have_url(re.compile(rf"/{address}\?.*language=es"))
        expect(page.get_by_role("radio", name="Español")).to_be_checked()


def test_a_spanish_browser_gets_spanish(visit, trained_server):
    page = visit(trained_server, "predict", locale="es-ES")

    expect(page.locator(".predict .caption")).to_contain_text("Imagen de prueba 169")
    # Numbers are written as in Mexico.
    expect(page.locator(".verdict")).to_contain_text(re.compile(r"\d\.\d%"))
    expect(page).not_to_have_url(re.compile("language"))


def test_the_language_is_switched_on_the_page(visit, empty_server):
    page = visit(empty_server, "data")
    page.get_by_text("Español", exact=True).click()
    expect(page.get_by_role("navigation").get_by_role("link", name="Entrenar")).to_be_visible()
    expect(page.locator(".st-key-grid button").first).to_have_text("Botín")
    expect(page).to_have_url(re.compile("language=es"))

    page.get_by_text("English", exact=True).click()
    expect(page.locator(".st-key-grid button").first).to_have_text("Ankle boot")


def test_what_cannot_be_had_is_said_in_spanish(visit, trained_server):
    page = visit(trained_server, "predict?language=es&index=10000")

    expect(page.get_by_test_id("stAlert").first).to_contain_text("10000")
    expect(page.get_by_test_id("stAlert").first).not_to_contain_text("There is")
