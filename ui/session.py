"""What one browser tab looks at, and the URL that says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES, SplitName
from fmnist.errors import FmnistError, InvalidInput, InvalidSample
from fmnist.recipe import LIMITS, TRAINING_IMAGES

Language = Literal["en", "es"]

SPLIT_SIZES: dict[str, int] = {"train": TRAINING_IMAGES, "test": 10_000}
IMAGES_A_GRID = 25


@dataclass
class Session:
    """The state of one tab. A field at its default is left out of the URL."""

    # None: as the browser asks.
    language: Language | None = None
    # The Data page: which images, in which order, which 25 of them.
    split: SplitName = "train"
    label: int | None = None
    seed: int | None = None
    page: int = 1
    # The run that Train shows and Predict asks; None: the newest. Others in the same chart.
    run: str | None = None
    compare: tuple[str, ...] = ()
    # The finished epoch that answers; None: the newest.
    epoch: int | None = None
    # The sample on Predict; 169 is the notebook's.
    sample_split: SplitName = "test"
    index: int = 169
    # What the URL asked for and cannot be had.
    complaints: list[FmnistError] = field(default_factory=list)

    def bind(self, name: str, by: str = "choose") -> dict[str, Any]:
        """Arguments that tie a widget to a field: the field is shown, a change of the widget changes the field."""
        key = f"{by}_{name}"
        st.session_state[key] = getattr(self, name)
        return {"key": key, "on_change": self._take, "args": (name, key)}

    def _take(self, name: str, key: str) -> None:
        self.choose(**{name: st.session_state[key]})

    def choose(self, **values: Any) -> None:
        """Look at something else; other images begin at their first page, another run at its newest epoch."""
        self.complaints = []
        if values.keys() & {"split", "label", "seed"}:
            self.page = 1
        if values.get("run", self.run) != self.run:
            self.epoch = None
        for name, value in values.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    def read(self, parameters: Mapping[str, str], *, keep: bool) -> None:
        """Take over what a URL says; `keep` what it leaves out, else go back to the defaults."""
        self.complaints = []
        for parameter, (name, parse, _) in PARAMETERS.items():
            if parameter in parameters:
                try:
                    setattr(self, name, parse(parameters[parameter]))
                except FmnistError as complaint:
                    self.complaints.append(complaint)
            elif not keep and name != "language":
                setattr(self, name, getattr(Session, name))
        if self.index >= SPLIT_SIZES[self.sample_split]:
            self.complaints.append(_no_such_image(str(self.index), self.sample_split))
            self.index = Session.index

    def parameters(self, page: str) -> dict[str, str]:
        """The URL parameters of what a page shows."""
        return {
            parameter: ",".join(value) if isinstance(value, tuple) else str(value)
            for parameter, (name, _, pages) in PARAMETERS.items()
            if page in pages and (value := getattr(self, name)) != getattr(Session, name)
        }


def session() -> Session:
    """The session of the tab that is being drawn."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]


def follow_url(page: str) -> None:
    """Read the URL where the person changed it: by hand, by a link, or with the back button."""
    given = st.query_params.to_dict()
    drawn_page, written = st.session_state.get("drawn", (None, {}))
    st.session_state["drawn"] = (page, given)
    language = session().language
    if page != drawn_page:
        session().read(given, keep=True)
    elif given != written:
        session().read(given, keep=False)
    if session().language != language:
        st.rerun()  # the navigation is drawn already


def write_url(page: str | None = None) -> None:
    """Let the URL name what is drawn now."""
    page = page or st.session_state["drawn"][0]
    parameters = session().parameters(page)
    if parameters != st.query_params.to_dict():
        st.query_params.from_dict(parameters)
    st.session_state["drawn"] = (page, parameters)


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


# Parameter of the URL: the field, how it is read, and the pages that show it.
PARAMETERS: dict[str, tuple[str, Callable[[str], Any], tuple[str, ...]]] = {
    "lang": ("language", _one_of(get_args(Language), "lang"), ("data", "train", "predict")),
    "split": ("split", _one_of(get_args(SplitName), "split"), ("data",)),
    "class": ("label", _number("class", 0, len(CLASS_NAMES) - 1), ("data",)),
    "seed": ("seed", _number("seed", 0, int(LIMITS["seed"][1])), ("data",)),
    "page": ("page", _number("page", 1, TRAINING_IMAGES // IMAGES_A_GRID), ("data",)),
    "run": ("run", str, ("train", "predict")),
    "compare": ("compare", lambda text: tuple(text.split(",")), ("train",)),
    "epoch": ("epoch", _number("epoch", 1, int(LIMITS["epochs"][1])), ("predict",)),
    "of": ("sample_split", _one_of(get_args(SplitName), "of"), ("predict",)),
    "index": ("index", _index, ("predict",)),
}
