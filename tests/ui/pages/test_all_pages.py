"""Properties of every page: no English in the Spanish text, no TensorFlow in the process."""

import json
import re
import subprocess
import sys
from itertools import product

import pytest
from babel.messages.pofile import read_po
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1.element_tree import Block

from fmnist.runs.record import Claim
from tests.ui.conftest import PROJECT, charts, rows, sentences
from ui.i18n.text import LOCALES

PAGES = ("start", "data", "train", "predict", "compare")

DRAW_ALL = """
import sys
from streamlit.testing.v1 import AppTest

tab = AppTest.from_file("main.py", default_timeout=300).run()
for page in ("train", "predict"):
    tab.switch_page(f"ui/pages/{page}.py").run()
    assert not tab.exception
print(tab.title[0].value)
print(*{module.split(".")[0] for module in sys.modules})
"""


@pytest.fixture(scope="module")
def english():
    """Every English message that reads otherwise in Spanish, as a pattern that finds it."""
    with (LOCALES / "es/fmnist.po").open("rb") as source:
        messages = {form: message.string for message in read_po(source) if message.id
                    for form in ([message.id] if isinstance(message.id, str) else message.id)}  # fmt: skip
    patterns = []
    for text, translation in messages.items():
        words = re.sub(r"\\{.*?\\}", ".+?", re.escape(text))
        if text != translation and re.search("[a-z]{2}", re.sub(r"\{.*?\}", "", text)):
            # A short message may be part of a Spanish sentence: "of" of "offset", say.
            patterns.append(re.compile(words if text.count(" ") > 2 else rf"{words}\Z", re.DOTALL))
    assert len(patterns) > 100
    return patterns


def texts(value):
    """Every text in a nested structure; JSON inside a text is looked into, a chart's columns and code are left out."""
    if isinstance(value, dict):
        read = value.keys() - {"field", "js_content", "css_content", "code_text", "place", "parameters"}
        return [text for key in read for text in texts(value[key])]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    if not isinstance(value, str):
        return []
    return texts(json.loads(value)) if value.startswith('{"') else [value]


def visible(tab):
    """Every text that was sent to the browser, the navigation's included."""
    found = [page["page_name"] for page in tab._registered_pages.values()]
    for table in (*map(rows, charts(tab)), *(element.value for element in (*tab.dataframe, *tab.table))):
        found += [text for text in table.to_numpy().ravel() if isinstance(text, str)]
    for table in (*tab.dataframe, *tab.table):
        found += list(table.value.columns)
    todo = [tab._tree]
    while todo:
        node = todo.pop()
        todo += getattr(node, "children", {}).values()
        if getattr(node, "proto", None) is not None:
            found += texts(MessageToDict(node.proto, preserving_proto_field_name=True))
    return found


def place_of_the_run(tab):
    """The place of the block with the choice of a run, which is a part of the component on Predict."""
    body = tab.main.children[0]
    (place,) = (
        place
        for place, block in body.children.items()
        if isinstance(block, Block)
        and (block.get("selectbox") or "fmnist_network" in str([part.proto for part in block.get("bidi_component")]))
    )
    return place


@pytest.mark.parametrize("page", ["train", "predict", "evaluate", "compare"])
def test_what_is_said_above_moves_nothing(visit, page, store, every_kind_of_run):
    """Streamlit knows a fragment by its place: what is asked of one that has moved is lost."""
    busy = visit(page, run="gone", index="99999")
    assert len(sentences(busy)) >= 2
    for run in every_kind_of_run.values():
        if run.active:
            store.delete(run.id) if run.status == "queued" else store.jobs.finish(
                Claim(run.id, "training", "worker"), "stopped"
            )
    calm = visit(page)

    assert place_of_the_run(busy) == place_of_the_run(calm)


def left_over(tab, english):
    return {text for text in visible(tab) for pattern in english if pattern.match(text)}


def test_the_search_finds_english(visit, english, every_kind_of_run):
    assert "Train a network" in left_over(visit("train"), english)
    assert any("every layer follow" in text for text in left_over(visit("predict"), english))


@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_new_machine(project_run, visit, english, page):
    assert left_over(visit(page, "es"), english) == set()


@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_page_full_of_runs(visit, english, every_kind_of_run, page):
    assert left_over(visit(page, "es"), english) == set()


def test_no_english_is_left_whatever_the_run_does(visit, english, every_kind_of_run):
    for run, train_view in product(every_kind_of_run.values(), ("training", "details")):
        assert left_over(visit("train", "es", run=run.id, train_view=train_view), english) == set()


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("data", {"label": "10", "seed": "-1", "split": "x", "page": "0", "language": "x"}),
        ("train", {"run": "x"}),
        ("predict", {"run": "x", "epoch": "0", "sample_split": "x", "index": "x"}),
        ("predict", {"epoch": "9", "sample_split": "train"}),
        ("predict", {"picture": "x"}),
    ],
)
def test_no_english_is_left_in_the_complaints(visit, english, every_kind_of_run, page, parameters):
    tab = visit(page, "es", **parameters)

    assert tab.warning
    assert left_over(tab, english) == set()


def test_all_pages_together_leave_tensorflow_out(server, run_with_epochs):
    run_with_epochs(1)
    done = subprocess.run(
        [sys.executable, "-c", DRAW_ALL], cwd=PROJECT, check=True, capture_output=True, text=True, timeout=300
    )
    answer, loaded = done.stdout.splitlines()[-2:]

    assert answer
    assert {"streamlit", "numpy"} <= set(loaded.split())
    assert set(loaded.split()).isdisjoint({"tensorflow", "keras", "jax", "torch"})
