"""The Train page, as a person asks for a run on it and as a client misuses it."""

from dataclasses import replace

import pytest

from fmnist.recipe import FAST, Recipe
from fmnist.runs.record import Claim
from fmnist.system import hardware
from tests.conftest import claim, queue
from tests.ui.conftest import charts, click, rows, sentences
from tests.ui.pages.train_page import block, labels, status, the_run


def test_a_new_machine_has_one_obvious_button_and_the_projects_network(project_run, visit):
    tab = visit("train")

    assert [button.label for button in tab.button if button.proto.type == "primary"] == ["Train"]
    assert labels(tab) == ["Train"]
    assert sentences(tab) == []
    assert (
        status(tab) == "93.3% of the test images classified correctly, 668 of 10,000 wrong. It comes with the project."
    )
    assert len(tab.dataframe[0].value) == 1


def test_train_submits_the_fast_recipe(project_run, visit, store):
    tab = click(visit("train"), "Train")
    run = the_run(store)

    assert (run.recipe.name, run.status, run.origin) == ("fast", "queued", "page")
    assert queue(store) == [(run.id, "training")]
    assert (status(tab), block(tab)["active"]) == ("Run 1 · Fast", True)
    assert tab.query_params == {"run": run.id}
    assert labels(tab) == ["Train another after this one"]
    assert "Run 1 goes on; the next one waits for it." in [caption.value for caption in tab.caption]
    assert charts(tab) == []


def test_the_notebook_is_one_click_away(project_run, visit, store):
    tab = visit("train")
    tab.radio(key="recipe").set_value("notebook").run()
    click(tab, "Train")

    assert the_run(store).recipe.name == "notebook"


def test_a_new_run_is_watched_beside_others_only_where_they_were_chosen(visit, store, run_with_epochs):
    shown, other = run_with_epochs(1), run_with_epochs(2)
    tab = click(visit("train", run=shown.id), "Train")
    assert tab.query_params == {"run": store.runs()[0].id}
    assert not charts(tab)

    tab = click(visit("train", run=shown.id, compare=other.id), "Train another after this one")
    new = store.runs()[0]
    assert tab.query_params == {"run": new.id, "compare": other.id}
    assert set(rows(*charts(tab)).run) == {f"Run {other.number}"}
    tab.button_group(key="choose_x_axis").set_value("seconds").run()
    assert tab.query_params == {"run": new.id, "compare": other.id, "x_axis": "seconds"}
    assert sorted(set(rows(*charts(tab)).seconds)) == [1.5, 3.0]


@pytest.mark.parametrize("page", ["train", "predict", "evaluate", "compare"])
def test_a_first_visit_shows_the_included_run_and_never_another_persons(
    project_run, visit, store, run_with_epochs, page
):
    run_with_epochs(2), run_with_epochs(1, status="running", epochs=3)
    assert visit(page).query_params["run"] == store.run_by_number(0).id


def test_a_tab_shows_its_own_newest_run(project_run, visit, store, run_with_epochs):
    tab = click(visit("train"), "Train")
    own = the_run(store)
    run_with_epochs(2)
    tab.selectbox(key="choose_run").set_value(store.run_by_number(0).id).run()
    tab.session_state["session"].choose(run=None)
    assert tab.run().query_params["run"] == own.id


def test_every_run_has_a_seed_of_its_own_which_can_be_typed_in_and_used_again(project_run, visit, store):
    tab = click(visit("train"), "Train")
    click(tab, "Train another after this one")
    second, first, _included = store.runs()
    assert first.recipe.seed != second.recipe.seed
    # The one that was there before stays in view.
    assert tab.query_params == {"run": first.id}
    assert f"Seed {first.recipe.seed}" in [expander.label for expander in tab.expander]

    click(tab, f"Train run {first.number} again")
    assert store.runs()[0].recipe == first.recipe
    tab.number_input(key="typed_seed").set_value(7).run()
    click(tab, "Train another after this one")
    assert store.runs()[0].recipe == replace(FAST, seed=7)


def test_a_typed_seed_is_said_before_the_click(project_run, visit):
    tab = visit("train")
    tab.number_input(key="typed_seed").set_value(7).run()
    assert "Seed 7 each time: the same start, the same network." in [caption.value for caption in tab.caption]


def test_what_to_expect_is_said_before_the_click(project_run, visit, store, train_epochs):
    def captions():
        return list(visit("train").radio(key="recipe").proto.captions)

    assert captions() == ["3 epochs", "10 epochs", "100 epochs, 93.3%", "your own settings"]
    for seed, caption in ((4, "3 epochs, about 4 s, 91.3%"), (5, "3 epochs, about 4 s, usually 91.3%")):
        run = store.submit(replace(FAST, seed=seed), "page")
        claim(store, run.id, "worker", hardware.describe())
        train_epochs(run.id, "worker", 1, 2, 3)
        store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
        assert captions()[0] == caption


def test_train_submits_the_chosen_settings(project_run, visit, store):
    tab = visit("train")
    tab.radio(key="recipe").set_value("custom").run()
    tab.number_input(key="epochs").set_value(2)
    tab.number_input(key="batch_size").set_value(64)
    tab.radio(key="optimizer").set_value("muon").run()
    assert tab.number_input(key="learning_rate_muon").value == FAST.learning_rate
    tab.number_input(key="learning_rate_muon").set_value(0.01)
    tab.number_input(key="training_images_held_out").set_value(500)
    tab.checkbox(key="augmentation").set_value(True)
    tab.checkbox(key="distillation").set_value(True)
    tab.number_input(key="typed_seed").set_value(7).run()
    click(tab, "Train")

    assert the_run(store).recipe == Recipe(
        2, 64, 0.01, 7, "held_out", 500, "muon", augmentation=True, distillation=True
    )


def test_drawing_again_requests_nothing(project_run, visit, store):
    tab = click(visit("train"), "Train")
    tab.run()
    tab.switch_page("ui/pages/data.py").run()
    tab.switch_page("ui/pages/train.py").run()

    assert the_run(store)


def test_settings_beyond_the_inputs_are_refused(project_run, visit, store):
    tab = visit("train")
    tab.radio(key="recipe").set_value("custom").run()
    tab.number_input(key="epochs").set_value(10**9)
    tab.number_input(key="learning_rate_adam").set_value(-1.0).run()
    click(tab, "Train")

    assert replace(the_run(store).recipe, seed=0) == Recipe()
