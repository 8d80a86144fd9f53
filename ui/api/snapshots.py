"""The snapshots of a run: its network about once a second while it trains, and at the end of each kept epoch."""

from dataclasses import asdict
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from fmnist.recipe import Recipe
from fmnist.runs.snapshots import MAX_SNAPSHOTS, epochs_with_snapshot, snapshot_of_checkpoint
from fmnist.types import Snapshot
from ui.api.checkpoints import digests
from ui.api.progress import epochs_after
from ui.api.responses import momentary
from ui.api.samples import loaded_dataset
from ui.server import resources


def snapshots(request: Request) -> Response:
    """Return the snapshots of a run by its id, those `after` so many epochs: a list of objects in order.

    Raises InvalidInput, UnknownRun, DamagedRun, StoreUnavailable; DataUnavailable at the end of an epoch, whose
    validation labels are needed.
    """
    return _snapshots(request.path_params["run"], epochs_after(request))


@momentary
def _snapshots(run_id: str, after: float) -> list[dict[str, object]]:
    store = resources.store()
    run = store.run(run_id)
    names = dict(digests(run))
    found = [*store.snapshots(run.id, after)]
    for epoch in epochs_with_snapshot(run):
        if epoch > after:
            seconds = sum(each.seconds for each in run.epochs[:epoch])
            found.append(_at_the_end(run.id, names[epoch], run.recipe, epoch, seconds))
    found.sort(key=lambda snapshot: snapshot.epochs)
    return [asdict(snapshot) for snapshot in found]


@lru_cache(2 * MAX_SNAPSHOTS)
def _at_the_end(run_id: str, _digest: str, recipe: Recipe, epoch: int, seconds: float) -> Snapshot:
    """Return the snapshot of a checkpoint, which the digest names: it never changes."""
    store, dataset = resources.store(), loaded_dataset()
    test_logits, held_out_logits = store.logits(run_id, epoch), store.held_out_logits(run_id, epoch)
    logits = test_logits if held_out_logits is None else held_out_logits
    labels = dataset.train_validation_split(recipe)[1].labels
    return snapshot_of_checkpoint(epoch, seconds, store.weights(run_id, epoch), test_logits, logits, labels)
