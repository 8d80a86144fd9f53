"""Who lives is said by a lock; what the dead and the stalled had is queued again, once."""

import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from fmnist.errors import RunConflict, StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs import leases, locks
from fmnist.runs.locks import check_own
from fmnist.runs.record import Claim
from fmnist.runs.store import Store
from fmnist.types import Progress
from tests.conftest import claim, wait_until
from tests.runs.conftest import PROJECT, only_sqlite

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)

# A worker that claims the first job, says so, and waits for its end. It ends as a process of its own.
WORKER = """
import sys
from fmnist.runs.store import Store

store = Store(sys.argv[1])
lease = store.leases.lease("worker")
lease.keep()
print(lease.process.id, store.jobs.claim(lease.process.id, {}), flush=True)
for line in sys.stdin:
    print([process.id for process in store.leases.living()], store.leases.reap(), flush=True)
"""


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """The private server of the tests has just been started."""
    monkeypatch.setattr(locks, "SETTLING_SECONDS", 0.3)


@contextmanager
def worker(url, *before):
    command = [*before, sys.executable, "-c", WORKER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            process.id = process.stdout.readline().split()[0]
            yield process
        finally:
            process.kill()


@pytest.fixture
def lease(store):
    lease = store.leases.lease("worker")
    lease.keep()
    yield lease
    lease.close()


def test_a_process_is_alive_from_the_first_moment_to_the_last(store, lease):
    (process,) = store.leases.living()
    assert (process, process.kind, process.pid) == (lease.process, "worker", os.getpid())
    lease.keep()
    assert store.leases.living() == [process]

    lease.close()
    assert store.leases.living() == []


def test_what_a_killed_worker_had_is_queued_again_and_what_a_living_one_has_is_not(store, database_url, lease):
    kept, lost = store.submit(Recipe(), "page"), store.submit(Recipe(), "page")
    assert claim(store, kept.id, lease.process.id)
    with worker(database_url) as other:
        assert {process.id for process in store.leases.living()} == {lease.process.id, other.id}
        store.leases.reap()
        assert [store.run(run.id).status for run in (kept, lost)] == ["running", "running"]

        other.kill()
        other.wait()
        wait_until(lambda: store.leases.living() == [lease.process], 30)
        assert store.leases.reap() == []
    assert [store.run(run.id).status for run in (kept, lost)] == ["running", "queued"]
    with pytest.raises(RunConflict):
        store.jobs.finish(Claim(lost.id, "training", other.id), "succeeded")


@pytest.mark.thorough
def test_two_containers_with_one_host_name_leave_each_others_runs(store, database_url):
    # Root needs no user namespace, in which it could not enter the folder of PostgreSQL's socket.
    alone = ["unshare", "--pid", "--fork", "--mount-proc", *(["--map-root-user"] if os.geteuid() else [])]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no test make a PID namespace (unshare --pid --fork --map-root-user)")
    runs = [store.submit(Recipe(), "page") for _ in range(2)]
    with worker(database_url, *alone) as first, worker(database_url, *alone) as second:
        for each in (first, second):
            each.stdin.write("look\n")
            each.stdin.flush()
            assert each.stdout.readline().endswith("[]\n")
        assert {process.id for process in store.leases.living()} == {first.id, second.id}
        assert [store.run(run.id).status for run in runs] == ["running", "running"]


def test_a_worker_that_does_nothing_loses_its_claim_and_not_its_lock(store, lease, monkeypatch):
    monkeypatch.setattr(leases, "STALL_SECONDS", 0.2)
    busy, stopped = store.submit(Recipe(), "page"), store.submit(Recipe(), "page")
    for run in (busy, stopped):
        claim(store, run.id, lease.process.id)

    def stalled():
        store.jobs.record_progress(Claim(busy.id, "training", lease.process.id), PROGRESS)
        return store.leases.reap()

    assert stalled() == []
    wait_until(lambda: stalled() == [lease.process], 30)
    assert [store.run(run.id).status for run in (busy, stopped)] == ["running", "queued"]
    assert store.leases.living() == [lease.process]
    with pytest.raises(RunConflict):
        store.jobs.record_progress(Claim(stopped.id, "training", lease.process.id), PROGRESS)


def test_an_idle_worker_gives_back_what_it_still_has(store, lease):
    run = store.submit(Recipe(), "page")
    claim(store, run.id, lease.process.id)
    store.leases.reap(idle_worker=lease.process.id)

    assert store.run(run.id).status == "queued"


@only_sqlite
@pytest.mark.parametrize("damage", ["removed", "replaced", "a folder"])
def test_a_lock_file_that_is_lost_heals(store, lease, sqlite_file, damage):
    file = sqlite_file.with_name(sqlite_file.name + "-locks") / lease.process.id
    file.unlink()
    if damage == "replaced":
        file.write_text("nonsense")
    if damage == "a folder":
        file.mkdir()
        with pytest.raises(StoreUnavailable, match="cannot be used"):
            lease.keep()
        file.rmdir()
    elif damage == "removed":
        assert store.leases.living() == [lease.process], "it has time to lock another"
    lease.keep()
    assert store.leases.living() == [lease.process]


READ_ONLY = """
import sys
from pathlib import Path
import pytest
from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.store import Store

folder = Path(sys.argv[1])
Store(f"sqlite:///{folder}/runs.sqlite3").close()
allowed = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
for path, mode in allowed.items():
    path.chmod(mode & ~0o222)
store = Store(f"sqlite:///{folder}/runs.sqlite3")
lease = store.leases.lease("worker")
for act in (lease.keep, lambda: store.submit(Recipe(), "page")):
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        act()

for path, mode in allowed.items():
    path.chmod(mode)
lease.keep()
run = store.submit(Recipe(), "page")
assert store.jobs.claim(lease.process.id, {}).run == run.id
assert store.leases.living() == [lease.process]
lease.close()
"""


def test_a_folder_that_is_read_only_for_a_while_heals(tmp_path):
    # Root may write where nobody may; it gives that up.
    as_others = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []
    if as_others and not shutil.which("setpriv"):
        pytest.skip("root needs setpriv to give up what it may")
    subprocess.run([*as_others, sys.executable, "-c", READ_ONLY, tmp_path], cwd=PROJECT, check=True)


@only_sqlite
def test_nobody_is_dead_in_a_store_that_was_put_back(store, lease, sqlite_file, tmp_path_factory):
    run = store.submit(Recipe(), "page")
    claim(store, run.id, lease.process.id)
    copy = tmp_path_factory.mktemp("copy") / "store"
    shutil.copytree(sqlite_file.parent, copy)
    shutil.rmtree(sqlite_file.parent)
    with pytest.raises(StoreUnavailable):
        lease.keep()
    assert not sqlite_file.parent.exists()

    copy.rename(sqlite_file.parent)
    store.leases.reap()
    assert store.run(run.id).status == "running"
    lease.keep()
    with closing(Store(f"sqlite:///{sqlite_file}")) as other:
        other.leases.reap()
        assert other.leases.living() == [lease.process]
    assert store.run(run.id).status == "running"


@only_sqlite
def test_a_process_stands_in_a_new_store_too(store, lease, sqlite_file):
    shutil.rmtree(sqlite_file.parent)
    with closing(Store(f"sqlite:///{sqlite_file}")) as other:
        lease.keep()
        assert other.leases.living() == [lease.process]


@only_sqlite
def test_a_killed_process_leaves_no_file(store, database_url, sqlite_file):
    with worker(database_url) as other:
        other.kill()
        other.wait()
    store.leases.reap()

    assert [*Path(f"{sqlite_file}-locks").iterdir()] == []


@only_postgresql
def test_a_lost_connection_is_made_anew(store, lease):
    end = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1")
    with store._database.writing() as connection:
        connection.execute(end)
    with pytest.raises(StoreUnavailable):
        lease.keep()
    lease.keep()
    assert store.leases.living() == [lease.process]


@only_postgresql
def test_a_pooler_of_transactions_is_refused(store):
    with store._database.reading() as one, store._database.reading() as two:
        own = one.scalar(text("SELECT pg_backend_pid()"))
        check_own(own, one, two)
        for lock, other in ((one, one), (two, two)):
            with pytest.raises(StoreUnavailable, match="connection pooler in transaction mode"):
                check_own(own, lock, other)


@only_postgresql
def test_nobody_is_dead_after_the_servers_start(store, database_url, monkeypatch):
    monkeypatch.setattr(locks, "SETTLING_SECONDS", 1e9)
    run = store.submit(Recipe(), "page")
    with worker(database_url) as other:
        other.kill()
        other.wait()
    store.leases.reap()

    assert store.run(run.id).status == "running"
