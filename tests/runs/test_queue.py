import gc

import pytest

from fmnist.errors import StoreUnavailable
from fmnist.runs.queue import Queue
from tests.runs.conftest import only_sqlite


@pytest.fixture
def queue(database_url):
    queue = Queue(database_url)
    yield queue
    queue.close()


def test_the_first_place_is_taken_first(queue):
    for run_id, place in (("b", 2), ("c", 3), ("a", 1), ("d", 4)):
        queue.put(run_id, place)

    assert queue.ids() == ["a", "b", "c", "d"]
    assert [queue.take() for _ in range(5)] == ["a", "b", "c", "d", None]


def test_what_waits_survives_its_process(queue, database_url):
    queue.put("a", 1)
    again = Queue(database_url)

    assert again.ids() == ["a"]
    again.close()


def test_two_stores_in_one_folder_have_a_queue_each(tmp_path):
    queues = [Queue(f"sqlite:///{tmp_path / name}") for name in ("runs.sqlite3", "runs.db")]
    queues[0].put("a", 1)

    assert queues[1].take() is None
    for queue in queues:
        queue.close()


@only_sqlite
def test_a_deleted_queue_is_made_again(queue, database_url, sqlite_file):
    queue.put("a", 1)
    sqlite_file.with_name(sqlite_file.name + "-queue").unlink()

    assert queue.ids() == []
    queue.put("b", 1)
    again = Queue(database_url)
    assert again.take() == "b"
    assert queue.take() is None
    again.close()


# huey leaves a connection that it could not use to the garbage collector, of which Python 3.13 warns.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@only_sqlite
def test_a_queue_that_cannot_work_says_so(queue, sqlite_file):
    sqlite_file.with_name(sqlite_file.name + "-queue").write_bytes(b"nonsense " * 1_000)

    for ask in (queue.ids, queue.take, lambda: queue.put("a", 1)):
        with pytest.raises(StoreUnavailable, match="file is not a database"):
            ask()
    gc.collect()


@only_sqlite
def test_a_queue_that_cannot_be_opened_says_so(database_url, sqlite_file):
    sqlite_file.with_name(sqlite_file.name + "-queue").mkdir()

    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        Queue(database_url)
