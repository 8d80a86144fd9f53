from dataclasses import replace

import pytest
from platformdirs import user_data_path

from fmnist.recipe import Recipe
from fmnist.runs.attendant import Attendant
from tests.conftest import wait_until
from tests.runs.conftest import only_sqlite

# What becomes of the workers it starts is tested in tests/worker/.


@pytest.fixture
def external(settings):
    return replace(settings, external_workers=True)


def test_a_server_is_present_while_it_attends(desk, external):
    with Attendant(external, desk.store, "server"):
        wait_until(desk.store.presences.all)
        assert [(presence.kind, presence.alive) for presence in desk.store.presences.all()] == [("server", True)]
    assert desk.store.presences.all() == []


def test_no_worker_is_started_where_others_do(desk, external):
    desk.submit(Recipe(), "page")
    with Attendant(external, desk.store, "server") as attendant:
        wait_until(desk.store.presences.all)
        attendant.wake()
    assert attendant._worker is None


def test_no_worker_is_started_while_nothing_waits(desk, settings, run_with_epochs, compute):
    compute(run_with_epochs(1).id)
    with Attendant(settings, desk.store, "server") as attendant:
        wait_until(desk.store.presences.all)
        attendant.wake()
    assert attendant._worker is None


@only_sqlite
def test_trouble_is_told_while_it_lasts(desk, external, sqlite_file, caplog):
    good = sqlite_file.read_bytes()
    with Attendant(external, desk.store, "server") as attendant:
        wait_until(desk.store.presences.all)
        sqlite_file.write_bytes(b"nonsense " * 1_000)
        wait_until(lambda: "file is not a database" in str(attendant.trouble))

        sqlite_file.write_bytes(good)
        wait_until(lambda: attendant.trouble is None)
    assert caplog.text.count("file is not a database") == 1


@only_sqlite
def test_it_leaves_though_the_store_cannot_be_written(desk, external, sqlite_file):
    with Attendant(external, desk.store, "server"):
        wait_until(desk.store.presences.all)
        sqlite_file.write_bytes(b"nonsense " * 1_000)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_trains_what_waits_in_postgresql(desk, settings, tmp_path, monkeypatch):
    # Nothing of the project is on this machine yet: its data folder is still to be made.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new"))
    if not user_data_path().is_relative_to(tmp_path):
        pytest.skip("this platform's data folder cannot be moved")
    run = desk.submit(Recipe(epochs=2, training_images=500), "page")
    with Attendant(settings, desk.store, "command") as attendant:
        attendant.wake()
        wait_until(lambda: not desk.store.run(run.id).active)
    ended = desk.store.run(run.id)

    assert (ended.status, len(ended.epochs)) == ("succeeded", 2)
    assert desk.store.artifact(run.id, "network.tflite")
    assert desk.store.logits(run.id, 2).shape == (10_000, 10)
    # Nobody wants it any more.
    assert attendant._worker.wait() == 0
    assert desk.store.presences.all() == []
