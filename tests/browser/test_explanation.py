"""The explanation of a prediction and its history, as a person uses them."""

import re

from playwright.sync_api import Page, expect


def choose(page: Page, label: str, option: str) -> None:
    """With the keyboard alone, from a list."""
    box = page.get_by_role("combobox", name=label)
    box.focus()
    box.press_sequentially(option)
    box.press("Enter")


def test_a_prediction_is_explained_for_any_class_and_layer(visit, trained_server):
    page = visit(trained_server, "predict?index=12")
    page.get_by_text("Why", exact=True).click()
    expect(page).to_have_url(re.compile("predict_view=explanation"))
    expect(page.get_by_role("img", name="Test image 12: Sneaker")).to_be_visible()
    expect(page.get_by_role("img", name="32 maps of 26 × 26")).to_be_visible()

    choose(page, "Class to explain", "Bag")
    expect(page).to_have_url(re.compile("explained_class=8"))
    # Grad-CAM and occlusion, each with its sentence.
    expect(page.get_by_role("img", name=re.compile("Bag"))).to_have_count(2)
    choose(page, "Layer", "3 × 3 × 64")
    expect(page.get_by_role("img", name="64 maps of 3 × 3")).to_be_visible()
    choose(page, "Layer", "Dense · 10")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_accessible_name(re.compile("Ten logits"))


def test_similar_images_appear_once_they_are_computed_and_open_by_keyboard(visit, trained_server):
    page = visit(trained_server, "predict?predict_view=explanation&index=12")
    similar = page.get_by_role("button", name=re.compile("training image .*, distance"))
    expect(similar).to_have_count(9, timeout=300_000)  # until a worker has computed all training images
    index = re.search("training image ([0-9,]+),", similar.first.get_attribute("aria-label")).group(1)
    similar.first.press("Enter")

    expect(page.get_by_role("img", name=f"Training image {index}: ")).to_be_visible()
    expect(page).to_have_url(re.compile(f"sample_split=train&index={index.replace(',', '')}&predict_view=explanation"))
    expect(page.get_by_text("is left out")).to_be_visible()


def test_the_epoch_slider_moves_the_mark_among_the_predictions(visit, trained_server):
    page = visit(trained_server, "predict?predict_view=epochs&index=12")
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_have_accessible_name(re.compile("epoch"))
    mark = chart.locator(".mark-rule line").last
    last = mark.bounding_box()["x"]
    expect(chart.get_by_text("✓ Sneaker")).to_be_visible()

    slider = page.get_by_role("slider", name="epoch")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("epoch=2"))
    page.wait_for_function(
        "last => [...document.querySelectorAll('.stVegaLiteChart .mark-rule line')]"
        ".at(-1)?.getBoundingClientRect().x < last - 50",
        arg=last,
    )
