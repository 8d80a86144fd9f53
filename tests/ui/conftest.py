"""The pages as Streamlit itself runs them, without a browser, before a store of each test's own."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import UnknownElement

from fmnist.errors import Diverged
from fmnist.runs.record import Claim, Run
from fmnist.runs.store import Store
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.settings import Settings
from fmnist.types import Progress
from ui.server import connection, resources
from ui.server.connection import store_connection
from ui.server.dataset import dataset_loader
from ui.server.deletions import deletions
from ui.state import widget_value
from ui.state.fields import Language
from ui.state.session import session

PROJECT = Path(__file__).parents[2]

Visit = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """AppTest reads the metadata of every installed package for every tab, which is three quarters of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def no_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    # As in the server. Where Streamlit finds Keras, it clears Keras's session after every run: 0.2 seconds each.
    monkeypatch.delitem(sys.modules, "keras", raising=False)


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    # Streamlit puts the page there and leaves it; processes that later tests start would run it first, and die of it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def speak() -> Iterator[Callable[[Language], None]]:
    """Choose the language of what is called outside of a page."""

    def choose(language: Language) -> None:
        session().language = language

    yield choose
    st.session_state.clear()


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that opens this test's store when a page needs it. It has the data set, and starts no worker."""
    monkeypatch.setattr(WorkerSupervisor, "_step", lambda supervisor: supervisor.lease.keep())
    # A store on a busy machine opens later; that a page says so is tested with a server of its own.
    monkeypatch.setattr(connection, "OPEN_TIMEOUT", 30)
    assert dataset_loader().wait(300)
    yield
    deletions().close()
    if opened := store_connection.forget():
        opened.close()
    for shared in (
        "logits", "held_out_logits", "temperature", "file_size", "classifier",
        "weights", "_result",
    ):  # fmt: skip
        getattr(resources, shared).clear()


@pytest.fixture
def visit(server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Come to a page in a new tab: `visit("predict", "es", index="3")`. No tab may end in a traceback."""
    tabs: list[AppTest] = []
    # No drawing is ever under way here, and a test chooses faster than a person.
    monkeypatch.setattr(widget_value, "ECHO_SECONDS", 0)

    def come(to: str = "data", browser: str = "en-US", **parameters: str) -> AppTest:
        tab = AppTest.from_file(str(PROJECT / "main.py"), default_timeout=300)
        tab.context = {"locale": browser}
        tab.query_params = dict(parameters)
        tabs.append(tab)
        return tab.switch_page(f"ui/pages/{to}.py").run()

    yield come
    for tab in tabs:
        assert [error.message for error in tab.exception] == []


@pytest.fixture
def every_kind_of_run(store: Store, run_with_epochs: Callable[..., Run]) -> dict[str, Run]:
    """One run of every status; the one that runs is in its third epoch."""
    runs = {
        "succeeded": run_with_epochs(3),
        "stopped": run_with_epochs(1, status="stopped", epochs=4),
        "stopped early": run_with_epochs(0, status="stopped"),
        "failed": run_with_epochs(0, status="running"),
        "running": run_with_epochs(2, status="running", epochs=4),
        "next": run_with_epochs(2, status="stopped"),
        "last": run_with_epochs(1, status="stopped"),
    }
    lost = Diverged("The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
                    loss=float("nan"), epoch=1)  # fmt: skip
    store.jobs.finish(Claim(runs["failed"].id, "training", "worker"), "failed", failure=lost)
    store.jobs.record_progress(
        Claim(runs["running"].id, "training", "worker"), Progress(3, 100, 430, 0.31, 0.89, 5_000.0, 8.4)
    )
    for waits in ("next", "last"):
        store.extend(runs[waits].id, 2)
    return {name: store.run(run.id) for name, run in runs.items()}


def click(tab: AppTest, label: str) -> AppTest:
    """Press the one button of that name."""
    (button,) = [button for button in tab.button if button.label == label]
    return button.click().run()


def send(tab: AppTest, widget: str, **value: object) -> AppTest:
    """Send what a client can send and AppTest would not: `send(tab, widget_id, int_value=10**6)`."""
    states = tab._tree.get_widget_states()
    for state in [state for state in states.widgets if state.id == widget]:
        states.widgets.remove(state)
    states.widgets.add(id=widget, **value)
    return tab._run(states)


def sentences(tab: AppTest) -> list[str]:
    """Return the messages in colored boxes, from the least to the most serious, without the marks of code."""
    return [box.value.replace("`", "") for boxes in (tab.success, tab.info, tab.warning, tab.error) for box in boxes]


def components(tab: AppTest) -> list[UnknownElement]:
    """The components of our own that are seen on a page: not those that draw nothing."""
    unseen = ("fmnist_document", "fmnist_connection", "fmnist_focus", "fmnist_own_runs")
    return [part for part in _of_kind(tab, "bidi_component") if not part.proto.component_name.endswith(unseen)]


def charts(tab: AppTest) -> list[UnknownElement]:
    """The charts of a page."""
    return _of_kind(tab, "vega_lite_chart")


def _of_kind(tab: AppTest, kind: str) -> list[UnknownElement]:
    return [part for part in tab.get(kind) if isinstance(part, UnknownElement)]


def bars(tab: AppTest) -> list[ElementTree.Element]:
    """The tables with bars of a page."""
    written = [element.proto.body.partition("<table")[1:] for element in tab.get("html")]
    return [ElementTree.fromstring("".join(table)) for table in written if any(table)]


def numbers(table: ElementTree.Element) -> np.ndarray:
    """Return the scores of the ten classes in a table with bars, (10, 2), to four decimals."""
    cells = [["".join(cell.itertext()) for cell in row.findall("td")] for row in table.findall("tbody/tr")]
    return np.array([[float(text.rstrip("%")) for text in row] for row in cells]) / 100


def rows(chart: UnknownElement) -> pd.DataFrame:
    """The table that a chart draws."""
    return convert_arrow_bytes_to_pandas_df(chart.proto.data.data)
