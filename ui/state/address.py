"""The URL that says what a tab looks at."""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES, SplitName
from fmnist.errors import FmnistError, InvalidInput, InvalidSample
from fmnist.inference import preprocessing
from fmnist.recipe import LIMITS, TRAINING_IMAGES
from ui.state import request
from ui.state.session import (
    IMAGES_A_GRID,
    LAYER_NAMES,
    MAX_COMPARED,
    SPLIT_SIZES,
    Cells,
    Language,
    Look,
    Over,
    Projection,
    Session,
    View,
    Which,
    session,
)


def read(state: Session, parameters: Mapping[str, str], page: str, *, keep: bool) -> None:
    """Take over what a page's URL says; `keep` what it leaves out, else go back to the defaults."""
    state.url_errors = [_unknown(name, parameters[name], page) for name in parameters if name not in PARAMETERS]
    for parameter, (name, parse, _) in PARAMETERS.items():
        if parameter in parameters:
            try:
                setattr(state, name, parse(parameters[parameter]))
            except FmnistError as error:
                state.url_errors.append(error)
        elif not keep and name != "language":
            setattr(state, name, getattr(Session, name))
    if state.index >= SPLIT_SIZES[state.sample_split]:
        state.url_errors.append(_no_such_image(str(state.index), state.sample_split))
        state.index = Session.index


def parameters_of(state: Session, page: str) -> dict[str, str]:
    """The URL parameters of what a page shows."""
    return {
        parameter: ",".join(value) if isinstance(value, tuple) else str(value)
        for parameter, (name, _, pages) in PARAMETERS.items()
        if page in pages and (value := getattr(state, name)) != getattr(Session, name)
    }


def follow_url(page: str) -> None:
    """Read the URL where the person changed it: by hand, by a link, or with the back button.

    It is the browser's at the time of its request. Where the person only went on clicking, or a timer asked, that may
    be before it learned of the last choice; the session knows better then.
    """
    drawn = st.session_state.get("drawn")
    st.session_state["drawn"] = page
    language = session().language
    if page != drawn or request.went_back():
        read(session(), st.query_params.to_dict(), page, keep=page != drawn)
    if session().language != language:
        st.rerun()  # the navigation is drawn already


def write_url(page: str | None = None) -> None:
    """Let the URL name what is drawn now."""
    parameters = parameters_of(session(), page or st.session_state["drawn"])
    if parameters != st.query_params.to_dict():
        st.query_params.from_dict(parameters)


def _one_of(allowed: tuple[str, ...], name: str) -> Callable[[str], Any]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise InvalidInput(
                "The address says {name}={value!r}; it can be {allowed}.",
                name=name,
                value=text[:40],
                allowed=", ".join(allowed),
            )
        return text

    return parse


