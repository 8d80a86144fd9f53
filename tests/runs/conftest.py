"""The tests of the store run on SQLite and, where its programs are installed, on a private PostgreSQL server."""

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fmnist.runs.record import Run
from fmnist.runs.store import Store

# For what only a store in a file does.
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


PROJECT = Path(__file__).parents[2]

# Of the test's own process alone, in memory.
SMALL_DISK = 'mount -t tmpfs -o size=32m none "$1" && cd "$2" && TMPDIR="$1" SQLITE_TMPDIR="$1" exec "$3" -c "$4" "$1"'

# PostgreSQL refuses to run as root.
USER = "postgres" if os.geteuid() == 0 else getpass.getuser()


def restart(folder: str) -> None:
    """Restart the server with this folder, in a second or two; its connections are lost."""
    _run(folder, "pg_ctl", "restart", "--wait", "--mode", "immediate", "--log", f"{folder}/log")


def _run(folder: str, program: str, *arguments: str) -> None:
    programs = _programs()
    assert programs
    command = [str(programs / program), *arguments, "--pgdata", str(Path(folder) / "data")]
    subprocess.run(command, user=USER, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
    return Path(found).parent if found else None


@contextmanager
def running_postgresql(address: str = "", clients: str = "") -> Iterator[str]:
    """Run a private server, and return its socket's folder; with an address it listens to the clients' network, too."""
    if _programs() is None:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed")
    pytest.importorskip("psycopg")
    # Not below pytest's own temporary folder, which no other user may enter; and short, as a socket's path must be.
    with tempfile.TemporaryDirectory(prefix="fmnist-pg-") as folder:
        shutil.chown(folder, USER)
        _run(folder, "initdb", "--username", "tests", "--auth", "trust", "--no-sync")
        if clients:
            with (Path(folder) / "data" / "pg_hba.conf").open("a") as allowed:
                allowed.write(f"host all all {clients} trust\n")
        options = f"-k {folder} -c listen_addresses='{address}' -c fsync=off -c max_connections=200"
        _run(folder, "pg_ctl", "start", "--wait", "--options", options, "--log", f"{folder}/log")
        try:
            yield folder
        finally:
            _run(folder, "pg_ctl", "stop", "--wait", "--mode", "immediate")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The socket folder of a server that lives as long as the tests."""
    with running_postgresql() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    folder = request.getfixturevalue("postgresql_server")
    import psycopg

    # A schema is made faster than a database.
    schema, url = f"test_{uuid.uuid4().hex}", f"postgresql://tests@/postgres?host={folder}"
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{url}&options=-csearch_path%3D{schema}"


@pytest.fixture
def sqlite_file(database_url: str) -> Path:
    """The file of the store, for tests marked `only_sqlite`."""
    return Path(database_url.removeprefix("sqlite:///"))


@pytest.fixture
def in_status(store: Store, run_with_epochs: Callable[..., Run]) -> Callable[[str], Run]:
    """Make a run with one finished epoch in any status; a queued one was extended."""

    def make(status):
        if status == "queued":
            return store.extend(run_with_epochs(1).id, 2)
        return run_with_epochs(1, status=status)

    return make


@pytest.fixture
def small_disk(tmp_path: Path) -> Callable[[str], None]:
    """Run a program with the folder of a small file system as its argument."""
    alone = ["unshare", "--mount", "--map-root-user"]
    probe = [*alone, "mount", "-t", "tmpfs", "none", str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no test mount a file system of its own (unshare --mount --map-root-user)")

    def run(program: str) -> None:
        done = subprocess.run(
            [*alone, "sh", "-c", SMALL_DISK, "sh", str(tmp_path), str(PROJECT), sys.executable, program],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    return run
