"""The network and the image of the page Predict, for every URL and every client."""

import pytest

from tests.ui.conftest import bars, send, sentences
from tests.ui.pages.predict_page import shown

NOBODY = "0" * 32


def test_the_newest_epoch_stays_the_newest_when_another_is_finished(visit, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running", epochs=4)
    tab = visit("predict")
    train_epochs(run.id, "worker", 3)
    tab.run()
    assert tab.select_slider(key="choose_epoch").value == 3

    tab.select_slider(key="choose_epoch").set_value(2).run()
    train_epochs(run.id, "worker", 4)
    tab.run()
    assert tab.select_slider(key="choose_epoch").value == 2, "a chosen epoch stays chosen"


def test_another_run_predicts_with_its_newest_epoch(visit, run_with_epochs):
    older, newer = run_with_epochs(3), run_with_epochs(2)
    tab = visit("predict", epoch="1")
    assert tab.selectbox(key="choose_run").value == newer.id
    tab.selectbox(key="choose_run").set_value(older.id).run()

    assert tab.query_params == {"run": older.id}
    assert tab.select_slider(key="choose_epoch").value == 3


def test_an_epoch_is_checked_against_the_chosen_run(visit, run_with_epochs):
    running = run_with_epochs(2, status="running", epochs=5)
    run_with_epochs(4)
    tab = visit("predict", epoch="4")

    assert tab.query_params == {"run": running.id}
    assert sentences(tab)[0] == "Run 1 has no network of epoch 4; that of epoch 2 is used."
    assert tab.select_slider(key="choose_epoch").value == 2


def test_a_run_in_its_first_epoch_is_replaced_by_another(visit, run_with_epochs):
    done, begun = run_with_epochs(2), run_with_epochs(0, status="running")
    tab = visit("train")
    assert tab.query_params == {"run": begun.id}
    tab.switch_page("ui/pages/predict.py").run()

    assert sentences(tab)[0] == "Run 2 has no finished epoch yet; another run is shown."
    assert tab.query_params == {"run": done.id}
    assert len(bars(tab)) == 1


@pytest.mark.parametrize("run_id", [NOBODY, "x", "é" * 500])
def test_an_unknown_run_is_explained_and_another_is_shown(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("predict", run=run_id, epoch="7")

    (message,) = [box.value.replace("`", "") for box in tab.warning]
    assert message.startswith(f"There is no run {run_id[:40]}; it may have been deleted.")
    assert tab.query_params == {"run": run.id}
    assert len(bars(tab)) == 1


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
            "language, run, epoch, sample_split, index, predict_view, layer, explained_class.",
        ),
        ({"sample_split": "x"}, "The address contains sample_split='x'; it can be train, test."),
    ],
)
def test_an_invalid_address_is_explained_and_a_prediction_is_shown(visit, run_with_epochs, parameters, sentence):
    run = run_with_epochs(3)
    tab = visit("predict", **parameters)

    assert [box.value.replace("`", "") for box in tab.warning] == [sentence]
    assert shown(tab) == "Test image 169: Pullover"
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("value", [-1, 10_000, 10**9])
def test_an_index_past_the_widgets_shows_an_image_all_the_same(visit, run_with_epochs, value):
    run_with_epochs(2)
    tab = visit("predict")
    tab.number_input(key="type_index").set_value(value).run()
    assert tab.session_state["session"].index in range(10_000)
    assert len(bars(tab)) == 1

    send(tab, tab.slider(key="choose_index").proto.id, double_array_value={"data": [value]})
    assert not tab.exception
    assert len(bars(tab.run())) == 1


def test_a_run_deleted_in_another_tab_is_explained(visit, desk, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(2)
    tab = visit("predict", run=run.id)
    desk.delete(run.id)
    tab.run()

    (message,) = [box.value.replace("`", "") for box in tab.warning]
    assert message.startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.query_params == {"run": kept.id}
    assert len(bars(tab)) == 1
