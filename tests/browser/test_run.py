"""The details of a run on Train, as a person uses them."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load

from testing.train_page import status

pytestmark = pytest.mark.thorough


def test_a_run_is_taken_away_with_its_numbers_and_its_network(visit, trained_server):
    run = trained_server.run
    page = visit(trained_server, f"train?run={trained_server.run.id}&train_view=details")
    expect(status(page, "of the test images classified correctly")).to_be_visible()
    loss = page.get_by_test_id("stVegaLiteChart")
    expect(loss).to_have_accessible_name(re.compile("After epoch 3 the loss is"))

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


@pytest.mark.parametrize("path", ["run", "record"])
def test_an_older_address_opens_the_details(visit, trained_server, path):
    run = trained_server.run
    page = visit(trained_server, f"{path}?run={run.id}&lang=es")
    expect(page).to_have_url(f"{trained_server.url}/train?language=es&run={run.id}&train_view=details")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", name="Reproducir")).to_be_visible()


def test_the_view_is_chosen_by_the_keyboard(visit, trained_server):
    page = visit(trained_server, f"train?run={trained_server.run.id}")
    page.get_by_role("radio", name="Run details").press("Enter")
    expect(page).to_have_url(re.compile("train_view=details"))
    expect(page.get_by_role("heading", name="Machine")).to_be_visible()
    expect(page.locator(".training .chart")).to_be_hidden()

    page.get_by_role("button", name="See its mistakes").press("Enter")
    expect(page).to_have_url(re.compile(f"/evaluate.run={trained_server.run.id}"))
