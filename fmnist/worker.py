"""Takes run ids from the queue, trains the runs, records them: the only room that knows both runs and training."""

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict
from math import inf
from types import FrameType
from typing import Any

from filelock import FileLock, Timeout

from fmnist import machine
from fmnist.data.dataset import open_dataset
from fmnist.errors import Diverged, FmnistError, RunConflict, StoreUnavailable
from fmnist.runs.database import beside
from fmnist.runs.desk import Desk
from fmnist.runs.presence import this_process
from fmnist.runs.pulse import Pulse
from fmnist.runs.record import EpochRecord, Progress, Run, Status
from fmnist.runs.store import Store
from fmnist.settings import Settings

# How long an idle worker sleeps between two looks into the queue: a click is answered in less than it is noticed.
POLL_SECONDS = 0.1
# How often it looks for runs whose worker died.
RECOVERY_SECONDS = 2.0
# A local worker holds about a gigabyte; after a quarter of an hour without work it gives it back.
REST_SECONDS = 15 * 60.0
# Pages answer first: a training takes the time that they leave.
NICENESS = 10

log = logging.getLogger(__name__)


def work(settings: Settings, *, local: bool) -> None:
    """Train the queue's runs until told to go; a `local` worker goes with the last server, and rests when idle."""
    with suppress(Timeout), _only_one(settings) if local else nullcontext():
        desk = Desk(settings)
        presence = this_process("worker")
        pulse = Pulse(desk.store, presence, leave_with_servers=local)
        try:
            _leave_on_signals(pulse)
            if hasattr(os, "nice"):
                os.nice(NICENESS)
            _serve(
                _Trainer(desk.store, presence.id, pulse, settings), desk, rest_seconds=REST_SECONDS if local else inf
            )
        finally:
            pulse.close()
            desk.close()


def _only_one(settings: Settings) -> FileLock:
    """One local worker a store on this machine: of two that start at once, the second raises Timeout and ends."""
    return FileLock(beside(settings.database_url, "-worker.lock"), timeout=0)


def _leave_on_signals(pulse: Pulse) -> None:
    def leave(_signal: int, _frame: FrameType | None) -> None:
        pulse.leaving.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)


def _serve(trainer: "_Trainer", desk: Desk, rest_seconds: float) -> None:
    leaving, last_work, last_recovery = trainer.pulse.leaving, time.monotonic(), -inf
    while not leaving.is_set() and time.monotonic() - last_work < rest_seconds:
        run_id = None
        try:
            if time.monotonic() - last_recovery > RECOVERY_SECONDS:
                desk.recover(trainer.worker)
                last_recovery = time.monotonic()
            run_id = desk.queue.take()
            if run_id is not None:
                trainer.take(run_id)
                last_work = time.monotonic()
        except StoreUnavailable as error:  # a full disk may have room again: the queue and the store are asked again
            log.warning("%s", error)
            last_recovery = -inf  # a run that was claimed is put back first
            leaving.wait(RECOVERY_SECONDS)
        if run_id is None:
            leaving.wait(POLL_SECONDS)


class _Trainer:
    """Trains one claimed run after the other with TensorFlow and the data ready."""

    def __init__(self, store: Store, worker: str, pulse: Pulse, settings: Settings) -> None:
        # Imported here: TensorFlow takes seconds and half a gigabyte, which the losing one of two workers never needs.
        from fmnist.training import export, loop

        self._export, self._loop = export, loop
        self.pulse, self.worker, self._store = pulse, worker, store
        self._dataset = open_dataset(settings, self._leave_if_told)

    def take(self, run_id: str) -> None:
        """Claim a run and bring it as far as it goes; another worker's or a deleted one is left alone."""
        if not self._store.claim(run_id, self.worker, machine.describe()):
            return
        with self.pulse.following(run_id):
            try:
                self._bring_to_its_end(run_id)
            except RunConflict as conflict:
                log.warning("%s", conflict)

    def _bring_to_its_end(self, run_id: str) -> None:
        try:
            self._train(self._store.run(run_id))
            self._end(self._store.run(run_id))
        except (RunConflict, StoreUnavailable):
            raise
        except Diverged as failure:
            self._finish(run_id, "failed", self._files(self._store.run(run_id)), failure)
        except FmnistError as failure:
            self._finish(run_id, "failed", failure=failure)
        except Exception as error:
            log.exception("run %s failed", run_id)
            failure = FmnistError(
                "The training ended with an error: {error}. The worker's log has the details.",
                error=f"{type(error).__name__}: {error}",
            )
            self._finish(run_id, "failed", failure=failure)

    def _train(self, run: Run) -> None:
        if run.stop_requested:
            return
        training, validation = self._dataset.training(run.recipe)
        results = self._loop.train(
            run.recipe, training, validation, self._dataset.test,
            epochs=run.target_epochs, resume=self._checkpoint(run),
            on_progress=self._report, should_stop=self.pulse.should_stop,
        )  # fmt: skip
        for result in results:
            record = EpochRecord(**{name: getattr(result, name) for name in EpochRecord.__dataclass_fields__})
            logits, held_out, optimizer = result.test_logits, result.held_out_logits, result.checkpoint.optimizer
            epoch = (run.id, self.worker, record, result.weights, logits, optimizer, held_out)
            self._insist(lambda epoch=epoch: self._store.record_epoch(*epoch))
            if self.pulse.should_stop():  # the next epoch asks too, but a second later, when it has begun
                return

    def _end(self, run: Run) -> None:
        if len(run.epochs) == run.target_epochs:
            self._finish(run.id, "succeeded", self._files(run))
        elif self.pulse.leaving.is_set():
            self._insist(lambda: self._store.release(run.id, self.worker))
        else:
            self._finish(run.id, "stopped", self._files(run))

    def _checkpoint(self, run: Run) -> Any:
        if not run.epochs:
            return None
        epoch = run.epochs[-1].epoch
        weights, optimizer = self._store.weights(run.id, epoch), self._store.optimizer(run.id)
        return self._loop.Checkpoint(epoch=epoch, weights=weights, optimizer=optimizer)

    def _files(self, run: Run) -> dict[str, bytes]:
        if not run.epochs:
            return {}
        weights = self._store.weights(run.id, run.epochs[-1].epoch)
        return {
            "network.tflite": self._export.to_litert(weights),
            "network.safetensors": self._export.to_safetensors(weights),
            "network.keras": self._export.to_keras(weights),
        }

    def _leave_if_told(self, _progress: object) -> None:
        if self.pulse.leaving.is_set():  # a download can take minutes
            raise SystemExit

    def _report(self, progress: Any) -> None:
        self.pulse.report(Progress(**asdict(progress)))

    def _finish(
        self, run_id: str, status: Status, files: dict[str, bytes] | None = None, failure: FmnistError | None = None
    ) -> None:
        self._insist(lambda: self._store.finish(run_id, self.worker, status, files, failure))

    def _insist(self, record: Callable[[], None]) -> None:
        """Try until the store takes it: a full disk shall not cost an epoch that is already trained."""
        while True:
            try:
                return record()
            except StoreUnavailable as error:
                log.warning("%s", error)
                if self.pulse.leaving.wait(RECOVERY_SECONDS):
                    raise
