"""The Train page with runs: what it shows of them, and what can be done with them."""

import json

import pytest
import streamlit as st
from sqlalchemy import update

from fmnist.recipe import Recipe
from fmnist.runs.database import Database
from fmnist.runs.schema import VERSION, schema_version
from fmnist.runs.seed import insert_seed
from tests.ui.charts.conftest import spec
from tests.ui.conftest import charts, click, rows, send, sentences
from tests.ui.pages.train_page import ABOUT, labels, status, the_run
from ui.state.fields import MAX_COMPARED

NOBODY = "0" * 32


@pytest.mark.parametrize("browser", ["en", "es"])
def test_runs_of_every_status_are_drawn(visit, every_kind_of_run, browser):
    for run in every_kind_of_run.values():
        tab = visit("train", browser, run=run.id)
        assert not tab.exception
        assert tab.query_params == {"run": run.id}
        assert not tab.warning
        assert len(charts(tab)) == bool(run.epochs or run.active)
        if charts(tab):
            assert len(rows(*charts(tab))) == 2 * len(run.epochs)
        assert len(tab.dataframe[0].value) == len(every_kind_of_run)


@pytest.mark.parametrize(
    ("name", "sentence", "offered"),
    [
        ("succeeded", "Run 1 succeeded, after 4 s of training.", ["Try this network", ABOUT, "Train longer", "Delete"]),
        (
            "stopped",
            "Run 2 was stopped; the network of epoch 1 is kept.",
            ["Try this network", ABOUT, "Train longer", "Delete"],
        ),
        ("stopped early", "Run 3 was stopped before its first epoch ended.", [ABOUT, "Delete"]),
        ("failed", "Run 4 failed.", [ABOUT, "Delete"]),
        ("running", "Run 5 is training.", ["Stop", "Try this network", ABOUT]),
        ("next", "Run 6 is queued. 1 run is ahead of it.", ["Stop", "Try this network", ABOUT, "Delete"]),
        ("last", "Run 7 is queued. 2 runs are ahead of it.", ["Stop", "Try this network", ABOUT, "Delete"]),
    ],
)
def test_a_run_shows_its_status_and_its_actions(visit, every_kind_of_run, name, sentence, offered):
    tab = visit("train", run=every_kind_of_run[name].id)

    assert status(tab) == sentence
    assert labels(tab) == ["Train", *offered]


def test_what_trains_now_is_shown_first(visit, every_kind_of_run):
    tab = visit("train")

    assert tab.selectbox(key="choose_run").value == every_kind_of_run["running"].id
    assert [metric.value for metric in tab.metric] == ["89.00%", "0.3100", "87.50%", "87.00%"]
    (bar,) = tab.get("progress")
    assert bar.proto.text == ("Epoch 3 of 4 · batch 100 of 430 · 5,000 images per second · about 10 s left")
    assert bar.proto.value == pytest.approx(100 * (2 + 100 / 430) / 4, abs=1)


def test_a_failure_is_told_in_the_language_of_the_page(visit, every_kind_of_run):
    run = every_kind_of_run["failed"]

    assert sentences(visit("train", run=run.id)) == [
        "The loss became nan in epoch 1. Choose a lower learning rate and train again."
    ]
    assert sentences(visit("train", "es", run=run.id)) == [
        "La pérdida llegó a nan en la época 1. Elige una tasa de aprendizaje menor y entrena otra vez."
    ]


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
    assert set(rows(*charts(tab)).run) == {"Run 2"}, "a run is not compared with itself"
    assert tab.query_params == {"run": stopped.id}


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
    run = run_with_epochs(2)
    tab = visit("train")
    shown = tab.session_state["session"].curves
    (chart,) = charts(tab)
    send(tab, chart.proto.id, string_value=json.dumps({"selection": {"zoom": zoom}}))
    assert tab.session_state["session"].curves == shown

    true = {"epoch": [1.2, 1.8], "accuracy": [0.81, 0.9]}
    send(tab, chart.proto.id, string_value=json.dumps({"selection": {"zoom": true}}))
    zoomed = tab.session_state["session"].curves
    assert zoomed == shown._replace(x_range=(1.2, 1.8), y_range=(0.81, 0.9)), run


