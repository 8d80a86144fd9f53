"""The calibration of a network on Evaluate."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.thorough


def test_the_slider_changes_sentence_curve_and_address(visit, trained_server):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&evaluate_view=calibration&threshold=0.5")
    sentence = page.get_by_text("At a confidence of 50% or more")
    expect(sentence).to_contain_text(re.compile(r" [\d,]+ of 10,000 images answered, \d\d\.\d% of the answers right\."))
    curve = page.get_by_test_id("stVegaLiteChart").nth(1)
    expect(curve).to_have_accessible_name(sentence.inner_text())

    page.get_by_role("slider", name="Confidence threshold").press("ArrowRight")
    expect(page.get_by_text("At a confidence of 51% or more")).to_be_visible()
    expect(curve).to_have_accessible_name(re.compile("At a confidence of 51%"))
    expect(page).to_have_url(re.compile("threshold=0.51"))


def test_a_mark_of_the_diagram_has_its_bin_as_tooltip(visit, trained_server):
    page = visit(trained_server, f"evaluate?run={trained_server.run.id}&evaluate_view=calibration")
    diagram = page.get_by_test_id("stVegaLiteChart").first
    expect(diagram).to_have_accessible_name(re.compile(r"The accuracy is [\d.]+%\. Softmax"))
    # Forced: near a temperature of 1 another kind's mark lies on it, and that one tells.
    diagram.locator(".mark-symbol.role-mark path").first.hover(force=True)

    text = page.locator("#vg-tooltip-element")
    expect(text).to_contain_text(re.compile("Softmax|sigmoid"))
    for part in ("Bin", "Images", "Confidence", "Accuracy", "%"):
        expect(text).to_contain_text(part)
