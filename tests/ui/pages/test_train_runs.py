"""The Train page with runs: what it shows of them."""

import json

import pytest
import streamlit as st

from tests.ui.charts.conftest import spec
from tests.ui.conftest import charts, rows, send, sentences
from tests.ui.pages.train_page import block, labels, status
from ui.state.fields import MAX_COMPARED

NOBODY = "0" * 32


@pytest.mark.parametrize("browser", ["en", "es"])
def test_runs_of_every_status_are_drawn(visit, every_kind_of_run, browser):
    for run in every_kind_of_run.values():
        tab = visit("train", browser, run=run.id)
        assert not tab.exception
        assert tab.query_params == {"run": run.id}
        assert not tab.warning
        assert block(tab)["address"] == f"api/runs/{run.id}"
        assert bool(block(tab)["ending"]) is not run.active
        assert len(tab.dataframe[0].value) == len(every_kind_of_run)


@pytest.mark.parametrize(
    ("name", "sentence", "offered"),
    [
        (
            "succeeded",
            "91.3% of the test images classified correctly, 867 of 10,000 wrong, in 4 s.",
            ["Delete run 1"],
        ),
        (
            "stopped",
            "Stopped; the network of epoch 1 is kept: 74.0% of the test images classified correctly.",
            ["Delete run 2"],
        ),
        ("stopped early", "Stopped before the first epoch ended; no network is kept.", ["Delete run 3"]),
        ("failed", "Run 4 failed.", ["Delete run 4"]),
        ("running", "Run 5 · Custom", []),
        ("next", "Run 6 · Custom", []),
        ("last", "Run 7 · Custom", []),
    ],
)
def test_a_run_shows_its_status_and_its_actions(visit, every_kind_of_run, name, sentence, offered):
    tab = visit("train", run=every_kind_of_run[name].id)

    assert status(tab) == sentence
    assert labels(tab) == ["Train another after this one", *offered]


def test_a_run_that_trains_is_shown_with_its_progress(visit, every_kind_of_run):
    tab = visit("train", run=every_kind_of_run["running"].id)

    assert tab.selectbox(key="choose_run").value == every_kind_of_run["running"].id
    assert block(tab)["number"] == every_kind_of_run["running"].number


def test_a_failure_is_told_in_the_language_of_the_page(visit, every_kind_of_run):
    run = every_kind_of_run["failed"]

    assert block(visit("train", run=run.id))["ending"]["cause"] == (
        "The loss became nan in epoch 1. Choose a lower learning rate and train again."
    )
    assert block(visit("train", "es", run=run.id))["ending"]["cause"] == (
        "La pérdida llegó a nan en la época 1. Elige una tasa de aprendizaje menor y entrena otra vez."
    )


def test_the_list_names_every_run_newest_first(visit, every_kind_of_run):
    table = visit("train").dataframe[0].value

    assert table["Run"].tolist() == [7, 6, 5, 4, 3, 2, 1]
    assert table["Status"].tolist() == ["queued", "queued", "running", "failed", "stopped", "stopped", "succeeded"]
    assert table["Epochs"].tolist() == ["1 / 3", "2 / 4", "2 / 4", "0 / 1", "0 / 1", "1 / 4", "3 / 3"]
    assert table["Recipe"].tolist() == ["Custom"] * 7
    assert table["Test accuracy"].tolist()[:4] == ["74.00%", "87.00%", "87.00%", "–"]


def test_runs_are_compared_in_one_chart(visit, every_kind_of_run):
    finished, stopped = every_kind_of_run["succeeded"], every_kind_of_run["stopped"]
    tab = visit("train", run=finished.id)
    assert len(tab.multiselect(key="choose_compare").options) == 4, "what has no epoch has no curve"
    tab.multiselect(key="choose_compare").set_value([stopped.id]).run()

    assert tab.query_params == {"run": finished.id, "compare": stopped.id}
    assert set(rows(*charts(tab)).run) == {"Run 1", "Run 2"}

    tab.selectbox(key="choose_run").set_value(stopped.id).run()
    assert charts(tab) == [], "a run is not compared with itself"
    assert tab.query_params == {"run": stopped.id}


