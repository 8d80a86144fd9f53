"""The Predict page: what the server sends to the browser's own predictions, and what it takes from them."""

import json

import numpy as np
import pytest

from fmnist.analysis.metrics import rounded
from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import from_text, to_text
from tests.conftest import computed_like_real, logits_like_real, weights_like_real
from tests.ui.conftest import click, components, send, sentences
from tests.ui.pages.predict_page import answer, data, go


def test_it_opens_with_the_notebooks_image(visit, run_with_epochs, dataset):
    run = run_with_epochs(1)
    tab = visit("predict")
    image, logits = answer(tab)

    assert (image == dataset.test.images[169]).all()
    assert (logits == logits_like_real(1)[169]).all()
    assert CLASS_NAMES[data(tab)["answer"]["label"]] == "Pullover"
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("status", ["succeeded", "running"])
def test_every_kept_epoch_has_an_address_that_names_its_content(visit, run_with_epochs, status):
    first, second = run_with_epochs(2, status=status, epochs=3), run_with_epochs(3)
    digests = {}
    for run in (first, second):
        sent = data(visit("predict", run=run.id))["run"]
        assert (sent["id"], sent["active"]) == (run.id, run.active)
        assert [epoch for epoch, _digest in sent["epochs"]] == list(run.kept)
        digests |= {(run.id, epoch): digest for epoch, digest in sent["epochs"]}

    assert len(set(digests.values())) == len(digests) == 5


def test_a_test_image_has_its_stored_logits(visit, run_with_epochs):
    run_with_epochs(3)
    for epoch, index in ((1, 0), (2, 9_999)):
        _image, logits = answer(visit("predict", index=str(index), epoch=str(epoch)))
        assert (logits == logits_like_real(epoch)[index]).all()


@pytest.mark.parametrize("place", [{"source": "train", "index": "59999"}, {"index": "7", "picture": "drawn"},
                                   {"source": "draw", "picture": "drawn"}])  # fmt: skip
def test_another_image_is_predicted_by_the_network_of_the_epoch(visit, run_with_epochs, dataset, place):
    run_with_epochs(2)
    drawn = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    parameters = place | ({"picture": to_text(drawn)} if "picture" in place else {})
    image, logits = answer(visit("predict", epoch="1", **parameters))

    assert (image == (drawn if "picture" in place else dataset.train.images[59_999])).all()
    assert logits == pytest.approx(rounded(Classifier(weights_like_real(1)).logits(image[np.newaxis]))[0], abs=1e-3)


@pytest.mark.parametrize("source", ["photo", "draw"])
def test_before_there_is_a_picture_nothing_is_predicted(visit, run_with_epochs, source):
    run_with_epochs(1)

    assert data(visit("predict", source=source))["answer"] is None


def test_the_address_and_the_session_follow_the_hand(visit, run_with_epochs):
    older, newer = run_with_epochs(3), run_with_epochs(2)
    tab = visit("predict", run=older.id)
    picture = to_text(np.full((28, 28), 7, np.uint8))
    go(tab, index=12, epoch=2, picture=picture)
    assert tab.query_params == {"run": older.id, "epoch": "2", "index": "12", "picture": picture}
    assert (answer(tab)[0] == 7).all()

    go(tab, picture=None, predict_view="epochs", layer="pooling_1", explained_class=3)
    assert tab.query_params == {
        "run": older.id, "epoch": "2", "index": "12", "predict_view": "epochs", "layer": "pooling_1",
        "explained_class": "3",
    }  # fmt: skip
    go(tab, run=newer.id, epoch=None)
    assert [epoch for epoch, _digest in data(tab)["run"]["epochs"]] == [1, 2]
    assert data(tab)["place"]["epoch"] is None


