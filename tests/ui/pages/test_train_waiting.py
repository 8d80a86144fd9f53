"""The messages of Train while no training can start."""

import gzip

import pytest

from fmnist.data import sources
from fmnist.errors import DataUnavailable
from fmnist.settings import Settings
from tests.ui.conftest import click, send, sentences
from tests.ui.pages.train_page import block, labels, the_run
from ui.server.dataset import dataset_loader

NO_DATA = "There is no data in {place}."


@pytest.fixture
def blocked_run(project_run, visit, store):
    """A run that waits, and the store has been told why."""
    click(visit("train"), "Train")
    failure = DataUnavailable(NO_DATA, place="Lima", details="/secret")
    store.start_failures.record(failure)
    return failure


@pytest.fixture
def dataset_not_loaded(server):
    dataset_loader.forget()
    yield
    dataset_loader.forget()


def train_button(tab):
    return next(button for button in tab.button if button.key.startswith("train_"))


def test_the_error_that_blocks_a_run_is_shown_and_no_other_run_is_claimed(blocked_run, visit, store):
    tab = visit("train", run=the_run(store).id)
    assert block(tab)["active"]
    assert sentences(tab) == ["There is no data in Lima."]
    assert labels(tab) == [train_button(tab).label, "Try again"]
    assert train_button(tab).disabled

    send(tab, train_button(tab).proto.id, trigger_value=True)  # as only a forged message can
    assert len(store.runs()) == 2

    click(tab, "Try again")
    assert the_run(store).failure is None
    assert sentences(tab) == []
    assert not train_button(tab).disabled


def test_what_keeps_a_computation_from_its_start_is_said(visit, store, run_with_epochs):
    run = run_with_epochs(1)
    store.jobs.request(run.id, "embeddings")
    store.jobs.request(run.id, "pca")
    store.start_failures.record(DataUnavailable(NO_DATA, place="Lima"))
    tab = visit("evaluate", evaluate_view="map", run=run.id)
    assert sentences(tab) == ["There is no data in Lima."]
    click(tab, "Try again")
    assert sentences(tab) == []
    assert store.jobs.state(run.id, "pca").failure is None


def test_without_data_no_run_is_taken(project_run, visit, dataset_not_loaded, store, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path / "system")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert dataset_loader().wait(300)
    tab = visit("train")
    (message,) = [sentence for sentence in sentences(tab) if "cache folder" in sentence]
    assert str(tmp_path) not in message
    assert train_button(tab).disabled
    assert [run.origin for run in store.runs()] == ["project"]


def test_a_refused_folder_is_told_though_another_copy_serves(visit, dataset_not_loaded, tmp_path, monkeypatch):
    (tmp_path / sources.TEST_LABELS.archive).write_bytes(gzip.compress(b"my thesis"))
    for file in sources.FILES[:3]:
        (tmp_path / file.archive).symlink_to(sources.load_file(file, Settings.from_environment()).path)
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    assert dataset_loader().wait(300)
    (message,) = sentences(visit("data"))
    assert message.startswith(f"FMNIST_DATA_DIR is set, but the file {sources.TEST_LABELS.archive} is missing there")
    assert str(tmp_path) not in message
    (message,) = sentences(visit("data", "es"))
    assert message.startswith("FMNIST_DATA_DIR está definida")
