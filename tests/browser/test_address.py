"""Addresses that ask for what cannot be had: one sentence each, and a page that works all the same."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

GRID, ANSWER, VERDICT = ".st-key-grid button >> nth=24", "[data-testid=stMetricValue]", ".verdict"
MORE_CASES = (
    ("predict?index=-1", "no test image -1", VERDICT),
    ("predict?index=abc", "no test image abc", VERDICT),
    ("predict?index=99999999999999999999", "no test image 999999999999", VERDICT),
    ("predict?sample_split=train&index=60000", "no train image 60000", VERDICT),
    (f"predict?run={'0' * 32}", f"There is no run {'0' * 32}", VERDICT),
    ("train?run=%27%3B%20drop%20table%20runs", "There is no run", ".training .status h2"),
    ("predict?epoch=0", "epoch='0'", VERDICT),
    ("?label=10", "label='10'; choose a number from 0 to 9", GRID),
    ("?label=Trouser", "label='Trouser'", GRID),
    ("?split=validation", "split='validation'", GRID),
    ("?seed=-1", "seed='-1'", GRID),
)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("address", "sentence", "shown"),
    [
        ("predict?index=10000", "no test image 10000; choose an index from 0 to 9,999", VERDICT),
        (f"train?run={'0' * 32}", f"There is no run {'0' * 32}", ".training .status h2"),
        ("predict?run=../../etc/passwd", "There is no run ../../etc/passwd", VERDICT),
        ("predict?epoch=4", "has no network of epoch 4; that of epoch 100 is used", VERDICT),
        ("data?language=xx", "language='xx'; it can be en, es", GRID),
        ("?page=0", "page='0'", GRID),
        *(pytest.param(*case, marks=pytest.mark.thorough) for case in MORE_CASES),
    ],
)
def test_an_invalid_address_is_reported_in_one_sentence(visit, trained_server, address, sentence, shown):
    page = visit(trained_server, address)

    expect(page.locator(shown).first).to_be_visible()
    expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_have_count(1)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert "Traceback" not in trained_server.log


def test_an_unknown_page_leads_to_a_known_one(visit, empty_server):
    page = visit(empty_server, "nonsense")

    expect(page.get_by_role("dialog").or_(page.get_by_test_id("stAlert")).first).to_contain_text("not found")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it?")


def test_an_address_brings_no_picture_and_no_link_of_its_own(visit, empty_server):
    hostile = "![x](http://evil.test/a.png) [in](//evil.test) www.evil.test <img src=//evil.test/b.png>"
    page = visit(empty_server)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{empty_server.url}/predict?" + urlencode({"run": hostile, "layer": hostile, "predict_view": hostile}))
    expect(page.get_by_test_id("stAlert").filter(has_text="![x](http://evil.test")).to_have_count(3)

    assert [url for url in asked if "evil.test" in url and not url.startswith(empty_server.url)] == []
    assert page.locator("[data-testid=stAlert] :is(a, img)").count() == 0
