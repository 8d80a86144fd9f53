"""The tasks: a function for each kind of job, which is given the job's context."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from fmnist.analysis.pca import principal_components
from fmnist.data.dataset import Dataset
from fmnist.recipe import Recipe
from fmnist.runs.record import JobName, Run
from fmnist.runs.store import Store
from fmnist.system.determinism import PROCESSES, shorten, weight_hashes
from fmnist.types import Arrays
from fmnist.worker.reporter import JobContext

# It returns None when it ended early.
Task = Callable[[JobContext], Arrays | None]


class Tasks:
    """The tasks of a worker, with TensorFlow and the data loaded."""

    def __init__(self, store: Store, dataset: Dataset) -> None:
        # Imported here: the second of two starting workers ends without TensorFlow, which takes seconds and .5 GB.
        from fmnist.training import embeddings, loop

        self._loop, self._embed = loop, embeddings.embeddings
        self._store, self._dataset = store, dataset
        self.by_name: dict[JobName, Task] = {
            "training": self._train,
            "embeddings": self._embeddings,
            "pca": self._pca,
            "tsne": self._tsne,
            "determinism": self._check_determinism,
        }

    def warm_up(self, recipe: Recipe) -> None:
        """Trace the recipe's model ahead of its first run; each optimizer's is traced once."""
        self._loop.warm_up(recipe)

    def _train(self, job: JobContext) -> Arrays | None:
        """Train the run from its last finished epoch, and store every epoch; there is no other result."""
        run = self._store.run(job.claim.run)
        if run.stop_requested:
            job.interrupt = "stop"
            return None
        training, validation = self._dataset.train_validation_split(run.recipe)
        results = self._loop.train(
            run.recipe, training, validation, self._dataset.test,
            epochs=run.target_epochs, resume=self._checkpoint(run),
            learning_rate=run.learning_rate_at(len(run.epochs) + 1),
            on_progress=job.report, should_stop=job.should_stop, on_snapshot=job.report_snapshot,
        )  # fmt: skip
        done = len(run.epochs)
        for result in results:
            logits, held_out, state = result.test_logits, result.held_out_logits, result.checkpoint.state
            epoch = (job.claim, result.metrics, result.weights, logits, state, held_out)
            job.retry_until_stored(partial(self._store.record_epoch, *epoch))
            done = result.metrics.epoch
            if job.should_stop():  # the next epoch also calls it, but a second later
                break
        return {} if done == run.target_epochs else None

    def _checkpoint(self, run: Run) -> Any:
        if not run.epochs:
            return None
        epoch = run.epochs[-1].epoch
        weights, state = self._store.weights(run.id, epoch), self._store.training_state(run.id)
        seconds = sum(each.seconds for each in run.epochs)
        return self._loop.Checkpoint(epoch=epoch, weights=weights, state=state, seconds=seconds)

    def _embeddings(self, job: JobContext, *splits: str) -> Arrays | None:
        last = self._store.run(job.claim.run).epochs[-1]
        weights = self._store.weights(job.claim.run, last.epoch)
        images = {split: self._dataset.split(split).images for split in splits or ("train", "test")}
        return self._embed(weights, images, job.report, job.should_stop)

    def _embeddings_of_run(self, job: JobContext) -> Arrays | None:
        """Return the stored embeddings; compute them where their job failed or runs in another worker."""
        return self._store.jobs.result(job.claim.run, "embeddings") or self._embeddings(job, "test")

    def _pca(self, job: JobContext) -> Arrays | None:
        embeddings = self._embeddings_of_run(job)
        return None if embeddings is None else asdict(principal_components(embeddings["test"]))

    def _tsne(self, job: JobContext) -> Arrays | None:
        from fmnist.worker.tsne import tsne_map  # its import takes more than a second

        embeddings = self._embeddings_of_run(job)
        if embeddings is None:
            return None
        points = tsne_map(embeddings["test"], job.report, job.should_stop)
        return None if points is None else {"points": points}

    def _check_determinism(self, job: JobContext) -> Arrays | None:
        recipe = shorten(self._store.run(job.claim.run).recipe)
        hashes = weight_hashes(recipe, PROCESSES, job.report, job.should_stop)
        if len(hashes) < PROCESSES:
            return None
        return {"sha256": np.array([[*bytes.fromhex(each)] for each in hashes], np.uint8)}
