"""What the ten bars draw and say."""

import numpy as np

from fmnist.data.dataset import CLASS_NAMES
from tests.ui.charts.conftest import dictionaries, spec, strings
from tests.ui.conftest import rows


def draw_bars(confidence, scores, label):
    from ui.charts.confidence import confidence_bars

    confidence_bars(confidence, scores, label, key="bars")


def test_every_field_is_a_column_of_its_table(draw):
    confidence = np.full(10, 0.1)
    chart, _captions = draw(draw_bars, (confidence, confidence, 0))
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named and named <= set(rows(chart).columns)


def test_ten_bars_and_ten_diamonds(draw):
    confidence, scores = np.linspace(0.01, 0.19, 10), np.linspace(0.9, 0.0, 10)
    chart, _captions = draw(draw_bars, (confidence, scores, 3))
    table = rows(chart).sort_values("order")

    assert len(table) == 10
    assert table["class"].tolist() == [f"✓ {name}" if name == "Dress" else name for name in CLASS_NAMES]
    assert table.confidence.tolist() == confidence.tolist()
    assert table.score.tolist() == scores.tolist()
    assert table.text.tolist()[:2] == ["1.0%", "3.0%"]
    assert table.predicted.tolist() == [False] * 9 + [True]
    fields = [layer["encoding"]["x"].get("field") for layer in spec(chart)["layer"]]
    assert fields == ["confidence", "score", None]


def test_the_sentence_names_the_two_highest(draw):
    confidence = np.array([0, 0, 0.25, 0, 0.0025, 0, 0.7475, 0, 0, 0])
    chart, captions = draw(draw_bars, (confidence, confidence, 2))
    assert chart.proto.alt == captions[-1] == "Most confident: Shirt with 74.75%, then Pullover with 25.00%."

    chart, captions = draw(draw_bars, (confidence, confidence, 2), browser="es")
    assert (
        chart.proto.alt.replace("\xa0", " ") == "La mayor confianza: Camisa con 74,75 %; después, Jersey con 25,00 %."
    )
    assert captions[0] == "■ Confianza (softmax)   ◇ Puntuación del cuaderno (sigmoide)   ✓ clase verdadera"


def test_of_equals_the_sentence_names_the_one_that_the_bars_stress(draw):
    confidence = np.full(10, 0.1)
    chart, _captions = draw(draw_bars, (confidence, confidence, 0))
    assert rows(chart).sort_values("order").predicted.tolist() == [True] + [False] * 9
    assert chart.proto.alt == "Most confident: T-shirt/top with 10.00%, then Trouser with 10.00%."


def test_hover_numbers_follow_the_language(draw):
    confidence = np.full(10, 0.1)
    english, _captions = draw(draw_bars, (confidence, confidence, 0))
    spanish, _captions = draw(draw_bars, (confidence, confidence, 0), browser="es")

    assert "locale" not in spec(english).get("config", {})
    number = spec(spanish)["config"]["locale"]["number"]
    assert (number["decimal"], number["percent"]) == (",", "\N{NO-BREAK SPACE}%")


def test_the_dark_theme_has_lighter_colours(draw):
    confidence = np.full(10, 0.1)
    light, _captions = draw(draw_bars, (confidence, confidence, 0))
    dark, _captions = draw(draw_bars, (confidence, confidence, 0), theme="dark")

    def colours(chart):
        return {text for text in strings(spec(chart)) if text.startswith("#")}

    assert colours(light).isdisjoint(colours(dark))
    assert len(colours(light)) == len(colours(dark)) == 3
