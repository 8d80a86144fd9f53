"""Train the first offer in a real browser and read one prediction: python .ci/first_minute.py URL."""

import sys

from playwright.sync_api import expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
TIMEOUT = 120_000  # milliseconds: the data set is fetched now

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    page = browser.new_page()
    page.goto(sys.argv[1])
    expect(page.get_by_role("button", name="Ankle boot, training image 0")).to_be_visible(timeout=TIMEOUT)
    page.get_by_role("link", name="Train").click()
    page.get_by_role("button", name="Train", exact=True).click()
    # Ten seconds of training on a processor with bfloat16, more than a minute on one that has only AVX2.
    expect(page.get_by_text("Run 1 succeeded")).to_be_visible(timeout=5 * TIMEOUT)
    page.get_by_role("button", name="Try this network").click()
    expect(page.get_by_text("Predicted class")).to_be_visible()
    expect(page.get_by_role("img", name="Test image 169: Pullover")).to_be_visible()
    print("trained Fast; predicted class of test image 169:", page.get_by_test_id("stMetricValue").inner_text())
    browser.close()
