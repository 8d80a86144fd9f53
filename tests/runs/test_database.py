import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, update

from fmnist.errors import StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.database import Database, sibling_path
from fmnist.runs.reserve import DiskReserve
from fmnist.runs.schema import VERSION, schema_version
from fmnist.runs.store import Store
from tests.conftest import queue
from tests.runs.conftest import only_sqlite


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "", "mysql://user@server/database", "postgres://user@server/database", "sqlite://",
        "sqlite:///runs.sqlite3?mode=ro", "sqlite+aiosqlite:///runs.sqlite3",
        "sqlite:///:memory:", "postgresql://server:port/database",
    ],
)  # fmt: skip
def test_an_impossible_url_is_refused_with_the_forms_that_are_possible(url):
    with pytest.raises(StoreUnavailable, match=r"cannot be used. It must look like sqlite:////folder"):
        Store(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:secret@/db?host=/nowhere", "oracle://ada:secret@server/db",
        "postgresql://nowhere.invalid/db?user=ada&password=secret", "postgresql:///db?sslpassword=secret&host=/nowhere",
        "postgresql://ada:p%40secret@server:port/db", "secret://ada:secret@server?PASSWORD=secret",
    ],
)  # fmt: skip
def test_a_visitor_sees_no_url_and_the_operator_no_password(url):
    with pytest.raises(StoreUnavailable) as refusal:
        Store(url)
    shown = refusal.value.template.format(**refusal.value.values)

    assert "secret@" not in str(refusal.value) and "=secret" not in str(refusal.value)
    assert not any(part in shown for part in ("ada", "secret", "nowhere", "server/db"))
    assert shown in str(refusal.value)
    assert "***" in str(refusal.value)


@only_sqlite
@pytest.mark.parametrize(("version", "found"), [(0, 0), (VERSION, 0), (VERSION + 1, VERSION + 1), (None, None)])
def test_a_store_of_another_layout_is_refused_and_stays_as_it_is(database_url, sqlite_file, version, found):
    Store(database_url).close()
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute("DELETE FROM schema_version")
        if version is not None:
            connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        connection.execute("DROP TABLE training_states")  # as an older program's store lacks one
    before = sqlite_file.read_bytes()

    with pytest.raises(StoreUnavailable, match=rf"version {found}; .* version {VERSION}\. Start the program that"):
        Store(database_url)
    assert sqlite_file.read_bytes() == before