def test_a_second_run_does_not_bring_the_row_that_compares(visit, run_with_epochs):
    later = "A second run can be drawn in the same chart, once it has finished an epoch."
    run_with_epochs(2)
    tab = visit("train")
    assert later in [caption.value for caption in tab.caption]
    run_with_epochs(2)
    assert tab.run().multiselect(key="choose_compare").options
    assert later not in [caption.value for caption in tab.caption]


def test_what_is_typed_chooses_one_run_and_every_run_has_a_color(visit, run_with_epochs):
    shown, *others = (run_with_epochs(1) for _ in range(7))
    tab = visit("train", run=shown.id, compare=",".join(run.id for run in others[:4]))
    choice = tab.multiselect(key="choose_compare")
    assert choice.proto.select_all == 0, "Enter would choose all that match"
    assert choice.proto.max_selections == 5
    assert not any("remove one" in caption.value for caption in tab.caption)

    choice.set_value([run.id for run in others[:5]]).run()
    assert rows(*charts(tab)).run.nunique() == len(st.get_option("theme.chartCategoricalColors")) == 1 + MAX_COMPARED
    assert any("remove one" in caption.value for caption in tab.caption)


def test_more_runs_than_colors_are_refused(visit, run_with_epochs):
    shown, *others = (run_with_epochs(1) for _ in range(7))
    tab = visit("train", run=shown.id, compare=",".join(run.id for run in others))

    assert sentences(tab)[-1] == "The address contains 6 runs to compare; choose 5 at most."
    assert tab.query_params == {"run": shown.id}

    send(tab, tab.multiselect(key="choose_compare").proto.id,
         string_array_value={"data": tab.multiselect(key="choose_compare").options})  # fmt: skip
    assert tab.query_params == {"run": shown.id}
    assert list(tab.multiselect(key="choose_compare").value) == []


def test_the_chart_for_a_file_is_the_one_that_is_shown(visit, run_with_epochs):
    one, other = run_with_epochs(2), run_with_epochs(3)
    tab = visit("train", "es", run=one.id, compare=other.id, x_axis="seconds")
    drawn, curves = rows(*charts(tab)), tab.session_state["session"].curves

    assert curves.run == drawn.run.tolist() and len(set(curves.run)) == 2
    assert curves.curve == drawn.curve.tolist()
    assert curves.across == drawn.seconds.tolist()
    assert curves.accuracy == drawn.accuracy.tolist()
    axes = spec(*charts(tab))["encoding"]
    assert curves.titles == (axes["x"]["title"], axes["y"]["title"])
    assert curves.y_range == tuple(axes["y"]["scale"]["domain"])
    assert curves.x_range == pytest.approx((-0.09, 4.59)), "from 0 to the last epoch's end, with some room"


@pytest.mark.parametrize("zoom", [{"epoch": [1, "2"]}, {"epoch": 3}, [], {"epoch": [9, 2]}, {"epoch": [1, 1e300]}])
def test_a_forged_zoom_is_none(visit, run_with_epochs, zoom):
    other, run = run_with_epochs(2), run_with_epochs(2)
    tab = visit("train", run=run.id, compare=other.id)
    shown = tab.session_state["session"].curves
    (chart,) = charts(tab)
    send(tab, chart.proto.id, string_value=json.dumps({"selection": {"zoom": zoom}}))
    assert tab.session_state["session"].curves == shown

    true = {"epoch": [1.2, 1.8], "accuracy": [0.81, 0.9]}
    send(tab, chart.proto.id, string_value=json.dumps({"selection": {"zoom": true}}))
    zoomed = tab.session_state["session"].curves
    assert zoomed == shown._replace(x_range=(1.2, 1.8), y_range=(0.81, 0.9)), run
