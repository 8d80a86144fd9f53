"""The snapshots of the included run, as curl gets them."""

import json
import urllib.request
from urllib.error import HTTPError

import numpy as np
import pytest

from fmnist.analysis.confusion import confusion_matrix, normalize_rows
from fmnist.analysis.metrics import predictions, softmax
from fmnist.analysis.watched import WATCHED
from fmnist.data.dataset import load_dataset
from fmnist.settings import Settings


@pytest.fixture
def get(server):
    def get(path):
        with urllib.request.urlopen(f"{server.url}/api/runs/{path}") as response:
            return response.headers, json.load(response)

    return get


def test_a_run_without_stored_ones_has_one_of_each_kept_epoch(get, server):
    run = server.store.runs()[-1]
    headers, found = get(f"{run.id}/snapshots")

    assert headers["Cache-Control"] == "no-store"
    assert [each["epochs"] for each in found] == [*run.kept]
    assert all(
        [*each] == ["epochs", "seconds", "answers", "filters", "right", "taken_for"]
        and np.shape(each["answers"]) == (20, 2)
        and np.shape(each["filters"]) == (32, 9)
        and len(each["right"]) == len(each["taken_for"]) == 10
        for each in found
    )
    assert found[-1]["seconds"] == pytest.approx(sum(epoch.seconds for epoch in run.epochs), abs=0.01)
    assert get(f"{run.id}/snapshots?after=22")[1] == found[-3:]
    assert get(f"{run.id}/snapshots?after=100")[1] == []


def test_they_are_computed_from_the_checkpoint(get, server):
    run = server.store.runs()[-1]
    found = get(f"{run.id}/snapshots?after=60")[1][0]

    watched = server.store.logits(run.id, 100)[[*WATCHED]]
    assert [answer for answer, _ in found["answers"]] == predictions(watched).tolist()
    assert [confidence for _, confidence in found["answers"]] == pytest.approx(softmax(watched).max(axis=1), abs=1e-4)
    _, validation = load_dataset(Settings.from_environment()).train_validation_split(run.recipe)
    matrix = confusion_matrix(validation.labels, predictions(server.store.held_out_logits(run.id, 100)))
    assert found["right"] == pytest.approx(normalize_rows(matrix).diagonal(), abs=1e-4)
    assert found["taken_for"][6] == 0  # of the shirts that it misses, most are T-shirts to it


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (f"{'0' * 32}/snapshots", "There is no run"),
        ("{run}/snapshots?after=now", "after='now' is no number of epochs; write one from 0, such as 1.5."),
        ("{run}/snapshots?after=nan", "after='nan' is no number of epochs"),
    ],
)
def test_what_there_is_not_is_404_with_a_sentence(get, server, path, sentence):
    with pytest.raises(HTTPError) as error:
        get(path.format(run=server.store.runs()[-1].id))
    assert error.value.code == 404
    assert sentence in json.load(error.value)["error"]
