"""The rows and the sentence of the reliability diagram."""

import numpy as np
import pytest

from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows


def draw_reliability(confidences, correct):
    from ui.charts.reliability import reliability_chart

    reliability_chart(confidences, correct, key="chart")


# Ten answers in three of the fifteen bins; the first two are neighbors.
CONFIDENCE = np.array([0.41, 0.43, 0.45, 0.45, 0.52, 0.50, 0.96, 0.98, 1.0, 1.0])
CORRECT = np.array([True, False, False, False, True, False, True, True, True, True])


def test_a_bin_has_one_mark_and_an_empty_one_none(draw):
    chart, _captions = draw(draw_reliability, ({"Softmax": CONFIDENCE}, CORRECT))
    table = rows(chart)

    assert table["size"].tolist() == [4, 2, 4]
    assert table.images.tolist() == ["4", "2", "4"]
    assert table.accuracy.tolist() == [0.25, 0.5, 1.0]
    assert table.confidence.tolist() == pytest.approx([0.435, 0.51, 0.985])
    assert table.bin.tolist() == ["40.0% – 46.7%", "46.7% – 53.3%", "93.3% – 100.0%"]


def test_no_line_is_drawn_across_an_empty_bin(draw):
    chart, _captions = draw(draw_reliability, ({"Softmax": CONFIDENCE, "Score": CONFIDENCE}, CORRECT))
    table = rows(chart)

    assert table.groupby("stretch", sort=False)["size"].apply(list).tolist() == [[4, 2], [4]] * 2
    (line,) = [layer for layer in spec(chart)["layer"] if "detail" in layer["encoding"]]
    assert line["encoding"]["detail"]["field"] == "stretch"


def test_the_sentence_has_the_gap_between_confidence_and_accuracy(draw):
    modest = np.full(10, 0.5)
    chart, (caption,) = draw(draw_reliability, ({"Softmax": CONFIDENCE, "Score": modest}, CORRECT))

    assert chart.proto.alt == caption
    assert caption == (
        "The accuracy is 60.0%. Softmax: 67.0% on average, 7.0 points too high. "
        "Score: 50.0% on average, 10.0 points too low."
    )


def test_a_kind_keeps_its_color_and_its_shape_whether_there_is_a_third(draw):
    two, _captions = draw(draw_reliability, (dict.fromkeys(("before", "score"), CONFIDENCE), CORRECT))
    three, _captions = draw(draw_reliability, (dict.fromkeys(("before", "after", "score"), CONFIDENCE), CORRECT))

    def marks(chart):
        encoding = spec(chart)["layer"][-1]["encoding"]
        scale = encoding["shape"]["scale"]
        assert encoding["color"]["scale"]["domain"] == scale["domain"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    assert marks(two) == {"before": "circle", "score": "diamond"}
    assert marks(three) == marks(two) | {"after": "triangle-up"}
    assert spec(three)["layer"][-1]["encoding"]["color"]["legend"]["values"] == ["before", "after", "score"]


def test_every_field_is_a_column_of_its_table(draw):
    chart, _captions = draw(draw_reliability, ({"Softmax": CONFIDENCE}, CORRECT))
    diagonal = set(spec(chart)["layer"][0]["data"]["values"][0])
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}

    assert named and named <= set(rows(chart).columns) | diagonal
