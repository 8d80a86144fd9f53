"""What the charts draw and say; how they look is a person's business."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data.dataset import CLASS_NAMES
from tests.ui.conftest import charts, rows


def draw_accuracy(runs):
    from ui.charts import accuracy_chart

    accuracy_chart(runs, key="chart")


def draw_bars(confidence, scores, label):
    from ui.charts import confidence_bars

    confidence_bars(confidence, scores, label, key="bars")


@pytest.fixture
def draw():
    """Draw a chart alone: `draw(function, arguments, browser="es")` gives the chart and the captions."""

    def run(function, arguments, browser="en", theme="light"):
        tab = AppTest.from_function(function, args=arguments, default_timeout=60)
        tab.context = {"locale": browser, "theme": theme}
        tab.run()
        assert not tab.exception
        (chart,) = charts(tab)
        return chart, [caption.value for caption in tab.caption]

    return run


def spec(chart):
    return json.loads(chart.proto.spec)


def strings(value):
    """Every text in a nested structure."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_every_epoch_has_one_point_on_each_curve(draw, run_with_epochs):
    run = run_with_epochs(3)
    chart, _captions = draw(draw_accuracy, ([run],))
    table = rows(chart)

    assert len(table) == 6
    assert not table.duplicated(["run", "curve", "epoch"]).any()
    for epoch in run.epochs:
        drawn = table[table.epoch == epoch.epoch].set_index("curve").accuracy.to_dict()
        assert drawn == {"on training images": epoch.accuracy, "on validation images": epoch.val_accuracy}


def test_a_sentence_says_what_the_curves_show(draw, run_with_epochs):
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(4)],))

    assert chart.proto.alt == (
        "Run 1: after epoch 4, 93.8% of the validation images and 95.0% of the training images are named correctly; "
        "the best validation epoch is 4, with 93.8%."
    )
    assert caption.startswith(chart.proto.alt)
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(4)],), browser="es")
    assert "acierta 93,8 % de las imágenes de validación y 95,0 % de las de entrenamiento" in chart.proto.alt


def test_before_the_first_epoch_the_axes_wait(draw, run_with_epochs):
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(0, status="running", epochs=8)],))

    assert len(rows(chart)) == 0
    assert caption == chart.proto.alt == "Run 1 has no finished epoch yet; each will add a point."
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 8]
    assert spec(chart)["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_several_runs_share_one_chart(draw, run_with_epochs):
    runs = [run_with_epochs(2), run_with_epochs(5)]
    chart, (caption,) = draw(draw_accuracy, (runs,))
    table = rows(chart)

    assert not table.duplicated(["run", "curve", "epoch"]).any()
    assert table.groupby("run").size().to_dict() == {"Run 1": 4, "Run 2": 10}
    assert spec(chart)["encoding"]["color"]["field"] == "run"
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 5]
    assert "Run 1: after epoch 2" in caption and "Run 2: after epoch 5" in caption


def test_every_field_of_a_chart_is_a_column_of_its_table(draw, run_with_epochs):
    confidence = np.full(10, 0.1)
    for chart, _captions in (
        draw(draw_accuracy, ([run_with_epochs(2)],)),
        draw(draw_bars, (confidence, confidence, 0)),
    ):
        named = {part["field"] for part in _dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
        assert named and named <= set(rows(chart).columns)


def _dictionaries(value):
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in _dictionaries(part))]
    return [found for part in value for found in _dictionaries(part)] if isinstance(value, list) else []


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


def test_hover_numbers_follow_the_language(draw):
    confidence = np.full(10, 0.1)
    english, _captions = draw(draw_bars, (confidence, confidence, 0))
    spanish, _captions = draw(draw_bars, (confidence, confidence, 0), browser="es")

    assert "locale" not in spec(english).get("config", {})
    assert spec(spanish)["config"]["locale"]["number"]["decimal"] == ","


def test_the_dark_theme_has_lighter_colours(draw):
    confidence = np.full(10, 0.1)
    light, _captions = draw(draw_bars, (confidence, confidence, 0))
    dark, _captions = draw(draw_bars, (confidence, confidence, 0), theme="dark")

    def colours(chart):
        return {text for text in strings(spec(chart)) if text.startswith("#")}

    assert colours(light).isdisjoint(colours(dark))
    assert len(colours(light)) == len(colours(dark)) == 3
