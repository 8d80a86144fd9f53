"""A chart alone, and what it is made of."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import charts


@pytest.fixture
def draw():
    """Draw a chart alone: `draw(function, arguments, browser="es")` gives the chart and the captions."""

    def run(function, arguments, browser="en", theme="light"):
        tab = AppTest.from_function(function, args=arguments, default_timeout=300)
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


def dictionaries(value):
    """Every dictionary in a nested structure."""
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in dictionaries(part))]
    return [found for part in value for found in dictionaries(part)] if isinstance(value, list) else []
