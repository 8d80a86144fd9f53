"""The rows of the bars of a layer's values."""

import numpy as np
import pytest

from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows


def draw_values(values, names):
    from ui.charts.values import value_bars

    value_bars(values, names, "A sentence.", key="values")


@pytest.mark.parametrize("count", [10, 54, 576])
def test_every_value_has_a_bar_in_its_place(draw, count):
    values = np.random.default_rng(0).normal(size=count).astype(np.float32)
    chart, _captions = draw(draw_values, (values, [f"value {number}" for number in range(count)]))
    table = rows(chart).sort_values("order")

    assert table.value.tolist() == values.tolist()
    assert table.name.tolist() == [f"value {number}" for number in range(count)]
    assert chart.proto.alt == "A sentence."
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named and named <= set(table.columns)


def test_a_few_are_named_below_and_many_are_not(draw):
    few, _captions = draw(draw_values, (np.ones(10), [f"class {number}" for number in range(10)]))
    many, _captions = draw(draw_values, (np.ones(54), [str(number) for number in range(54)]))

    assert "class 9" in spec(few)["encoding"]["x"]["axis"]["labelExpr"]
    assert spec(many)["encoding"]["x"]["axis"]["labels"] is False
