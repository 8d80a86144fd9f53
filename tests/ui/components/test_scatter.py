"""The data of the scatter plot."""

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import components


def draw(points, labels, predicted):
    from ui.components.scatter.scatter import scatter

    scatter(points, labels, predicted, "sentence", key="scatter")


def drawn(points, labels, predicted):
    """The data that a script's map sends to the browser, and its unpacked columns."""
    arguments = (np.array(points, np.float32), np.array(labels, np.uint8), np.array(predicted))
    tab = AppTest.from_function(draw, default_timeout=300, args=arguments).run()
    assert not tab.exception
    data = json.loads(components(tab)[0].proto.json)
    content, count = base64.b64decode(data["points"]), data["count"]
    assert len(content) == 6 * count
    places = np.frombuffer(content, "<u2", 2 * count).reshape(2, count).T
    return data, places.tolist(), list(content[4 * count : 5 * count]), list(content[5 * count :])


# Of every class one point at least, as in the test set.
LABELS = [*range(10), 0, 0]


def test_points_keep_their_shape():
    points = [[-1, 5]] * 9 + [[3, 5], [1, 6], [-1, 7]]
    data, places, labels, predicted = drawn(points, LABELS, [9] * 12)

    assert places == [[0, 0]] * 9 + [[65_535, 0], [32_768, 16_384], [0, 32_768]]
    assert (labels, predicted) == (LABELS, [9] * 12)
    assert data["middles"][:2] == [[0, 16_384], [0, 0]]
    assert data["middles"][9] == [65_535, 0]


@pytest.mark.parametrize("value", [0.0, -3.5, 1e30])
def test_points_that_all_lie_in_one_place_are_drawn(value):
    data, places, _labels, _predicted = drawn([[value, value]] * 12, LABELS, LABELS)

    assert places == [[0, 0]] * 12
    assert data["middles"] == [[0, 0]] * 10
