"""The address of a tab: the fields of its session as parameters of the URL."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fmnist.data.dataset import SPLIT_SIZES, no_such_image
from fmnist.errors import FmnistError, InvalidInput
from ui.state import request
from ui.state.fields import DOMAINS
from ui.state.session import Session, session

_EVERY_PAGE = ("start", "data", "train", "predict", "evaluate", "compare")

# A parameter has its field's name; these pages show the field and write it into their URL.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "language": _EVERY_PAGE,
    # The images of the data set: split, class, seed of the order, 25 images a page.
    "split": ("data",),
    "label": ("data",),
    "seed": ("data",),
    "page": ("data",),
    # The network: a run, an epoch; other runs in the same chart, and the chart's axis.
    "run": ("train", "predict", "evaluate", "compare"),
    "epoch": ("predict", "evaluate", "compare"),
    "train_view": ("train",),
    "compare": ("train",),
    "x_axis": ("train", "compare"),
    # The input: a sample, or the greys of a picture; the view of its prediction.
    "source": ("predict",),
    "index": ("predict", "compare"),
    "picture": ("predict",),
    "predict_view": ("predict",),
    "layer": ("predict",),
    "explained_class": ("predict",),
    # The evaluation: a cell of the confusion matrix or a pair of classes, 25 of their images, a confidence.
    "evaluate_view": ("evaluate",),
    "cell_values": ("evaluate",),
    "true": ("evaluate",),
    "predicted": ("evaluate",),
    "gallery_page": ("evaluate", "compare"),
    "threshold": ("evaluate",),
    "projection": ("evaluate",),
    # The second network, and the images that both predict differently.
    "other": ("compare",),
    "other_epoch": ("compare",),
    "disagreement_filter": ("compare",),
}

# Names and values in older addresses.
OLD_PARAMETERS = {
    "lang": "language",
    "class": "label",
    "over": "x_axis",
    "of": "source",
    "sample_split": "source",
    "greys": "picture",
    "look": "predict_view",
    "explain": "explained_class",
    "view": "evaluate_view",
    "cells": "cell_values",
    "sheet": "gallery_page",
    "above": "threshold",
    "which": "disagreement_filter",
}
OLD_VALUES = {
    "predict_view": {"answer": "layers", "prediction": "layers", "why": "explanation"},
    "evaluate_view": {"mistakes": "misclassified", "confidence": "calibration"},
    "cell_values": {"shares": "normalized"},
}


def read(state: Session, parameters: Mapping[str, str], page: str, *, keep: bool) -> None:
    """Set the fields of `state` from the parameters of a page's URL.

    Fields without a parameter keep their value if `keep`, else return to their default. `url_errors` holds an error for
    each parameter that is refused.
    """
    current = _renamed(parameters)
    state.url_errors = [_unknown(name, current[name], page) for name in current if name not in PARAMETERS]
    if "run" in current:
        state.awaited = None
    for name in PARAMETERS:
        if name in current:
            try:
                setattr(state, name, DOMAINS[name].parse(name, current[name]))
            except FmnistError as error:
                state.url_errors.append(error)
        elif not keep and name != "language":
            setattr(state, name, getattr(Session, name))
    if "picture" not in current and current.keys() & {"source", "index"}:
        state.picture = None
    if state.index >= SPLIT_SIZES[state.sample_split]:
        state.url_errors.append(no_such_image(state.sample_split, state.index, SPLIT_SIZES[state.sample_split]))
        state.index = Session.index


def parameters_of(state: Session, page: str) -> dict[str, str]:
    """Return the URL parameters of a page: its fields that differ from their defaults."""
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, pages in PARAMETERS.items()
        if page in pages and (value := getattr(state, name)) != getattr(Session, name)
    }


def parameter_defaults(page: str) -> list[tuple[str, Any]]:
    """Return the parameters of a page in their order, each with its field's default, which the URL leaves out."""
    return [(name, getattr(Session, name)) for name, pages in PARAMETERS.items() if page in pages]


def follow_url(page: str) -> None:
    """Read the URL after a person changed it: by hand, by a link, or with the back button.

    A request names the URL that the browser had when it sent the request. After a click or a timer, that may be older
    than the last choice, and the session is newer.
    """
    drawn = st.session_state.get("drawn")
    st.session_state["drawn"] = page
    language = session().language
    if page != drawn or request.is_history_navigation():
        read(session(), st.query_params.to_dict(), page, keep=page != drawn)
    if session().language != language:
        st.rerun()  # the navigation is drawn already


def leads_to_data() -> bool:
    """Return whether a new tab opens the first page by an older address of Data, which was the first page."""
    parameters = _renamed(st.query_params.to_dict())
    return "drawn" not in st.session_state and any(PARAMETERS.get(name) == ("data",) for name in parameters)


def write_url(page: str | None = None) -> None:
    """Write the fields that a page shows into the URL; without `page`, the page that is drawn."""
    parameters = parameters_of(session(), page or st.session_state["drawn"])
    if parameters != st.query_params.to_dict():
        st.query_params.from_dict(parameters)


def _renamed(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of an address, older ones by their present names and values."""
    names = {OLD_PARAMETERS.get(name, name): value for name, value in parameters.items()}
    return {name: OLD_VALUES.get(name, {}).get(value, value) for name, value in names.items()}


def _unknown(name: str, value: str, page: str) -> FmnistError:
    return InvalidInput(
        "The address contains {name}={value!r}, which is no parameter of this page; its parameters are {allowed}.",
        name=name[:40],
        value=value[:40],
        allowed=", ".join(name for name, pages in PARAMETERS.items() if page in pages),
    )