def test_a_store_of_another_layout_is_refused_in_every_kind_of_database(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(update(schema_version).values(version=VERSION + 1))
    database.close()

    with pytest.raises(StoreUnavailable, match=f"layout version {VERSION + 1}; this program reads version {VERSION}"):
        Store(database_url)


def test_a_store_of_the_first_layouts_is_refused_and_stays_as_it_is(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE schema_version RENAME TO store")
        connection.exec_driver_sql("DROP TABLE training_states")

    with pytest.raises(StoreUnavailable, match=f"layout version 0; this program reads version {VERSION}"):
        Store(database_url)
    with database.reading() as connection:
        assert not inspect(connection).has_table("training_states")
    database.close()


def test_a_transaction_that_fails_leaves_nothing(store):
    run = store.submit(Recipe(), "page")
    database = store._database
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM runs")
        raise ZeroDivisionError
    assert store.runs() == [run]


def test_one_reading_sees_one_moment(store):
    count = "SELECT count(*) FROM runs"
    with store._database.reading() as connection:
        assert connection.exec_driver_sql(count).scalar() == 0
        # In SQLite the writer waits for the reader.
        writer = threading.Thread(target=store.submit, args=(Recipe(), "page"))
        writer.start()
        if connection.dialect.name == "postgresql":
            writer.join()
        assert connection.exec_driver_sql(count).scalar() == 0
    writer.join()
    assert len(store.runs()) == 1


@only_sqlite
def test_a_file_that_is_no_database_is_left_as_it_is(database_url, sqlite_file):
    sqlite_file.write_text("my thesis\n" * 1_000)

    with pytest.raises(StoreUnavailable, match="file is not a database"):
        Store(database_url)
    assert sqlite_file.read_text() == "my thesis\n" * 1_000


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable, match=r"cannot be used.*file/folder/runs.sqlite3: .*Not a directory"):
        Store(f"sqlite:///{tmp_path}/file/folder/runs.sqlite3")


def test_a_folder_that_is_missing_is_made(tmp_path):
    Store(f"sqlite:///{tmp_path}/new/folder/runs.sqlite3").close()

    assert (tmp_path / "new/folder/runs.sqlite3").exists()


@only_sqlite
def test_a_deleted_store_is_named_and_not_made_again(store, database_url, sqlite_file):
    shutil.rmtree(sqlite_file.parent)

    for use in (store.runs, lambda: store.submit(Recipe(), "page")):
        with pytest.raises(StoreUnavailable):
            use()
    with pytest.raises(StoreUnavailable, match="was deleted while this program used it") as refusal:
        store.runs()
    assert database_url in str(refusal.value) and database_url not in refusal.value.template
    assert not sqlite_file.parent.exists()


@only_sqlite
def test_a_store_that_is_put_back_heals(store, settings, sqlite_file, tmp_path_factory):
    run = store.submit(Recipe(), "page")
    copy = tmp_path_factory.mktemp("copy") / "store"
    shutil.copytree(sqlite_file.parent, copy)
    shutil.rmtree(sqlite_file.parent)
    with pytest.raises(StoreUnavailable):
        store.runs()

    copy.rename(sqlite_file.parent)
    assert store.runs() == [run]
    assert store.submit(Recipe(), "page").number == run.number + 1
    with closing(Store(settings.database_url)) as other:
        assert len(other.runs()) == 2


@only_sqlite
def test_a_new_store_in_the_place_of_a_deleted_one_is_used(store, settings, sqlite_file):
    store.submit(Recipe(), "page")
    shutil.rmtree(sqlite_file.parent)

    with closing(Store(settings.database_url)) as other:
        run = other.submit(Recipe(epochs=2), "page")
        assert store.runs() == [run]
        assert queue(store) == [(run.id, "training")]
        store.delete(run.id)
        assert other.runs() == []


@only_sqlite
def test_an_empty_file_in_the_place_of_a_store_becomes_one(store, sqlite_file):
    store.submit(Recipe(), "page")
    empty = sqlite_file.with_name("empty")
    empty.touch()
    empty.replace(sqlite_file)

    assert store.runs() == []
    assert store.submit(Recipe(), "page").number == 1


@only_sqlite
def test_another_programs_file_in_the_place_of_a_store_stays_as_it_is(store, sqlite_file):
    sqlite_file.unlink()
    sqlite_file.write_text("my thesis\n" * 1_000)

    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="file is not a database"):
            store.submit(Recipe(), "page")
    assert sqlite_file.read_text() == "my thesis\n" * 1_000


@only_sqlite
def test_threads_that_meet_a_new_store_open_it_once(store, sqlite_file, monkeypatch):
    opened = []
    monkeypatch.setattr(DiskReserve, "fill", lambda _reserve: opened.append(1))
    copy = sqlite_file.with_name("copy")
    shutil.copyfile(sqlite_file, copy)
    copy.replace(sqlite_file)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: store.runs(), range(16))) == [[]] * 16
    assert opened == [1]


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
run = store.submit(Recipe(), "page")
claim = store.jobs.claim("worker", {})
epochs = [(epoch_like_real(epoch), weights_like_real(epoch), logits_like_real(epoch)) for epoch in (1, 2)]
store.record_epoch(claim, *epochs[0], {})
before, content = store.runs(), file.read_bytes()
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

for limit in (len(content) + 4_096, len(content) // 2, 1_024, 0):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        store.record_epoch(claim, *epochs[1], {})
    except StoreUnavailable as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert store.runs() == before
    assert file.read_bytes() == content

store.record_epoch(claim, *epochs[1], {})
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
        assert message.startswith("The run store cannot be used.")


def test_what_stands_beside_a_store_is_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    urls = [
        f"sqlite:///{tmp_path}/a.sqlite3", f"sqlite:///{tmp_path}/a.db",
        "postgresql://server/a", "postgresql://server/b",
    ]  # fmt: skip
    paths = {sibling_path(url, "-worker.lock") for url in urls}

    assert len(paths) == 4
    assert tmp_path / "a.sqlite3-worker.lock" in paths
