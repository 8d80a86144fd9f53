import pytest

from fmnist.errors import Diverged
from fmnist.runs.record import Claim
from tests.cli.conftest import certain_logits, record_epoch


@pytest.mark.parametrize("status", ["failed", "stopped"])
def test_a_run_goes_on_to_its_last_epoch(command, trained, store, dataset, as_worker, status):
    run = trained(epochs=2, status=status)

    def train(queued) -> None:
        record_epoch(store, queued.id, 3, certain_logits(dataset))
        store.jobs.finish(Claim(queued.id, "training", "w"), "succeeded")

    as_worker(train)
    result = command("resume", run.number)
    assert result.exit_code == 0
    first, last = result.stdout.splitlines()
    assert first.startswith("Epoch 3/3 ")
    assert last.endswith(f"30 s of training: run 1 ({run.id})")
    assert store.run(run.id).epochs[:2] == run.epochs


def test_a_run_that_has_all_its_epochs_needs_a_number_of_more(command, trained, store, as_worker):
    run = trained(epochs=3)
    result = command("resume", run.id)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: Run 1 has all of its 3 epochs; add some with --more.\n"

    as_worker(lambda run: store.jobs.finish(Claim(run.id, "training", "w"), "stopped"))
    result = command("resume", run.id, "--more", 2)
    assert result.exit_code == 0
    assert "The run stopped; the network of epoch 3 of 5 is kept. `python -m fmnist resume 1` goes on" in result.stdout


def test_a_second_failure_says_how_it_goes_on(command, trained, store, as_worker):
    trained(epochs=2, status="failed")
    failure = Diverged("The loss became {loss} in epoch {epoch}.", loss=float("nan"), epoch=3)
    as_worker(lambda run: store.jobs.finish(Claim(run.id, "training", "w"), "failed", failure=failure))
    result = command("resume", 1)
    assert result.exit_code == 1
    assert "The run failed; the network of epoch 2 of 3 is kept." in result.stdout
    assert result.stderr.endswith("Error: The loss became nan in epoch 3.\n")


def test_more_epochs_take_another_learning_rate(command, trained, store, as_worker):
    run = trained(epochs=3)
    as_worker(lambda run: store.jobs.finish(Claim(run.id, "training", "w"), "stopped"))
    assert command("resume", run.id, "--more", 2, "--learning-rate", 0.0005).exit_code == 0
    assert store.run(run.id).learning_rates == {4: 0.0005}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("7",), "There is no run 7;"),
        (("0", "--more", "1"), "The run is included in the project and stays as it is"),
        (("1", "--more", "1", "--learning-rate", "7"), "learning_rate is 7.0; choose a number from"),
        (("1", "--more", "0"), "0 is not in the range 1<=x<=200"),
        (("1", "--more", "200"), "200 more epochs are not possible; the run has 3 and may have at most 200 in all."),
        (("2", "--more", "1"), "The run has no finished epoch to continue from; start a new run."),
        (("3", "--more", "1"), "Only a run that has ended can train more epochs."),
    ],
)
def test_what_cannot_go_on_is_one_sentence(project_run, command, trained, store, monkeypatch, arguments, sentence):
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    trained(epochs=3)
    trained(epochs=0, status="failed")
    store.extend(trained(epochs=1, status="stopped").id, 5)
    before = store.runs()
    result = command("resume", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert store.runs() == before