def _number(name: str, least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # Python refuses to read thousands of digits, and no limit here has more than ten.
        number = int(text) if text.isdecimal() and len(text) <= 10 else -1
        if not least <= number <= most:
            raise InvalidInput(
                "The address says {name}={value!r}; choose a number from {least:,} to {most:,}.",
                name=name,
                value=text[:40],
                least=least,
                most=most,
            )
        return number

    return parse


def _epoch(name: str) -> Callable[[str], int]:
    """How a number of an epoch is read; whether the run has that epoch is said where its networks are known."""
    number = _number(name, 1, int(LIMITS["epochs"][1]))

    def parse(text: str) -> int:
        try:
            return number(text)
        except InvalidInput as error:
            raise InvalidInput(
                "The address says {name}={value!r}, which is no epoch; choose one of those that the run has.",
                name=name,
                value=text[:40],
            ) from error

    return parse


def _unknown(name: str, value: str, page: str) -> FmnistError:
    return InvalidInput(
        "The address says {name}={value!r}, which this page does not know; it knows {allowed}.",
        name=name[:40],
        value=value[:40],
        allowed=", ".join(name for name, (_field, _parse, pages) in PARAMETERS.items() if page in pages),
    )


def _no_such_image(value: str, split: str) -> FmnistError:
    return InvalidSample(
        "There is no {split} image {index}; choose an index from 0 to {last:,}.",
        split=split,
        index=value[:12],
        last=SPLIT_SIZES[split] - 1,
    )


def _index(text: str) -> int:
    if not text.isdecimal():
        raise _no_such_image(text, "test")
    return int(text[:12])  # whether the split has it is known when both are read


def _run(text: str) -> str | None:
    return text or None  # whether there is such a run is for the store to say


def _compared(text: str) -> tuple[str, ...]:
    runs = tuple(text.split(","))
    if len(runs) > MAX_COMPARED:
        raise InvalidInput(
            "The address names {count} runs to compare; choose {most} at most.", count=len(runs), most=MAX_COMPARED
        )
    return runs


def _picture(text: str) -> str:
    preprocessing.from_text(text)  # refuses what is none
    return text


def _fraction(name: str) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not re.fullmatch(r"0(\.\d{1,3})?|1(\.0{1,3})?", text):
            raise InvalidInput(
                "The address says {name}={value!r}; choose a number from {least:,} to {most:,}.",
                name=name,
                value=text[:40],
                least=0,
                most=1,
            )
        return float(text)

    return parse


_CLASSES = len(CLASS_NAMES) - 1
_EVERYWHERE = ("data", "train", "predict", "picture", "evaluate", "map", "compare", "record")

# Parameter of the URL: the field, how it is read, and the pages that show it.
PARAMETERS: dict[str, tuple[str, Callable[[str], Any], tuple[str, ...]]] = {
    "lang": ("language", _one_of(get_args(Language), "lang"), _EVERYWHERE),
    "split": ("split", _one_of(get_args(SplitName), "split"), ("data",)),
    "class": ("label", _number("class", 0, _CLASSES), ("data",)),
    "seed": ("seed", _number("seed", 0, int(LIMITS["seed"][1])), ("data",)),
    "page": ("page", _number("page", 1, TRAINING_IMAGES // IMAGES_A_GRID), ("data",)),
    "run": ("run", _run, ("train", "predict", "picture", "evaluate", "map", "compare", "record")),
    "compare": ("compare", _compared, ("train",)),
    "over": ("over", _one_of(get_args(Over), "over"), ("train", "compare")),
    "epoch": ("epoch", _epoch("epoch"), ("predict", "picture", "evaluate", "compare")),
    "of": ("sample_split", _one_of(get_args(SplitName), "of"), ("predict",)),
    "index": ("index", _index, ("predict", "compare")),
    "greys": ("picture", _picture, ("picture",)),
    "look": ("look", _one_of(get_args(Look), "look"), ("predict",)),
    "layer": ("layer", _one_of(LAYER_NAMES, "layer"), ("predict", "picture")),
    "explain": ("explained_class", _number("explain", 0, _CLASSES), ("predict", "picture")),
    "view": ("view", _one_of(get_args(View), "view"), ("evaluate",)),
    "cells": ("cells", _one_of(get_args(Cells), "cells"), ("evaluate",)),
    "true": ("true", _number("true", 0, _CLASSES), ("evaluate",)),
    "predicted": ("predicted", _number("predicted", 0, _CLASSES), ("evaluate",)),
    "sheet": ("gallery_page", _number("sheet", 1, SPLIT_SIZES["test"] // IMAGES_A_GRID), ("evaluate", "compare")),
    "above": ("above", _fraction("above"), ("evaluate",)),
    "projection": ("projection", _one_of(get_args(Projection), "projection"), ("map",)),
    "other": ("other", _run, ("compare",)),
    "other_epoch": ("other_epoch", _epoch("other_epoch"), ("compare",)),
    "which": ("which", _one_of(get_args(Which), "which"), ("compare",)),
}
