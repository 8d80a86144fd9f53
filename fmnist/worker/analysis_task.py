"""Analysis jobs of a trained run: embeddings, PCA, t-SNE and determinism."""

import logging
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from fmnist.analysis.pca import principal_components
from fmnist.data.dataset import Dataset
from fmnist.errors import FmnistError, RunConflict, StoreUnavailable
from fmnist.runs.heartbeat import WorkerHeartbeat
from fmnist.runs.record import ComputationName
from fmnist.runs.store import Store
from fmnist.system.determinism import PROCESSES, shorten, weight_hashes
from fmnist.types import Arrays

log = logging.getLogger(__name__)


class AnalysisTask:
    """Run analysis jobs, each for a run's last finished epoch."""

    def __init__(self, store: Store, heartbeat: WorkerHeartbeat, dataset: Dataset) -> None:
        from fmnist.training.embeddings import embeddings  # TensorFlow again

        self._embed = embeddings
        self._store, self._heartbeat, self._dataset = store, heartbeat, dataset

    def take(self, run_id: str) -> None:
        """Claim the run's first queued job, if any, and finish it."""
        computations, worker = self._store.computations, self._heartbeat.worker
        name = computations.claim(run_id, worker)
        if name is None:
            return
        with self._heartbeat.tracking(lambda progress: computations.record_progress(run_id, name, worker, progress)):
            try:
                self._compute(run_id, name)
            except RunConflict as conflict:  # the run was deleted, or has a newer epoch
                log.warning("%s", conflict)

    def _compute(self, run_id: str, name: ComputationName) -> None:
        computations, worker = self._store.computations, self._heartbeat.worker
        try:
            compute: dict[ComputationName, Callable[[str], Arrays | None]] = {
                "embeddings": self._embeddings,
                "pca": self._pca,
                "tsne": self._tsne,
                "determinism": self._check_determinism,
            }
            result = compute[name](run_id)
        except StoreUnavailable:
            raise
        except FmnistError as error:
            self._fail(run_id, name, error)
        except Exception as error:
            log.exception("the %s of run %s failed", name, run_id)
            failure = FmnistError(
                "The computation ended with an error: {error}. The worker's log has the details.",
                error=type(error).__name__,
            )
            self._fail(run_id, name, failure)
        else:
            if result is None:  # a training has priority, or the worker is stopping
                self._heartbeat.retry_until_stored(lambda: computations.release(run_id, name, worker))
            else:
                self._heartbeat.retry_until_stored(lambda: computations.finish(run_id, name, worker, result))

    def _fail(self, run_id: str, name: ComputationName, failure: FmnistError) -> None:
        computations, worker = self._store.computations, self._heartbeat.worker
        self._heartbeat.retry_until_stored(lambda: computations.fail(run_id, name, worker, failure))

    def _embeddings(self, run_id: str, *splits: str) -> Arrays | None:
        last = self._store.run(run_id).epochs[-1]
        weights = self._store.weights(run_id, last.epoch)
        images = {split: self._dataset.split(split).images for split in splits or ("train", "test")}
        return self._embed(weights, images, self._heartbeat.report, self._heartbeat.should_stop)

    def _embeddings_of_run(self, run_id: str) -> Arrays | None:
        """Return the stored embeddings; compute them where their job failed or runs in another worker."""
        return self._store.computations.result(run_id, "embeddings") or self._embeddings(run_id, "test")

    def _pca(self, run_id: str) -> Arrays | None:
        embeddings = self._embeddings_of_run(run_id)
        return None if embeddings is None else asdict(principal_components(embeddings["test"]))

    def _tsne(self, run_id: str) -> Arrays | None:
        from fmnist.worker.tsne import tsne_map  # its import takes more than a second

        embeddings = self._embeddings_of_run(run_id)
        if embeddings is None:
            return None
        points = tsne_map(embeddings["test"], self._heartbeat.report, self._heartbeat.should_stop)
        return None if points is None else {"points": points}

    def _check_determinism(self, run_id: str) -> Arrays | None:
        recipe = shorten(self._store.run(run_id).recipe)
        hashes = weight_hashes(recipe, PROCESSES, self._heartbeat.report, self._heartbeat.should_stop)
        if len(hashes) < PROCESSES:
            return None
        return {"sha256": np.array([[*bytes.fromhex(each)] for each in hashes], np.uint8)}
