"""The URL of a tab: read, written, checked."""

import dataclasses

import numpy as np
import pytest

from fmnist.inference.preprocessing import to_text
from ui.state import request
from ui.state.address import OLD_PARAMETERS, OLD_VALUES, PARAMETERS, parameters_of
from ui.state.address import read as read_address
from ui.state.fields import DOMAINS
from ui.state.session import Session

RUN, OTHER = "0" * 32, "f" * 32
GREYS = to_text(np.arange(784, dtype=np.uint8).reshape(28, 28))

# For every parameter: a value in the URL, what the field becomes, and a value that cannot be had.
EXAMPLES = {
    "language": ("es", "es", "de"),
    "split": ("test", "test", "validation"),
    "label": ("3", 3, "10"),
    "seed": ("4294967295", 2**32 - 1, "4294967296"),
    "page": ("2400", 2400, "2401"),
    "run": (RUN, RUN, None),
    "train_view": ("details", "details", "run"),
    "compare": (f"{RUN},{OTHER}", (RUN, OTHER), None),
    "x_axis": ("seconds", "seconds", "minutes"),
    "epoch": ("200", 200, "201"),
    "index": ("9999", 9999, "10000"),
    "source": ("draw", "draw", "paint"),
    "picture": (GREYS, GREYS, "eJxjYBgF"),
    "predict_view": ("explanation", "explanation", "how"),
    "layer": ("dense_1", "dense_1", "dense_9"),
    "explained_class": ("9", 9, "10"),
    "evaluate_view": ("map", "map", "table"),
    "cell_values": ("normalized", "normalized", "percent"),
    "true": ("6", 6, "10"),
    "predicted": ("4", 4, "10"),
    "gallery_page": ("400", 400, "401"),
    "threshold": ("0.95", 0.95, "1.5"),
    "projection": ("tsne", "tsne", "umap"),
    "other": (OTHER, OTHER, None),
    "other_epoch": ("200", 200, "201"),
    "disagreement_filter": ("neither", "neither", "nobody"),
}
PAGES = ("start", "data", "train", "predict", "evaluate", "compare")


def read(page="data", /, **parameters):
    session = Session()
    read_address(session, parameters, page, keep=False)
    return session


def fields(session):
    values = dataclasses.asdict(session)
    unlinked = (
        "url_errors", "widget_values", "option_labels", "submitted", "deleted", "trained", "visit", "round", "curves",
        "awaited", "pictures",
    )  # fmt: skip
    return {name: value for name, value in values.items() if name not in unlinked}


def test_every_parameter_has_an_example_and_every_field_a_parameter():
    assert EXAMPLES.keys() == PARAMETERS.keys()
    assert PARAMETERS.keys() == fields(Session()).keys()


@pytest.mark.parametrize("parameter", EXAMPLES)
def test_a_parameter_is_read_and_written_on_its_pages(parameter):
    text, value, _bad = EXAMPLES[parameter]
    pages = PARAMETERS[parameter]
    session = read(**{parameter: text})

    assert session.url_errors == []
    assert fields(session) == fields(Session()) | {parameter: value}
    for page in PAGES:
        assert parameters_of(session, page) == ({parameter: text} if page in pages else {})


@pytest.mark.parametrize("parameter", [name for name, example in EXAMPLES.items() if example[2]])
def test_a_bad_value_gives_one_complaint_and_the_default(parameter):
    session = read(**{parameter: EXAMPLES[parameter][2]})

    assert fields(session) == fields(Session())
    (error,) = session.url_errors
    assert EXAMPLES[parameter][2] in str(error)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", " 1", "+1", "x", "½", "9" * 5_000, "0" * 12 + "9" * 30, "\0"])
@pytest.mark.parametrize("parameter", ["label", "seed", "page", "epoch"])
def test_a_number_outside_its_range_is_refused(parameter, text):
    session = read(**{parameter: text})

    assert fields(session) == fields(Session())
    (error,) = session.url_errors
    assert len(str(error)) < 200


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "½", "10000", "9" * 5_000])
def test_an_image_that_is_not_there_is_refused(text):
    session = read(index=text)

    assert session.index == 169
    (error,) = session.url_errors
    assert str(error).endswith("choose an index from 0 to 9,999.")


def test_a_run_without_a_name_is_the_newest():
    session = read(run="", other="")
    assert fields(session) == fields(Session())


def test_an_index_is_checked_against_its_own_split():
    assert read(source="train", index="59999").index == 59_999
    refused = read(source="train", index="60000")
    assert (refused.sample_split, refused.index) == ("train", 169)
    assert str(refused.url_errors[0]) == "There is no train image 60000; choose an index from 0 to 59,999."


def test_a_parameter_that_no_page_has_is_told_beside_those_of_the_page():
    session = read("start", language="es", row="7" * 50)

    assert fields(session) == fields(Session()) | {"language": "es"}
    (error,) = session.url_errors
    assert str(error) == (
        f"The address contains row='{'7' * 40}', which is no parameter of this page; its parameters are language."
    )


