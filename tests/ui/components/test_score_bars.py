"""The tables of the scores of ten classes."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data.dataset import CLASS_NAMES
from tests.ui.conftest import bars, numbers

FIRST, SECOND = np.linspace(0.01, 0.19, 10), np.linspace(0.9, 0.0, 10)


def draw_score_bars_alone(first, second):
    from ui.components.score_bars.score_bars import ClassScores, draw_score_bars

    draw_score_bars(ClassScores("A < B", first), ClassScores("B", second), 3, "Both & each.")


def drawn(browser="en"):
    tab = AppTest.from_function(draw_score_bars_alone, args=(FIRST, SECOND), default_timeout=300)
    tab.context = {"locale": browser}
    tab.run()
    assert not tab.exception
    (table,) = bars(tab)
    return table


def words(element):
    return "".join(element.itertext())


def sizes(table, mark):
    """Return the lengths of the marks in percent, in their order."""
    return [
        float(found.get("style").rpartition(" ")[2].rstrip("%")) for found in table.findall(f".//div[@class='{mark}']")
    ]


def test_every_number_is_a_cell_of_its_class():
    table = drawn()
    rows = table.findall("tbody/tr")

    assert [words(row.find("th")) for row in rows] == [f"✓ {name}" if name == "Dress" else name for name in CLASS_NAMES]
    assert numbers(table) == pytest.approx(np.stack([FIRST, SECOND], axis=1), abs=6e-5)
    assert [words(head) for head in table.findall("thead/tr/*")] == ["✓ true class", "■ A < B", "■ B"]


def test_the_bars_reach_as_far_as_the_numbers_say():
    table = drawn()
    assert sizes(table, "bar first") == pytest.approx(100 * FIRST, abs=0.01)
    assert sizes(table, "bar second") == pytest.approx(100 * SECOND, abs=0.01)


def test_the_sentence_is_its_caption():
    assert words(drawn().find("caption")) == "Both & each."


def test_in_spanish_the_numbers_are_written_as_there():
    table = drawn(browser="es")
    assert words(table.find("thead/tr/td")) == "✓ clase verdadera"
    assert words(table.find("tbody/tr/td")).replace("\xa0", " ") == "1.00%"
