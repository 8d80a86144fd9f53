from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fmnist.errors import Diverged, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.record import Failure, Run, checked_id
from fmnist.types import Progress
from tests.conftest import epoch_like_real


def run(finished: int = 0, progress: Progress | None = None) -> Run:
    return Run(
        id="0" * 32, number=1, recipe=Recipe(epochs=10, batch_size=100), target_epochs=10, status="running",
        origin="page", created_at=datetime.now(UTC), stop_requested=False, queue_position=None, progress=progress,
        failure=None, environment={}, epochs=tuple(map(epoch_like_real, range(1, finished + 1))),
        kept=tuple(range(1, finished + 1)),
    )  # fmt: skip


def test_a_run_begins_from_its_turn_until_its_first_batches():
    begun = run()
    waiting, following = (replace(begun, status="queued", queue_position=ahead) for ahead in (0, 1))

    assert (following.is_starting, waiting.is_starting, begun.is_starting) == (False, True, True)
    assert not run(0, Progress(1, 8, 100, 2.0, 0.3, 1_000.0, 6.0)).is_starting
    assert not replace(begun, status="stopped").is_starting


def test_a_run_knows_its_last_epoch_and_its_seconds():
    assert (run().last_epoch, run().seconds) == (None, 0)
    assert (run(3).last_epoch, run(3).seconds) == (epoch_like_real(3), 4.5)


def test_the_time_left_is_unknown_before_the_first_batches():
    assert run(3).seconds_left is None


def test_the_time_left_is_first_told_from_the_speed():
    # 100 batches of 100 images at 1,000 a second: 10 seconds an epoch, nine epochs after this one.
    assert run(0, Progress(1, 40, 100, 0.5, 0.8, 1_000.0, 6.0)).seconds_left == 6 + 9 * 10


def test_the_time_left_is_then_told_from_the_last_epoch():
    assert run(3, Progress(4, 40, 100, 0.5, 0.8, 1_000.0, 6.0)).seconds_left == 6 + 6 * 1.5


def test_a_failure_reads_like_the_exception_it_was():
    error = Diverged("The loss became {loss} in epoch {epoch}.", loss="nan", epoch=3)

    assert str(Failure(error.template, error.values)) == str(error) == "The loss became nan in epoch 3."


def test_an_id_is_32_hexadecimal_digits():
    assert checked_id("0123456789abcdef" * 2) == "0123456789abcdef" * 2
    with pytest.raises(UnknownRun, match="'<script>' is not a run id"):
        checked_id("<script>")


def test_a_long_nonsense_is_cut_in_the_message():
    with pytest.raises(UnknownRun) as refusal:
        checked_id("x" * 10_000)
    assert len(str(refusal.value)) < 200
