"""A disk that is really full: a small file system in memory, seen by the test's own process alone."""

FULL_DISK = """
import sys
from pathlib import Path
from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.reserve import RESERVE_BYTES
from fmnist.runs.store import Store
from fmnist.runs.record import Claim
from tests.conftest import claim, epoch_like_real, logits_like_real, weights_like_real

folder = Path(sys.argv[1])
store = Store(f"sqlite:///{folder}/runs.sqlite3")
reserve = folder / "runs.sqlite3-reserve"
assert reserve.stat().st_blocks * 512 >= RESERVE_BYTES
weights, logits = weights_like_real(1), logits_like_real(1)

def train(run, *epochs):
    claim(store, run.id, "worker")
    for epoch in epochs:
        store.record_epoch(Claim(run.id, "training", "worker"), epoch_like_real(epoch), weights, logits, {})

large, small = store.submit(Recipe(), "page"), store.submit(Recipe(), "page")
train(large, *range(1, 21))
store.jobs.finish(Claim(large.id, "training", "worker"), "stopped")
train(small, 1)

filler = (folder / "filler").open("wb", buffering=0)
try:
    while True:
        filler.write(bytes(4096))
except OSError:
    pass
try:
    train(small, 2)
    raise AssertionError("the disk is not full")
except StoreUnavailable:
    pass

store.delete(large.id)
assert [run.id for run in store.runs()][:1] == [small.id] and len(store.runs()) == 2
assert not reserve.exists()

train(small, *range(2, 15))  # what was deleted is room for what comes
assert len(store.run(small.id).epochs) == 14

store.jobs.finish(Claim(small.id, "training", "worker"), "stopped")
(folder / "filler").unlink()
filler.close()
store.delete(small.id)
assert reserve.stat().st_size == RESERVE_BYTES
store.close()
"""


def test_a_run_is_deleted_on_a_full_disk_and_the_next_ones_fit(small_disk):
    small_disk(FULL_DISK)
