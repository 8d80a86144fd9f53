from contextlib import closing
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist import pretrained
from fmnist.cli import reproduce
from fmnist.errors import FmnistError
from fmnist.recipe import BEST
from fmnist.runs import ood
from fmnist.runs.record import Claim
from tests.conftest import claim

SHORT = replace(BEST, epochs=3, training_images=300)


@pytest.fixture
def short(monkeypatch, store):
    """Best with few epochs. No worker is started: the test records what one would."""
    monkeypatch.setattr(reproduce, "BEST", SHORT)
    # As few as give a covariance at all: to run 15,000 images through a network takes seconds.
    monkeypatch.setattr(ood, "FITTED_IMAGES", 300)
    monkeypatch.setattr(ood, "HELD_OUT_IMAGES", 100)
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    # It is taken for one that is there.
    with closing(store.leases.lease("worker", "worker")) as lease:
        lease.keep()
        yield


@pytest.fixture
def trained_at_once(monkeypatch, train_epochs, compute):
    def follow(store, run_id, report, interrupted):
        claim(store, run_id, "worker", {"python": "3"})
        train_epochs(run_id, "worker", *range(1, SHORT.epochs + 1))
        store.jobs.finish(Claim(run_id, "training", "worker"), "succeeded")
        store.jobs.request(run_id, "tsne")
        compute(run_id)
        return store.run(run_id)

    monkeypatch.setattr("fmnist.cli.follow.follow", follow)


def test_best_is_trained_and_written(short, trained_at_once, command, store, tmp_path):
    result = command("reproduce", "--into", tmp_path / "network")

    assert result.exit_code == 0
    (run,) = store.runs()
    assert (run.recipe, run.status, run.origin) == (SHORT, "succeeded", "terminal")
    assert f"{tmp_path / 'network'}: " in result.stdout
    written = {file.name for file in (tmp_path / "network").iterdir()}
    assert written == {"run.json", "epochs.npz", "computed.npz", "network.safetensors", "ood.npz"}


def test_its_teachers_can_be_trained_before(short, trained_at_once, command, monkeypatch, tmp_path):
    def ask(images, labels, say):
        say(f"{len(images)} images, {len(labels)} labels")
        return np.zeros((len(images), 10), np.float32)

    monkeypatch.setattr("fmnist.training.distillation.teacher.predict_out_of_fold", ask)
    monkeypatch.setattr(pretrained, "TEACHERS", tmp_path / "teachers.npz")
    result = command("reproduce", "--teachers", "--into", tmp_path / "network")

    assert result.exit_code == 0
    assert "60000 images, 300 labels" in result.stdout
    assert np.load(tmp_path / "teachers.npz")["probabilities"].shape == (60_000, 10)


@pytest.mark.parametrize(("finished", "number"), [(1, 1), (0, 2)])
@pytest.mark.parametrize("status", ["stopped", "failed"])
def test_a_run_that_ended_early_goes_on_if_it_has_an_epoch(short, store, run_with_epochs, status, finished, number):
    run_with_epochs(finished, status=status, **asdict(SHORT))
    run = reproduce._resumed_or_new(store)

    assert (run.number, run.status, run.target_epochs) == (number, "queued", 3)
    assert reproduce._resumed_or_new(store).id == run.id, "what trains already is followed"


def test_a_run_without_a_map_is_taken_up_again(short, store, run_with_epochs, compute):
    run = run_with_epochs(3, **asdict(SHORT))
    compute(run.id)
    assert reproduce._resumed_or_new(store).id == run.id

    store.jobs.request(run.id, "tsne")
    compute(run.id)
    assert reproduce._resumed_or_new(store).number == 2, "it has all there is to have"


def test_a_map_that_cannot_be_made_is_explained(short, store, monkeypatch, command, run_with_epochs, tmp_path):
    run = run_with_epochs(3, **asdict(SHORT))

    def fail_instead(_seconds):
        failed = Claim(run.id, claim(store, run.id), "worker")
        store.jobs.finish(failed, "failed", failure=FmnistError("No memory."))

    monkeypatch.setattr(reproduce, "time", SimpleNamespace(sleep=fail_instead))
    result = command("reproduce", "--into", tmp_path / "network")

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "Error: No memory.")


def test_a_map_that_no_worker_can_begin_is_awaited(
    short, store, monkeypatch, command, run_with_epochs, compute, tmp_path
):
    run = run_with_epochs(3, **asdict(SHORT))
    failures = []

    def tell_then_compute(_seconds):
        if failures:
            compute(run.id)
        else:
            failures.append(store.start_failures.record(FmnistError("No data yet.")))

    monkeypatch.setattr(reproduce, "time", SimpleNamespace(sleep=tell_then_compute))
    result = command("reproduce", "--into", tmp_path / "network")

    assert (result.exit_code, "No data yet." in result.stderr) == (0, True)


def test_a_run_that_was_trained_on_while_its_maps_were_made_is_not_written(
    short, store, monkeypatch, command, run_with_epochs, train_epochs, tmp_path
):
    run = run_with_epochs(3, **asdict(SHORT))

    def train_on(_seconds):
        store.extend(run.id, 5)
        claim(store, run.id, "worker", {"python": "3"})
        train_epochs(run.id, "worker", 4)

    monkeypatch.setattr(reproduce, "time", SimpleNamespace(sleep=train_on))
    result = command("reproduce", "--into", tmp_path / "network")

    assert result.stderr.splitlines()[-1] == "Error: The run is still training; try again when it has ended."
    assert result.exit_code == 2
    assert not (tmp_path / "network").exists()


def test_a_run_that_was_stopped_is_not_written(short, monkeypatch, command, store, tmp_path):
    monkeypatch.setattr(
        "fmnist.cli.follow.follow", lambda store, run_id, report, interrupted: store.request_stop(run_id)
    )
    result = command("reproduce", "--into", tmp_path / "network")

    assert result.exit_code == 130
    assert not (tmp_path / "network").exists()
