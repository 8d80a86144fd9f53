"""The network and the image of the page Predict, for every URL and every client."""

import pytest

from tests.ui.conftest import sentences
from tests.ui.pages.predict_page import data

NOBODY = "0" * 32


def test_an_epoch_is_checked_against_the_chosen_run(visit, run_with_epochs):
    running = run_with_epochs(2, status="running", epochs=5)
    run_with_epochs(4)
    tab = visit("predict", run=running.id, epoch="4")

    assert tab.query_params == {"run": running.id}
    assert sentences(tab)[0] == "Run 1 has no network of epoch 4; that of epoch 2 is used."
    assert data(tab)["place"]["epoch"] is None


def test_a_run_in_its_first_epoch_is_replaced_by_another(visit, run_with_epochs):
    done, begun = run_with_epochs(2), run_with_epochs(0, status="running")
    tab = visit("train", run=begun.id)
    tab.switch_page("ui/pages/predict.py").run()

    assert sentences(tab)[0] == "Run 2 has no finished epoch yet; another run is shown."
    assert tab.query_params == {"run": done.id}
    assert data(tab)["answer"]


def test_the_run_that_was_asked_for_is_shown_once_it_has_an_epoch(visit, run_with_epochs, train_epochs):
    done, begun = run_with_epochs(2), run_with_epochs(0, status="running")
    tab = visit("predict", run=begun.id)
    tab.run()
    assert tab.query_params == {"run": done.id}
    assert sentences(tab)[0] == "Run 2 has no finished epoch yet; another run is shown."
    train_epochs(begun.id, "worker", 1)
    tab.run()

    assert tab.query_params == {"run": begun.id}
    assert sentences(tab) == []


@pytest.mark.parametrize("run_id", [NOBODY, "x", "é" * 500])
def test_an_unknown_run_is_explained_and_another_is_shown(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("predict", run=run_id, epoch="7")

    (message,) = [box.value.replace("`", "") for box in tab.warning]
    assert message.startswith(f"There is no run {run_id[:40]}; it may have been deleted.")
    assert tab.query_params == {"run": run.id}
    assert data(tab)["answer"]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"epoch": "4"}, "Run 1 has no network of epoch 4; that of epoch 3 is used."),
        ({"epoch": "0"}, "The address contains epoch='0', which is no epoch; choose an epoch of the run."),
        ({"index": "10000"}, "There is no test image 10000; choose an index from 0 to 9,999."),
        ({"index": "-1"}, "There is no test image -1; choose an index from 0 to 9,999."),
        (
            {"row": "77"},
            "The address contains row='77', which is no parameter of this page; its parameters are "
            "language, run, epoch, source, index, picture, predict_view, layer, explained_class.",
        ),
        ({"sample_split": "x"}, "The address contains source='x'; it can be test, train, photo, draw."),
    ],
)
def test_an_invalid_address_is_explained_and_a_prediction_is_shown(visit, run_with_epochs, parameters, sentence):
    run = run_with_epochs(3)
    tab = visit("predict", **parameters)

    assert [box.value.replace("`", "") for box in tab.warning] == [sentence]
    assert data(tab)["place"]["index"] == 169
    assert tab.query_params == {"run": run.id}


def test_a_run_deleted_in_another_tab_is_explained(visit, store, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(2)
    tab = visit("predict", run=run.id)
    store.delete(run.id)
    tab.run()

    (message,) = [box.value.replace("`", "") for box in tab.warning]
    assert message.startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.query_params == {"run": kept.id}
    assert data(tab)["answer"]
