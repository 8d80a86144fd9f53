"""What can be done with a run on the Train page, and what becomes of one that is gone."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update

from fmnist.analysis.watched import WATCHED
from fmnist.errors import Diverged
from fmnist.recipe import LEARNING_RATES, Recipe
from fmnist.runs.database import Database
from fmnist.runs.record import Claim
from fmnist.runs.schema import VERSION, jobs, schema_version
from fmnist.runs.seed import insert_seed
from tests.conftest import queue, wait_until
from tests.ui.conftest import click, sentences
from tests.ui.pages.train_page import block, labels, press, status, the_run
from ui.components.training.ending import ending
from ui.server import deletions

NOBODY = "0" * 32


def test_stop_asks_the_worker_once(visit, store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    press(visit("train"), "stop")

    assert store.run(run.id).stop_requested


def test_stop_ends_a_run_that_waits(visit, store):
    store.submit(Recipe(), "page")
    tab = press(visit("train"), "stop")

    assert the_run(store).status == "stopped"
    assert status(tab) == "Stopped before the first epoch ended; no network is kept."


def test_train_longer_adds_the_chosen_number_of_epochs(visit, store, run_with_epochs):
    run = run_with_epochs(3)
    tab = press(visit("train", run=run.id), "longer", epochs=2, rate=None)

    assert (store.run(run.id).status, store.run(run.id).target_epochs) == ("queued", 5)
    assert queue(store)[0] == (run.id, "training")
    assert block(tab)["active"]
    press(tab, "longer", epochs=2, rate=None)  # as only a forged message can
    assert store.run(run.id).target_epochs == 5


@pytest.mark.parametrize(("done", "target", "offered", "most"), [(3, 3, 3, 197), (2, 5, 3, 198), (150, 150, 50, 50)])
def test_train_longer_proposes_what_is_missing_else_as_many_again(run_with_epochs, done, target, offered, most):
    run = replace(run_with_epochs(1, status="stopped", epochs=target), epochs=run_with_epochs(1).epochs * done)

    more = ending(run, None).more
    assert (more.epochs, more.most) == (offered, most)


def test_the_usual_learning_rate_is_one_click_away(visit, store, run_with_epochs):
    run = run_with_epochs(0, status="running")
    lost = Diverged("The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
                    loss=float("nan"), epoch=1)  # fmt: skip
    store.jobs.finish(Claim(run.id, "training", "worker"), "failed", failure=lost)
    tab = visit("train", run=run.id)
    assert block(tab)["ending"]["ways"] == ["rate"]
    press(tab, "rate")

    assert tab.radio(key="recipe").value == "custom"
    assert tab.number_input(key="epochs").value == run.recipe.epochs
    assert tab.number_input(key="learning_rate_adam").value == LEARNING_RATES["adam"]
    (advanced,) = [each for each in tab.expander if each.label == "Advanced settings"]
    assert advanced.proto.expanded


def test_a_watched_image_opens_on_predict_with_the_run(visit, run_with_epochs):
    run, _other = run_with_epochs(1), run_with_epochs(1)
    tab = press(visit("train", run=run.id), "open", image=5)

    assert tab.title[0].value == "Predict"
    state = tab.session_state["session"]
    assert (state.run, state.source, state.index) == (run.id, "test", WATCHED[5])


@pytest.mark.parametrize(
    ("moment", "epoch"), [(0, 1), (1, 1), (2, 2), (3, None), (None, None), (-1, None), ("1", None), ([1], None)]
)
def test_during_a_replay_it_opens_with_the_newest_network_of_the_moment(visit, run_with_epochs, moment, epoch):
    run = run_with_epochs(3)
    tab = press(visit("train", run=run.id), "open", image=5, moment=moment)

    assert tab.title[0].value == "Predict"
    assert tab.session_state["session"].epoch == epoch


def test_the_watched_images_are_two_of_each_class(visit, run_with_epochs, dataset):
    images = block(visit("train", run=run_with_epochs(1).id))["images"]

    assert dataset.test.labels[list(WATCHED)].tolist() == images["labels"]
    sprite = Image.open(io.BytesIO(base64.b64decode(images["sprite"].partition(",")[2])))
    assert np.asarray(sprite)[:, 28:56].tolist() == dataset.test.images[WATCHED[1]].tolist()


@pytest.mark.parametrize(
    "sent", [{"kind": "open"}, {"kind": "open", "image": 20}, {"kind": "delete"}, {"kind": ["stop"]}, {}, [], None, 3]
)
def test_a_forged_message_of_the_block_is_none(visit, store, run_with_epochs, sent):
    run = run_with_epochs(1, status="running", epochs=3)
    tab = visit("train")
    press(tab, {"address": block(tab)["address"], **sent} if isinstance(sent, dict) else sent)

    assert tab.title[0].value == "Train a network"
    assert store.run(run.id).status == "running"
    assert not store.run(run.id).stop_requested


def test_train_longer_takes_another_learning_rate_and_the_details_list_each_stretch(visit, store, run_with_epochs):
    run = run_with_epochs(2)
    press(visit("train", run=run.id), "longer", epochs=2, rate=0.0005)

    assert store.run(run.id).learning_rates == {3: 0.0005}
    assert _learning_rate(visit, run.id) == "0.001; 0.0005 from epoch 3 on"


def test_a_stretch_at_the_rate_of_before_is_listed_too(visit, store, run_with_epochs):
    run = run_with_epochs(2)
    press(visit("train", run=run.id), "longer", epochs=2)

    assert _learning_rate(visit, run.id) == "0.001; as before from epoch 3 on"


def _learning_rate(visit, run_id):
    details = visit("train", train_view="details", run=run_id)
    return dict(details.table[1].value.itertuples(index=False, name=None))["Learning rate"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"epochs": 200}, "200 more epochs are not possible; the run has 1 and may have at most 200 in all."),
        ({"epochs": "3"}, "'3' more epochs are not possible; the run has 1 and may have at most 200 in all."),
        ({}, "0 more epochs are not possible; the run has 1 and may have at most 200 in all."),
        ({"epochs": 1, "rate": 2}, "learning_rate is 2; choose a number from 1e-05 to 1."),
        ({"epochs": 1, "rate": [1]}, "learning_rate is [1]; choose a number from 1e-05 to 1."),
    ],
)
def test_what_a_run_may_not_be_trained_longer_is_refused(visit, store, run_with_epochs, sent, sentence):
    run = run_with_epochs(1)
    tab = press(visit("train"), "longer", **sent)

    assert sentences(tab) == [sentence]
    assert store.run(run.id).status == "succeeded"
    click(tab, "Continue")
    assert sentences(tab) == []


def test_delete_forgets_the_run_in_every_tab_at_once_and_in_the_store_later(
    project_run, visit, store, run_with_epochs, monkeypatch
):
    monkeypatch.setattr(deletions, "UNDO_SECONDS", 1)
    run, included = run_with_epochs(1), store.run_by_number(0)
    other = visit("train")
    tab = click(visit("train", run=run.id), "Delete run 1")

    assert tab.query_params == {"run": included.id}
    assert not tab.warning
    assert other.run().dataframe[0].value["Run"].tolist() == [0]
    assert "Undo" not in labels(other)
    wait_until(lambda: store.runs() == [included])
    assert labels(tab.run()) == ["Train"]


def test_a_deletion_is_undone(project_run, visit, store, run_with_epochs):
    run = run_with_epochs(1)
    tab = click(visit("train", run=run.id), "Delete run 1")
    assert "Run 1 is deleted. For ten seconds this can be undone." in [caption.value for caption in tab.caption]
    click(tab, "Undo")

    assert tab.query_params == {"run": run.id}
    assert "Undo" not in labels(tab)
    assert not deletions.deletions().pending
    assert the_run(store) == run


def test_a_run_deleted_in_another_tab_is_explained(visit, store, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(1)
    tab = visit("train", run=run.id)
    store.delete(run.id)
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


@pytest.mark.parametrize(
    "act",
    [lambda tab: click(tab, "Delete run 2"), lambda tab: press(tab, "longer", epochs=1)],
    ids=["delete", "longer"],
)
def test_a_click_on_a_run_that_was_just_deleted_is_no_click_on_another(visit, store, run_with_epochs, act):
    kept, run = run_with_epochs(1), run_with_epochs(1)
    tab = visit("train", run=run.id)
    store.delete(run.id)
    act(tab)

    assert [left.id for left in store.runs()] == [kept.id]
    assert store.run(kept.id).status == "succeeded"
    assert tab.title[0].value == "Train a network"


def test_deleting_what_another_tab_deleted_ends_in_a_sentence(project_run, visit, store, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("train", run=run.id)
    store.delete(run.id)
    click(tab, "Delete run 1")

    assert not tab.exception
    assert labels(tab) == ["Train"]


def test_a_run_leads_to_predict(visit, run_with_epochs):
    run, _newer = run_with_epochs(2), run_with_epochs(1)
    tab = press(visit("train", run=run.id), "try")

    assert tab.title[0].value == "Predict"
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


def test_a_damaged_run_is_shown_as_damaged_and_can_be_deleted(visit, store, run_with_epochs):
    bad, good = run_with_epochs(1), run_with_epochs(1)
    with store._database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.run == bad.id).values(status="nonsense"))
    tab = visit("train")

    assert any(f"Run {bad.number} is damaged in the store: its status" in each.value for each in tab.warning)
    click(tab, f"Delete run {bad.number}")
    assert not tab.warning
    assert (store.damaged_runs(), store.runs()) == ([], [good])
