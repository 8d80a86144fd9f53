"""Foreign input: nothing of a URL is active, no forged value is kept."""

import json
import math
import re

import pytest
from google.protobuf.json_format import MessageToDict

from fmnist.data.dataset import SPLIT_SIZES
from tests.ui.conftest import send
from ui.state.address import PARAMETERS
from ui.state.fields import DOMAINS

PAGES = ("start", "data", "train", "predict", "evaluate", "compare")

ACTIVE = (
    "![x](http://evil.test/a.png)",
    "[**Log in**](//evil.test)",
    "http://evil.test www.evil.test a@evil.test",
    "<img src=//evil.test/a.png>",
    ":material/bomb: :red[red] :smile: $e^x$",
    "``` `` ` :red[a] \\` ![](//evil.test)",
    "one\n\n# two\n\n[three](//evil.test)\u202e",
)


def markdown(tab):
    """Every text of the page's elements, without the code in it, which Markdown leaves alone."""
    todo, found = [tab._tree], []
    while todo:
        node = todo.pop()
        todo += getattr(node, "children", {}).values()
        if getattr(node, "proto", None) is not None:
            found += re.findall(r'(?:": )"((?:[^"\\]|\\.)*)"', json.dumps(MessageToDict(node.proto)))
    return [re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", json.loads(f'"{text}"'), flags=re.DOTALL) for text in found]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_in_an_address_is_active(visit, page, run_with_epochs):
    run_with_epochs(2)
    for value in ACTIVE:
        tab = visit(page, **dict.fromkeys(PARAMETERS.keys() - {"language"}, value))
        assert tab.warning
        assert [text for text in markdown(tab) if re.search(r"evil|bomb:|:red|smile|e\^x|\u202e", text)] == []


# By the kind of value that a client may send; each is sent for every widget, whatever kind that one has.
FORGED = [
    *({"string_value": text} for text in ("", "x", "convolution_9")),
    *({"string_array_value": {"data": texts}} for texts in ([], ["x"], ["x", "y"])),
    *({"int_value": number} for number in (-1, 0, 10**6, 2**62)),
    *({"double_value": number} for number in (-1.0, 0.5, 1e300)),
    *({"double_array_value": {"data": numbers}} for numbers in ([], [math.nan], [1e300], [0.5], [1.0, 2.0])),
    {"bool_value": True},
]
SENT = (True, False, 1.5, -1, 10**9, "x", [1], {"a": 1}, None)
EVENTS = ("open", "cell", "photo", "place", "selected", "other", "more")


def widgets(tab):
    """The kind of every widget of a page, by its id."""
    todo, found = [tab._tree], {}
    while todo:
        node = todo.pop()
        todo += getattr(node, "children", {}).values()
        proto = getattr(node, "proto", None)
        if getattr(proto, "id", "").startswith("$$"):
            kind = type(proto).__name__
            found[proto.id] = "SelectSlider" if kind == "Slider" and proto.type == proto.SELECT_SLIDER else kind
    return found


# What Streamlit itself cannot read, another kind or a whole number that is NaN, never comes to the page.
KINDS = {
    "Selectbox": "string_value", "Radio": "string_value", "MultiSelect": "string_array_value",
    "ButtonGroup": "string_array_value", "NumberInput": "double_value", "Pagination": "int_value",
    "Slider": "double_array_value", "SelectSlider": "string_array_value", "Checkbox": "bool_value",
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("page", PAGES)
def test_no_forged_value_stays(visit, page, run_with_epochs, compute):
    run = run_with_epochs(2)
    compute(run.id)
    tab = visit(page, run=run.id)
    for value in FORGED:
        for widget, kind in widgets(tab).items():
            if next(iter(value)) == KINDS.get(kind):
                send(tab, widget, **value)
                check(tab, (kind, widget, value))
    for widget in [widget for widget, kind in widgets(tab).items() if kind == "BidiComponent"]:
        for sent in SENT:
            send(tab, widget, json_value=json.dumps(dict.fromkeys(EVENTS, sent)))
            check(tab, (widget, sent))
            events = [{"event": event, "value": sent} for event in EVENTS]
            send(tab, f"$$STREAMLIT_INTERNAL_KEY_{widget}__events", json_trigger_value=json.dumps(events))
            check(tab, (widget, sent))


def check(tab, sent):
    assert [error.message for error in tab.exception] == [], sent
    state = tab.session_state["session"]
    assert [name for name in DOMAINS if not state.allows(name, getattr(state, name))] == [], sent
    assert state.index < SPLIT_SIZES[state.sample_split]
