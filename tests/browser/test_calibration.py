"""The calibration of a network on Evaluate."""

import re

from playwright.sync_api import expect


def test_the_slider_changes_sentence_curve_and_address(visit, trained_server):
    page = visit(trained_server, "evaluate?evaluate_view=calibration&threshold=0.5")
    sentence = page.get_by_text("With at least 50% confidence it answers")
    expect(sentence).to_contain_text(re.compile(r"answers [\d,]+ of 10,000 images, \d\d\.\d% of them right\."))
    curve = page.get_by_test_id("stVegaLiteChart").nth(1)
    expect(curve).to_have_accessible_name(sentence.inner_text())

    page.get_by_role("slider", name="Answer only above this confidence").press("ArrowRight")
    expect(page.get_by_text("With at least 51% confidence it answers")).to_be_visible()
    expect(curve).to_have_accessible_name(re.compile("With at least 51%"))
    expect(page).to_have_url(re.compile("threshold=0.51"))


def test_a_mark_of_the_diagram_has_its_bin_as_tooltip(visit, trained_server):
    page = visit(trained_server, "evaluate?evaluate_view=calibration")
    diagram = page.get_by_test_id("stVegaLiteChart").first
    expect(diagram).to_have_accessible_name(re.compile(r"of the answers are right\. Softmax"))
    # Forced: near a temperature of 1 another kind's mark lies on it, and that one tells.
    diagram.locator(".mark-symbol.role-mark path").first.hover(force=True)

    text = page.locator("#vg-tooltip-element")
    expect(text).to_contain_text(re.compile("Softmax|sigmoid"))
    for part in ("Bin", "Images", "Confidence", "Right", "%"):
        expect(text).to_contain_text(part)