@pytest.mark.parametrize("parameter", ["epoch", "other_epoch"])
def test_what_is_no_epoch_promises_none_that_the_run_may_lack(parameter):
    (error,) = read("compare", **{parameter: "abc"}).url_errors

    assert str(error).endswith("='abc', which is no epoch; choose an epoch of the run.")


def test_many_bad_values_give_a_complaint_each():
    bad = {parameter: bad for parameter, (_text, _value, bad) in EXAMPLES.items() if bad}
    session = read(**bad)

    assert len(session.url_errors) == len(bad)
    assert fields(session) == fields(Session())


@pytest.mark.parametrize("page", PAGES)
def test_what_is_written_is_read_again(page):
    there = read(**{parameter: text for parameter, (text, _value, _bad) in EXAMPLES.items()})
    written = parameters_of(there, page)
    again = read(**written)

    assert parameters_of(again, page) == written
    for name in written:
        assert getattr(again, name) == getattr(there, name)


@pytest.mark.parametrize(("old", "new"), OLD_PARAMETERS.items())
def test_an_older_address_is_read_and_written_by_its_present_names(old, new):
    text, value, bad = EXAMPLES[new]
    session = read(**{old: text})

    assert session.url_errors == []
    assert fields(session) == fields(Session()) | {new: value}
    assert parameters_of(session, PARAMETERS[new][0]) == {new: text}
    assert str(read(**{old: bad}).url_errors[0]) == str(read(**{new: bad}).url_errors[0])


@pytest.mark.parametrize(
    ("name", "old", "new"), [(name, *pair) for name, values in OLD_VALUES.items() for pair in values.items()]
)
def test_an_older_value_is_read_as_its_present_name(name, old, new):
    (parameter,) = (before for before, now in OLD_PARAMETERS.items() if now == name)

    assert fields(read(**{parameter: old})) == fields(read(**{name: new}))
    assert new in DOMAINS[name]


def test_what_a_url_leaves_out_is_kept_or_goes_back():
    session = read(label="3", seed="5", language="es")
    read_address(session, {"seed": "6"}, "data", keep=True)
    assert (session.label, session.seed) == (3, 6)

    read_address(session, {"seed": "7"}, "data", keep=False)
    assert (session.label, session.seed) == (None, 7)
    assert session.language == "es", "who reads Spanish reads it everywhere"


def test_another_page_keeps_what_was_looked_at(visit):
    tab = visit(label="3", page="2")
    assert tab.query_params == {"label": "3", "page": "2"}

    tab.query_params = {}
    tab.switch_page("ui/pages/train.py").run()
    assert tab.query_params == {}

    tab.switch_page("ui/pages/data.py").run()
    assert tab.query_params == {"label": "3", "page": "2"}
    assert tab.selectbox(key="choose_label").value == 3


def test_another_page_may_be_reached_by_a_link_that_asks_for_more(project_run, visit):
    tab = visit(label="3")
    tab.query_params = {"index": "7", "language": "es"}
    tab.switch_page("ui/pages/predict.py").run()

    state = tab.session_state["session"]
    assert (state.label, state.index) == (3, 7)
    assert tab.title[0].value == "Predecir"


def test_a_request_that_names_an_older_address_does_not_undo_what_was_chosen(visit):
    """A timer, or a quick second click, may send one before the browser learned of the first click."""
    tab = visit()
    tab.selectbox(key="choose_label").set_value(3).run()

    tab.query_params = {}
    tab.get_by_key("choose_page").set_value(2).run()
    assert tab.query_params == {"label": "3", "page": "2"}
    assert tab.selectbox(key="choose_label").value == 3


def test_going_back_draws_what_the_address_says(visit, monkeypatch):
    tab = visit()
    tab.selectbox(key="choose_label").set_value(3).run()
    tab.get_by_key("choose_page").set_value(2).run()
    assert tab.query_params == {"label": "3", "page": "2"}

    monkeypatch.setattr(request, "is_history_navigation", lambda: True)
    tab.query_params = {"label": "3"}
    tab.run()
    assert tab.get_by_key("choose_page").value == 1
    assert tab.selectbox(key="choose_label").value == 3

    tab.query_params = {}
    tab.run()
    assert tab.selectbox(key="choose_label").value is None
    assert tab.caption[-1].value == "Images 1–25 of 60,000."


def test_a_language_in_the_address_is_spoken_at_once(visit, monkeypatch):
    tab = visit()
    monkeypatch.setattr(request, "is_history_navigation", lambda: True)
    tab.query_params = {"language": "es"}
    tab.run()

    assert tab.title[0].value == "El conjunto de datos"
    assert {page["page_name"] for page in tab._registered_pages.values()} == {
        "Inicio", "Datos", "Entrenar", "Predecir", "Evaluar", "Comparar",
    }  # fmt: skip
