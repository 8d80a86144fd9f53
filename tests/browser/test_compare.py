"""The Compare page, as a person uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.thorough

COUNTS = re.compile(r"A is right on [\d,]+ of the 10,000 test images, B on [\d,]+")


@pytest.fixture
def compared(visit, trained_server) -> Page:
    """The one run after its last epoch beside itself after its first."""
    page = visit(trained_server, f"compare?run={trained_server.run.id}&index=0&other={trained_server.run.id}")
    expect(page.get_by_text(COUNTS)).to_be_visible()
    expect(page.locator(".st-key-disagreements button")).to_have_count(25)
    return page


def slider(page: Page, network: str):
    return page.get_by_role("slider", name=f"Network {network} after epoch")


def test_a_slider_moves_everything_and_the_same_network_is_named(compared):
    expect(slider(compared, "A")).to_have_attribute("aria-valuetext", "3")
    expect(slider(compared, "B")).to_have_attribute("aria-valuetext", "1")
    counts = compared.get_by_text(COUNTS).inner_text()

    slider(compared, "B").press("ArrowRight")
    expect(compared.get_by_text(COUNTS)).not_to_have_text(counts)
    expect(compared).to_have_url(re.compile("other_epoch=2"))
    slider(compared, "B").press("ArrowRight")
    expect(compared.get_by_text("A and B are the same network.")).to_be_visible()
    expect(compared.get_by_text("There is no such image.")).to_be_visible()


def test_an_image_where_they_disagree_shows_both_predictions(compared):
    image = compared.locator(".st-key-disagreements button").first
    description = image.get_attribute("aria-label")
    index, true, first, second = re.fullmatch(
        r"Test image ([\d,]+): (.+)\. A predicts (.+), B predicts (.+)\.", description
    ).groups()
    image.click()

    expect(compared.get_by_role("img", name=f"Test image {index}: {true}", exact=True)).to_be_visible()
    expect(compared).to_have_url(re.compile(f"index={index.replace(',', '')}(&|$)"))
    expect(compared.get_by_text("The predictions disagree:")).to_be_visible()
    expect(compared.get_by_text(re.compile(f"A predicts {first} with"))).to_be_visible()
    expect(compared.get_by_text(re.compile(f"B predicts {second} with"))).to_be_visible()
    table = compared.get_by_role("table", name="Probability of each class: A above, B below.")
    expect(table.get_by_role("rowheader", name=f"✓ {true}")).to_be_visible()
    expect(table.locator(".bar")).to_have_count(20)

    compared.get_by_role("button", name="Open in Predict with network A").click()
    expect(compared).to_have_url(re.compile(f"/predict.*index={index.replace(',', '')}"))
    expect(compared.locator(".verdict b")).to_have_text(first)


def test_the_keyboard_filters_and_opens_an_image(compared):
    both = compared.get_by_role("radio", name="Both are wrong")
    both.focus()
    both.press("Enter")
    expect(compared).to_have_url(re.compile("disagreement_filter=neither"))
    buttons = compared.locator(".st-key-disagreements button")
    buttons.first.focus()
    compared.keyboard.press("ArrowRight")
    label = buttons.nth(1).get_attribute("aria-label")
    index = label.removeprefix("Test image ").partition(":")[0]
    compared.keyboard.press("Enter")

    expect(compared.get_by_role("img", name=f"Test image {index}: ")).to_be_visible()
    expect(compared.get_by_text(": wrong.")).to_have_count(2)
