"""The page Run, as a person uses it."""

import csv
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect
from safetensors.numpy import load


def test_a_run_is_taken_away_with_its_numbers_and_its_network(visit, trained_server):
    run = trained_server.run
    page = visit(trained_server, "run")
    expect(page.get_by_text(f"Run {run.number} succeeded")).to_be_visible()
    # Accuracy and loss, each with a sentence for those who cannot see it.
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.nth(0)).to_have_accessible_name(re.compile("after epoch 3, .* best"))
    expect(charts.nth(1)).to_have_accessible_name(re.compile("After epoch 3 the loss is"))

    with page.expect_download() as download:
        page.get_by_role("button", name="Epochs as CSV").click()
    assert download.value.suggested_filename == f"run-{run.number}.csv"
    lines = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    assert [float(line["test_accuracy"]) for line in lines] == [epoch.test_accuracy for epoch in run.epochs]

    with page.expect_download() as download:
        page.get_by_role("button", name=f"run-{run.number}-epoch-3.safetensors").click()
    assert download.value.suggested_filename == f"run-{run.number}-epoch-3.safetensors"
    stored = trained_server.store.weights(run.id, 3)
    taken = load(Path(download.value.path()).read_bytes())
    assert taken.keys() == stored.keys()
    assert all(np.array_equal(taken[name], stored[name]) for name in stored)


def test_the_address_that_is_shown_is_the_pages_own_and_opens_it(visit, trained_server):
    run = trained_server.run
    page = visit(trained_server, "run")
    address = page.get_by_test_id("stCode").last
    expect(address).to_contain_text(f"{trained_server.url}/run?run={run.id}")
    expect(page).to_have_url(address.inner_text().strip())

    other = visit(trained_server, address.inner_text().strip().removeprefix(f"{trained_server.url}/"))
    expect(other.get_by_text(f"Run {run.number} succeeded")).to_be_visible()


def test_the_older_address_opens_the_run(visit, trained_server):
    run = trained_server.run
    page = visit(trained_server, f"record?run={run.id}&lang=es")
    expect(page).to_have_url(f"{trained_server.url}/run?language=es&run={run.id}")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_train_leads_to_the_run_and_the_keyboard_leads_on(visit, trained_server):
    page = visit(trained_server, "train")
    page.get_by_role("button", name="Run details").click()
    expect(page).to_have_url(re.compile(f"/run.run={trained_server.run.id}"))
    expect(page.get_by_role("heading", name="Machine")).to_be_visible()

    page.get_by_role("button", name="See its mistakes").press("Enter")
    expect(page).to_have_url(re.compile(f"/evaluate.run={trained_server.run.id}"))