def test_the_newest_epoch_stays_the_newest_when_another_is_finished(visit, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running", epochs=4)
    tab = visit("predict")
    train_epochs(run.id, "worker", 3)
    go(tab)
    assert (answer(tab)[1] == logits_like_real(3)[169]).all()

    go(tab, epoch=2)
    train_epochs(run.id, "worker", 4)
    tab.run()
    assert data(tab)["place"]["epoch"] == 2, "a chosen epoch stays chosen"


@pytest.mark.parametrize(
    "message",
    [
        *(None, 7, "x", [], {}, {"number": "x"}, {"number": True, "index": 10**9}),
        {"index": -1, "epoch": 0, "run": 5, "source": "x", "picture": "x", "layer": "y", "explained_class": 10},
        {"index": 59_999, "source": "test", "predict_view": ["layers"], "picture": {"a": 1}},
    ],
)
def test_a_message_that_no_script_sends_changes_nothing(visit, run_with_epochs, message):
    run_with_epochs(1)
    tab = visit("predict")
    send(tab, components(tab)[0].proto.id, json_value=json.dumps({"place": message}))

    assert (data(tab)["place"]["index"], data(tab)["place"]["picture"]) == (169, None)
    assert not sentences(tab)


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ({}, {"source": "photo"}),
        ({"source": "draw"}, {"source": "draw"}),
        ({"greys": to_text(np.ones((28, 28), np.uint8))}, {"source": "photo"}),
    ],
)
def test_your_picture_has_become_a_source(visit, run_with_epochs, old, place):
    run_with_epochs(1)
    tab = visit("predict", **(place | old))

    assert data(tab)["place"]["source"] == place["source"]
    assert (data(tab)["answer"] is not None) == ("greys" in old)
    if "greys" in old:
        assert (from_text(tab.query_params["picture"]) == 1).all()


def test_it_is_sent_in_spanish(visit, run_with_epochs):
    run_with_epochs(1)
    sent = data(visit("predict", "es"))

    assert sent["runs"][0][1] == "Corrida 1 · Propia · 1 época · 74.0% en prueba"
    assert sent["words"]["names"][2] == "Suéter"


@pytest.mark.parametrize(("source", "index"), [("test", 169), ("train", 41)])
def test_the_nine_nearest_training_images_are_sent(visit, run_with_epochs, compute, dataset, source, index):
    run = run_with_epochs(2)
    compute(run.id)
    tab = visit("predict", predict_view="explanation", source=source, index=str(index), epoch="1")
    embeddings = computed_like_real("embeddings")["train"].astype(float)
    own = Classifier(weights_like_real(2)).activations(dataset.sample(source, index).image)["dense_1"]
    order = np.argsort(np.linalg.norm(embeddings - own, axis=1), kind="stable")
    expected = [int(each) for each in order if source == "test" or each != index][:9]

    similar = data(tab)["similar"]
    assert similar["indices"] == expected
    assert similar["captions"] == [CLASS_NAMES[label] for label in dataset.train.labels[expected]]
    assert ("is left out" in similar["sentence"]) == (source == "train")
    assert "By the network of epoch 2." in similar["sentence"]


def test_similar_images_wait_for_the_end_of_a_training_and_for_a_worker(visit, store, run_with_epochs):
    run_with_epochs(1, status="running", epochs=3)
    tab = visit("predict", predict_view="explanation")
    assert sentences(tab) == ["Available when the training has ended: it is computed from the finished network."]
    assert data(tab)["similar"] is None

    run = run_with_epochs(1, status="failed")
    tab = visit("predict", predict_view="explanation", run=run.id)
    click(tab, "Find the nine nearest")
    assert store.jobs.state(run.id, "embeddings").status == "queued"
    assert tab.get("progress")


def test_an_image_of_another_kind_moves_the_switch(visit, run_with_epochs):
    run_with_epochs(1)
    tab = go(visit("predict"), source="train", index=59_999)

    assert tab.segmented_control(key="choose_source").value == "train"
    assert data(tab)["place"]["index"] == 59_999
