"""Train the first offer in a real browser and read one prediction: python .ci/first_minute.py URL."""

import re
import sys

from playwright.sync_api import expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
TIMEOUT = 120_000  # milliseconds: the data set is fetched now

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=FLAGS)
    page = browser.new_page()
    page.goto(sys.argv[1])
    expect(page.get_by_role("button", name="9 Ankle boot")).to_be_visible(timeout=TIMEOUT)
    page.get_by_role("button", name="Train your own").click()
    # Ten seconds of training on a processor with bfloat16, more than a minute on one that has only AVX2.
    result = page.locator(".training .status", has_text="of the test images classified correctly")
    expect(result).to_be_visible(timeout=5 * TIMEOUT)
    page.get_by_role("button", name="Try it", exact=True).click()
    expect(page.locator(".caption")).to_have_text(re.compile(r"Test image 169\s*true class: Pullover"))
    expect(page.locator(".verdict")).to_have_text(re.compile("%"))
    print("trained Fast; predicted class of test image 169:", page.locator(".verdict").inner_text())
    browser.close()
