"""Two networks' settings beside each other."""

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.recipe import Recipe
from tests.conftest import claim


@pytest.fixture
def draw():
    """Draw the table of two runs and epochs: gives its rows by name, and the sentences around it."""

    def script(*arguments):
        from ui.views.comparison.settings_table import settings_table

        settings_table(*arguments)

    def run(*arguments):
        tab = AppTest.from_function(script, args=arguments, default_timeout=300).run()
        assert not tab.exception
        table = tab.table[0].value
        names = table.columns[0]
        rows = {row[names]: (row["A"], row["B"]) for _, row in table.iterrows()}
        return rows, [text.value for text in (*tab.markdown, *tab.caption)]

    return run


@pytest.fixture
def trained(store, train_epochs):
    """Make a run trained on a machine: `trained({"processor": "fast"}, batch_size=32)`."""

    def make(machine, epochs=2, **settings):
        run = store.submit(Recipe(epochs=epochs, **settings), "page")
        claim(store, run.id, "worker", machine)
        train_epochs(run.id, "worker", *range(1, epochs + 1))
        return store.run(run.id)

    return make


def test_a_sign_marks_what_differs_and_nothing_else(draw, trained):
    machine = {"processor": "one", "packages": {"keras": "3"}}
    rows, around = draw(trained(machine, batch_size=32), 2, trained(machine, seed=9), 1)

    assert {name: values for name, values in rows.items() if "≠" in name} == {
        "**≠ Run**": ("1", "2"),
        "**≠ Network after epoch**": ("2", "1"),
        "**≠ Training time up to that epoch**": ("3 s", "2 s"),
        "**≠ Batch size**": ("32", "128"),
        "**≠ Seed**": ("0", "9"),
    }
    assert rows["Learning rate"] == ("0.001", "0.001")
    assert rows["Recipe"] == ("Custom", "Custom")
    assert all(here == there for name, (here, there) in rows.items() if "≠" not in name)
    assert around == [
        "≠ marks what differs.",
        "Both were trained on the same kind of machine, with the same versions.",
    ]


def test_of_the_machines_only_what_differs_is_listed(draw, trained):
    first = trained({"processor": "one", "cores": 2, "packages": {"keras": "3", "tensorflow": "2"}})
    second = trained({"processor": "two", "cores": 2, "packages": {"keras": "4", "tensorflow-cpu": "2"}})
    rows, around = draw(first, 2, second, 2)

    assert rows["**≠ Processor**"] == ("one", "two")
    assert rows["**≠ keras**"] == ("3", "4")
    assert rows["**≠ tensorflow**"] == ("2", "–")
    assert rows["**≠ tensorflow-cpu**"] == ("–", "2")
    assert not any("Cores" in name for name in rows)
    assert around == ["≠ marks what differs."]


def test_two_epochs_of_a_run_differ_in_little(draw, trained):
    run = trained({})
    rows, _around = draw(run, 2, run, 1)
    assert [name for name in rows if "≠" in name] == [
        "**≠ Network after epoch**",
        "**≠ Training time up to that epoch**",
    ]

    rows, around = draw(run, 2, run, 2)
    assert not any("≠" in name for name in rows)
    assert around[0] == "Nothing differs."
