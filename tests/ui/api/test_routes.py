"""The API of a real server, as curl gets it."""

import gzip
import json
import urllib.request
from urllib.error import HTTPError

import numpy as np
import pytest
from safetensors.numpy import load

from fmnist.data.dataset import load_dataset
from fmnist.settings import Settings
from ui.api import modules
from ui.api.checkpoints import digests


@pytest.fixture
def get(server):
    def get(path, **headers):
        request = urllib.request.Request(f"{server.url}/api/{path}", headers=headers)
        with urllib.request.urlopen(request) as response:
            return response.headers, response.read()

    return get


def test_the_samples_are_those_of_the_data_set(get):
    dataset = load_dataset(Settings.from_environment())
    named = json.loads(get("samples")[1])
    assert named | {"digest": ""} == {"digest": "", "chunk": 500, "train": 60_000, "test": 10_000}

    for split, number in (("test", 0), ("test", 19), ("train", 119)):
        headers, content = get(f"samples/{named['digest']}/{split}/{number}")
        wanted = slice(500 * number, 500 * (number + 1))
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert content[:500] == dataset.split(split).labels[wanted].tobytes()
        assert content[500:] == dataset.split(split).images[wanted].tobytes()


def test_content_is_compressed_for_who_can_read_it(get):
    path = f"samples/{json.loads(get('samples')[1])['digest']}/test/0"
    headers, compressed = get(path, **{"Accept-Encoding": "gzip"})

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed) == get(path)[1]
    assert len(compressed) < 250_000


def test_a_checkpoint_is_that_of_the_store(get, server):
    run = server.store.runs()[-1]
    epoch = run.kept[-1]
    folder = f"runs/{run.id}/epochs/{epoch}/{dict(digests(run))[epoch]}"
    weights = load(get(f"{folder}/weights")[1])
    logits = np.frombuffer(get(f"{folder}/logits")[1], "<f2").reshape(-1, 10)

    stored = server.store.weights(run.id, epoch)
    assert weights.keys() == stored.keys()
    assert all((weights[name] == stored[name]).all() for name in stored)
    assert (logits == server.store.logits(run.id, epoch)).all()


def test_the_progress_of_a_run(get, server):
    run = server.store.runs()[-1]
    headers, content = get(f"runs/{run.id}")
    sent = json.loads(content)

    assert headers["Cache-Control"] == "no-store"
    assert (sent["number"], sent["status"], sent["progress"], sent["failure"]) == (0, "succeeded", None, None)
    assert json.loads(get(f"runs/{run.id}/curve")[1]) == []  # kept of runs that are trained here
    assert [epoch["test_accuracy"] for epoch in sent["epochs"]] == [epoch.test_accuracy for epoch in run.epochs]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("runs/7", "'7' is not a run id"),
        (f"runs/{'0' * 32}", "There is no run"),
        (f"runs/{'0' * 32}/curve", "There is no run"),
        (f"runs/{'0' * 32}/epochs/1/0/weights", "There is no run"),
        ("runs/{run}/epochs/100/0/weights", "There is no checkpoint '0'; load the page again."),
        ("samples/0/test/0", "The data set is another one now"),
        ("samples/{digest}/test/20", "choose one from 0 to 19"),
        ("samples/{digest}/other/0", "There is no split 'other'"),
    ],
)
def test_what_there_is_not_is_404_with_a_sentence(get, server, path, sentence):
    run = server.store.runs()[-1].id
    with pytest.raises(HTTPError) as error:
        get(path.format(run=run, digest=json.loads(get("samples")[1])["digest"]))

    assert error.value.code == 404
    assert sentence in json.load(error.value)["error"]


def test_nothing_can_be_changed(server):
    for method in ("POST", "PUT", "DELETE"):
        request = urllib.request.Request(f"{server.url}/api/samples", method=method)
        with pytest.raises(HTTPError, match="405"):
            urllib.request.urlopen(request)


def test_modules_are_named_by_their_content(get):
    headers, content = get(modules.address("network/predict/predict.js").removeprefix("api/"))

    assert headers["Content-Type"].startswith("text/javascript")
    assert headers["Cache-Control"].endswith("immutable")
    assert content == (modules.FOLDER / "network/predict/predict.js").read_bytes()
    for path in (
        "modules/0/network/predict/predict.js",
        f"modules/{modules.digest()}/pad/nothing.js",
        f"modules/{modules.digest()}/../a.js",
    ):
        with pytest.raises(HTTPError, match=r"40[04]"):
            get(path)