def test_stop_asks_the_worker_once(visit, desk, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    tab = click(visit("train"), "Stop")

    assert desk.store.run(run.id).stop_requested
    assert status(tab) == "Run 1 is stopping."
    assert [button.disabled for button in tab.button if button.label == "Stop"] == [True]


def test_stop_ends_a_run_that_waits(visit, desk):
    desk.submit(Recipe(), "page")
    tab = click(visit("train"), "Stop")

    assert the_run(desk).status == "stopped"
    assert status(tab) == "Run 1 was stopped before its first epoch ended."


def test_train_on_submits_more_epochs(visit, desk, run_with_epochs):
    run = run_with_epochs(2)
    tab = visit("train")
    tab.number_input(key="more_0").set_value(3).run()
    click(tab, "Train longer")
    now = desk.store.run(run.id)

    assert (now.status, now.target_epochs) == ("queued", 5)
    assert desk.queue.ids() == [run.id]
    assert status(tab) == "Run 1 is next; the worker is starting."


def test_more_epochs_than_a_run_may_have_are_refused(visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("train")
    tab.number_input(key="more_0").set_value(200).run()
    click(tab, "Train longer")

    assert sentences(tab) == ["200 more epochs are not possible; the run has 1 and may have at most 200 in all."]
    assert desk.store.run(run.id).status == "succeeded"
    click(tab, "Continue")
    assert sentences(tab) == []


def test_delete_forgets_the_run(project_run, visit, desk, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(1)
    tab = click(visit("train", run=run.id), "Delete")

    assert the_run(desk).id == kept.id
    assert tab.query_params == {"run": kept.id}
    assert sentences(tab) == []

    click(tab, "Delete")
    assert [left.origin for left in desk.store.runs()] == ["project"]
    assert labels(tab) == ["Train", "Try this network", ABOUT]


def test_a_run_deleted_in_another_tab_is_explained(visit, desk, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(1)
    tab = visit("train", run=run.id)
    desk.delete(run.id)
    tab.run()

    (message,) = sentences(tab)
    assert message.startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.selectbox(key="choose_run").value == kept.id
    tab.run()
    assert sentences(tab) == []


@pytest.mark.parametrize("run_id", [NOBODY, "x", "' OR 1=1 --", "../../etc/passwd", "é" * 500])
def test_a_run_that_never_was_is_explained(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("train", run=run_id)

    (message,) = sentences(tab)
    assert message.startswith(f"There is no run {run_id[:40]}; it may have been deleted.")
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("button", ["Delete", "Train longer", "Try this network"])
def test_a_click_on_a_run_that_was_just_deleted_is_no_click_on_another(visit, desk, run_with_epochs, button):
    kept, run = run_with_epochs(1), run_with_epochs(1)
    tab = visit("train", run=run.id)
    desk.delete(run.id)
    click(tab, button)

    assert [left.id for left in desk.store.runs()] == [kept.id]
    assert desk.store.run(kept.id).status == "succeeded"
    assert tab.title[0].value == "Train a network"


def test_deleting_what_another_tab_deleted_ends_in_a_sentence(project_run, visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("train")
    desk.delete(run.id)
    click(tab, "Delete")

    assert not tab.exception
    assert labels(tab) == ["Train", "Try this network", ABOUT]


def test_a_run_leads_to_predict(visit, run_with_epochs):
    run, _newer = run_with_epochs(2), run_with_epochs(1)
    tab = click(visit("train", run=run.id), "Try this network")

    assert tab.title[0].value == "Predict the class of an image"
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("page", ["train", "predict"])
def test_another_layout_is_one_sentence_and_a_button_that_works_afterwards(project_run, visit, database_url, page):
    database = Database(database_url, insert_seed)
    with database.writing() as connection:
        connection.execute(update(schema_version).values(version=VERSION + 1))
    tab = visit(page)

    assert sentences(tab) == [
        f"The run store has layout version {VERSION + 1}; this program reads version {VERSION}. Start the program "
        "that wrote it, or name another store with FMNIST_DATABASE_URL; this one stays as it is."
    ]
    assert labels(tab) == ["Try again"]
    click(tab, "Try again")
    assert labels(tab) == ["Try again"]

    with database.writing() as connection:
        connection.execute(update(schema_version).values(version=VERSION))
    database.close()
    click(tab, "Try again")
    assert not tab.error
    assert "Try again" not in labels(tab)


def test_a_damaged_run_is_shown_as_damaged_and_can_be_deleted(visit, desk, run_with_epochs):
    bad, good = run_with_epochs(1), run_with_epochs(1)
    with desk.store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET status = 'nonsense' WHERE number = 1")
    tab = visit("train")

    assert any(f"Run {bad.number} is damaged in the store: its status" in each.value for each in tab.warning)
    click(tab, f"Delete run {bad.number}")
    assert not tab.warning
    assert (desk.store.damaged_runs(), desk.store.runs()) == ([], [good])
