"""What the ten pairs of bars draw and say."""

import numpy as np

from fmnist.data.dataset import CLASS_NAMES
from tests.ui.charts.conftest import dictionaries, spec, strings
from tests.ui.conftest import rows

FIRST, SECOND = np.linspace(0.01, 0.19, 10), np.linspace(0.19, 0.01, 10)


def draw_pair(first, second, label):
    from ui.charts.pair import pair_bars

    pair_bars(first, second, label, "A says this, B says that.", key="pair")


def test_every_class_has_a_bar_of_each_network(draw):
    chart, _captions = draw(draw_pair, (FIRST, SECOND, 3))
    table = rows(chart).set_index("network")

    names = [f"✓ {name}" if name == "Dress" else name for name in CLASS_NAMES]
    for network, confidence in (("A", FIRST), ("B", SECOND)):
        assert table.loc[network, "class"].tolist() == names
        assert table.loc[network, "confidence"].tolist() == confidence.tolist()
    assert table.loc["A", "text"].tolist()[:2] == ["A 1.0%", "A 3.0%"], "a letter names the bar, not its colour alone"
    assert spec(chart)["encoding"]["y"]["sort"] == names


def test_every_field_is_a_column_of_its_table(draw):
    chart, _captions = draw(draw_pair, (FIRST, SECOND, 3))
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}

    assert named and named <= set(rows(chart).columns)


def test_the_sentence_is_its_alternative_text(draw):
    chart, captions = draw(draw_pair, (FIRST, SECOND, 3))

    assert chart.proto.alt == "A says this, B says that."
    assert captions == ["Above A, below B; ✓ true class"]


def test_the_dark_theme_has_lighter_colours(draw):
    colours = []
    for theme in ("light", "dark"):
        chart, _captions = draw(draw_pair, (FIRST, SECOND, 3), theme=theme)
        colours.append({text for text in strings(spec(chart)) if text.startswith("#")})

    assert colours[0].isdisjoint(colours[1])
    assert len(colours[0]) == len(colours[1]) == 3
