from dataclasses import asdict, replace

import pytest

from fmnist.commands import reproduce
from fmnist.recipe import BEST

SHORT = replace(BEST, epochs=3, training_images=300)
FILES = {"network.tflite": b"litert", "network.safetensors": b"", "network.keras": b"keras"}


@pytest.fixture
def short(monkeypatch, desk):
    """Best with few epochs. No worker is started: the test records what one would."""
    monkeypatch.setattr(reproduce, "BEST", SHORT)
    monkeypatch.setenv("FMNIST_WORKERS", "external")


@pytest.fixture
def trained_at_once(monkeypatch, train_epochs):
    def follow(desk, run_id, report, interrupted):
        desk.store.claim(run_id, "worker", {"python": "3"})
        train_epochs(run_id, "worker", *range(1, SHORT.epochs + 1))
        desk.store.finish(run_id, "worker", "succeeded", FILES)
        return desk.store.run(run_id)

    monkeypatch.setattr(reproduce, "follow", follow)


def test_best_is_trained_and_written(short, trained_at_once, command, store, tmp_path):
    result = command("reproduce", "--into", tmp_path / "network")

    assert result.exit_code == 0
    (run,) = store.runs()
    assert (run.recipe, run.status, run.origin) == (SHORT, "succeeded", "terminal")
    assert f"{tmp_path / 'network'}: " in result.stdout
    written = {file.name for file in (tmp_path / "network").iterdir()}
    assert written == {"run.json", "epochs.npz", "network.tflite", "network.safetensors"}


@pytest.mark.parametrize(("finished", "number"), [(1, 1), (0, 2)])
def test_a_run_that_was_stopped_goes_on_if_it_has_an_epoch(short, desk, run_with_epochs, finished, number):
    run_with_epochs(finished, status="stopped", **asdict(SHORT))
    run = reproduce._begun(desk)

    assert (run.number, run.status, run.target_epochs) == (number, "queued", 3)
    assert reproduce._begun(desk).id == run.id, "what trains already is followed"


def test_a_run_that_was_stopped_is_not_written(short, monkeypatch, command, desk, tmp_path):
    monkeypatch.setattr(reproduce, "follow", lambda desk, run_id, report, interrupted: desk.stop(run_id))
    result = command("reproduce", "--into", tmp_path / "network")

    assert result.exit_code == 130
    assert not (tmp_path / "network").exists()
