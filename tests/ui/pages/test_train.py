"""The Train page, as a person asks for a run on it and as a client misuses it."""

from fmnist.recipe import FAST, NOTEBOOK, Recipe
from fmnist.system import hardware
from tests.ui.conftest import charts, click, rows, sentences
from tests.ui.pages.train_page import ABOUT, labels, status, the_run


def test_a_new_machine_has_one_obvious_button_and_the_projects_network(project_run, visit):
    tab = visit("train")

    assert [button.label for button in tab.button if button.proto.type == "primary"] == ["Train"]
    assert labels(tab) == ["Train", "Try this network", ABOUT]
    assert sentences(tab) == ["Press Train and watch the accuracy of your own network grow."]
    assert status(tab).startswith("Run 0 is included in the project: its network was trained for ")
    assert len(tab.dataframe[0].value) == 1


def test_train_submits_the_fast_recipe(project_run, visit, desk):
    tab = click(visit("train"), "Train")
    run = the_run(desk)

    assert (run.recipe, run.status, run.origin) == (FAST, "queued", "page")
    assert desk.queue.ids() == [run.id]
    assert status(tab) == "Run 1 is next; the worker is starting."
    assert tab.query_params == {"run": run.id}
    assert labels(tab) == ["Train", "Stop", ABOUT]
    assert rows(*charts(tab)).empty


def test_the_notebook_is_one_click_away(project_run, visit, desk):
    tab = visit("train")
    tab.button_group(key="recipe").set_value("notebook").run()
    click(tab, "Train")

    assert the_run(desk).recipe == NOTEBOOK


def test_a_new_run_is_watched_beside_the_one_that_was_shown(visit, desk, run_with_epochs):
    shown, _newest = run_with_epochs(2), run_with_epochs(1)
    tab = click(visit("train", run=shown.id), "Train")
    new = desk.store.runs()[0]

    assert tab.query_params == {"run": new.id, "compare": shown.id}
    assert set(rows(*charts(tab)).run) == {"Run 1"}
    tab.button_group(key="choose_x_axis").set_value("seconds").run()
    assert tab.query_params == {"run": new.id, "compare": shown.id, "x_axis": "seconds"}
    assert sorted(set(rows(*charts(tab)).seconds)) == [1.5, 3.0]


def test_what_to_expect_is_said_before_the_click(project_run, visit, desk, train_epochs):
    tab = visit("train")
    known = "Time: known after the first run on this machine with this optimizer and batch size."
    assert known in [text.value for text in tab.caption]

    run = desk.store.add(FAST, "page")
    desk.store.claim(run.id, "worker", hardware.describe())
    train_epochs(run.id, "worker", 1, 2, 3)
    desk.store.finish(run.id, "worker", "succeeded")
    message = "About 4 s of training on this machine. Test accuracy so far: 91.3% (1 run of this recipe)."
    assert message in [text.value for text in visit("train").caption]


def test_train_submits_the_chosen_settings(project_run, visit, desk):
    tab = visit("train")
    tab.button_group(key="recipe").set_value("custom").run()
    tab.number_input(key="epochs").set_value(2)
    tab.number_input(key="batch_size").set_value(64)
    tab.radio(key="optimizer").set_value("muon").run()
    assert tab.number_input(key="learning_rate_muon").value == FAST.learning_rate
    tab.number_input(key="learning_rate_muon").set_value(0.01)
    tab.number_input(key="training_images_held_out").set_value(500)
    tab.checkbox(key="augmentation").set_value(True)
    tab.checkbox(key="distillation").set_value(True)
    tab.number_input(key="seed").set_value(7).run()
    click(tab, "Train")

    assert the_run(desk).recipe == Recipe(2, 64, 0.01, 7, "held_out", 500, "muon", augmentation=True, distillation=True)


def test_drawing_again_requests_nothing(project_run, visit, desk):
    tab = click(visit("train"), "Train")
    tab.run()
    tab.switch_page("ui/pages/data.py").run()
    tab.switch_page("ui/pages/train.py").run()

    assert the_run(desk)


def test_settings_beyond_the_inputs_are_refused(project_run, visit, desk):
    tab = visit("train")
    tab.button_group(key="recipe").set_value("custom").run()
    tab.number_input(key="epochs").set_value(10**9)
    tab.number_input(key="learning_rate_adam").set_value(-1.0).run()
    click(tab, "Train")

    assert the_run(desk).recipe == Recipe()
