import gzip
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.database import Database, beside, now
from fmnist.runs.schema import VERSION, store_table
from fmnist.runs.store import Store
from tests.runs.conftest import only_sqlite


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "", "mysql://user@server/database", "postgres://user@server/database", "sqlite://",
        "sqlite:///:memory:", "postgresql://server:port/database",
    ],
)  # fmt: skip
def test_an_impossible_url_is_refused_with_the_forms_that_are_possible(url):
    with pytest.raises(StoreUnavailable, match=r"cannot be used \(.*\). It must look like sqlite:////folder"):
        Store(url)


def test_no_password_is_shown():
    for url in ("postgresql://ada:secret@/db?host=/nowhere", "oracle://ada:secret@server/db"):
        with pytest.raises(StoreUnavailable) as refusal:
            Store(url)
        assert "secret" not in str(refusal.value)


def test_a_newer_store_is_left_alone(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(update(store_table).values(version=VERSION + 1))
    database.close()

    with pytest.raises(StoreUnavailable, match=f"version {VERSION + 1}; this program reads version {VERSION}. Update"):
        Store(database_url)


@only_sqlite
def test_a_store_of_the_first_version_is_read_and_written(database_url, sqlite_file):
    # Written by the program as it was then: a run of two epochs that succeeded, and one that waits.
    sqlite_file.write_bytes(gzip.decompress((Path(__file__).parent / "version_1.sqlite3.gz").read_bytes()))
    store = Store(database_url)
    waiting, ended = store.runs()

    assert (waiting.status, ended.status, len(ended.epochs)) == ("queued", "succeeded", 2)
    assert store.logits(ended.id, 2).all()
    assert (store.held_out_logits(ended.id, 2), store.computations.state(ended.id, "embeddings")) == (None, None)
    assert store.computations.request(ended.id, "map").status == "waiting"
    assert list(store.waiting()) == [waiting.id, ended.id]
    store.close()
    with closing(sqlite3.connect(sqlite_file)) as connection:
        assert connection.execute("SELECT version FROM store").fetchall() == [(VERSION,)]


def test_an_older_store_gets_the_tables_that_it_lacks(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        for table in ("held_out", "computations"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.execute(update(store_table).values(version=1))
    database.close()

    with closing(Store(database_url)) as store:
        assert not store.has_work()
    with closing(Database(database_url)) as again, again.reading() as connection:
        assert connection.scalars(select(store_table.c.version)).all() == [VERSION]


def test_a_transaction_that_fails_leaves_nothing(desk):
    run = desk.store.add(Recipe(), "page")
    database = desk.store._database
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM runs")
        raise ZeroDivisionError
    assert desk.store.runs() == [run]


def test_one_reading_sees_one_moment(desk):
    count = "SELECT count(*) FROM runs"
    with desk.store._database.reading() as connection:
        assert connection.exec_driver_sql(count).scalar() == 0
        # In SQLite the writer waits for the reader.
        writer = threading.Thread(target=desk.store.add, args=(Recipe(), "page"))
        writer.start()
        if connection.dialect.name == "postgresql":
            writer.join()
        assert connection.exec_driver_sql(count).scalar() == 0
    writer.join()
    assert len(desk.store.runs()) == 1


def test_the_clock_goes_forward(database_url):
    database, readings = Database(database_url), []
    for _ in range(2):
        with database.reading() as connection:
            readings.append(connection.scalar(select(now(connection))))
    database.close()

    assert readings[1] >= readings[0] > datetime(2025, 1, 1, tzinfo=UTC).timestamp()


@only_sqlite
def test_a_file_that_is_no_database_is_left_as_it_is(database_url, sqlite_file):
    sqlite_file.write_text("my thesis\n" * 1_000)

    with pytest.raises(StoreUnavailable, match="file is not a database"):
        Store(database_url)
    assert sqlite_file.read_text() == "my thesis\n" * 1_000


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable, match=r"file/folder/runs.sqlite3 cannot be used: .*Not a directory"):
        Store(f"sqlite:///{tmp_path}/file/folder/runs.sqlite3")


def test_a_folder_that_is_missing_is_made(tmp_path):
    Store(f"sqlite:///{tmp_path}/new/folder/runs.sqlite3").close()

    assert (tmp_path / "new/folder/runs.sqlite3").exists()


FULL_DISK = """
import resource, sys
from pathlib import Path
from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from tests.conftest import epoch_like_real, logits_like_real, weights_like_real

url = sys.argv[1]
file = Path(url.removeprefix("sqlite:///"))
store = Store(url)
run = store.add(Recipe(), "page")
store.claim(run.id, "worker", {})
epochs = [(epoch_like_real(epoch), weights_like_real(epoch), logits_like_real(epoch)) for epoch in (1, 2)]
store.record_epoch(run.id, "worker", *epochs[0], {})
before, content = store.runs(), file.read_bytes()
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

for limit in (len(content) + 4_096, len(content) // 2, 1_024, 0):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        store.record_epoch(run.id, "worker", *epochs[1], {})
    except StoreUnavailable as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert store.runs() == before
    assert file.read_bytes() == content

store.record_epoch(run.id, "worker", *epochs[1], {})
assert len(store.run(run.id).epochs) == 2
"""


@only_sqlite
def test_a_full_disk_costs_nothing_but_the_write(database_url):
    pytest.importorskip("resource", reason="only Unix limits the size of files")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, database_url],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    messages = done.stdout.splitlines()
    assert len(messages) == 4
    for message in messages:
        assert message.endswith("what was stored before is unharmed.")


def test_what_stands_beside_a_store_is_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    urls = [
        f"sqlite:///{tmp_path}/a.sqlite3", f"sqlite:///{tmp_path}/a.db",
        "postgresql://server/a", "postgresql://server/b",
    ]  # fmt: skip
    paths = {beside(url, "-worker.lock") for url in urls}

    assert len(paths) == 4
    assert tmp_path / "a.sqlite3-worker.lock" in paths
