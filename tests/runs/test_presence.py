import os
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from fmnist.runs.presence import SILENCE_SECONDS, Presence, this_process
from tests.conftest import wait_until


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def presence_of(pid: int) -> Presence:
    process = psutil.Process(pid)
    return replace(this_process("worker"), pid=pid, started=process.create_time() - psutil.boot_time())


def test_the_process_that_asks_is_alive():
    presence = this_process("server")

    assert presence.alive
    assert (presence.pid, presence.kind) == (os.getpid(), "server")


def test_every_presence_has_a_name_of_its_own():
    assert this_process("server").id != this_process("server").id


def test_a_process_is_alive_until_it_ends(sleeper):
    presence = presence_of(sleeper.pid)
    assert presence.alive

    sleeper.kill()
    sleeper.wait()
    assert not presence.alive


def test_a_zombie_is_dead(sleeper):
    presence = presence_of(sleeper.pid)
    sleeper.kill()
    wait_until(lambda: psutil.Process(sleeper.pid).status() == psutil.STATUS_ZOMBIE)

    assert not presence.alive


def test_a_later_process_under_the_same_number_is_another(sleeper):
    assert not replace(presence_of(sleeper.pid), started=presence_of(sleeper.pid).started - 60).alive


def test_a_silent_process_of_this_machine_is_alive_all_the_same(sleeper):
    assert replace(presence_of(sleeper.pid), silence=10 * SILENCE_SECONDS).alive


@pytest.mark.parametrize(("silence", "alive"), [(0, True), (SILENCE_SECONDS - 1, True), (SILENCE_SECONDS, False)])
def test_on_another_machine_the_beats_decide(silence, alive):
    assert replace(this_process("worker"), host="elsewhere", pid=2**22 + 1, silence=silence).alive is alive


def test_presences_come_and_go_in_the_store(desk):
    here, elsewhere = this_process("server"), replace(this_process("worker"), host="elsewhere")
    for presence in (here, here, elsewhere):
        desk.store.presences.beat(presence)

    found = {presence.id: presence for presence in desk.store.presences.all()}
    assert {name: replace(presence, silence=0.0) for name, presence in found.items()} == {
        here.id: here,
        elsewhere.id: elsewhere,
    }
    assert all(-1 < presence.silence < SILENCE_SECONDS for presence in found.values())
    desk.store.presences.leave(here)
    assert [presence.id for presence in desk.store.presences.all()] == [elsewhere.id]


def test_only_the_dead_are_forgotten_and_only_their_runs_put_back(desk, run_with_epochs, sleeper):
    store = desk.store
    living, dying = this_process("worker"), presence_of(sleeper.pid)
    for presence in (living, dying):
        store.presences.beat(presence)
    runs = [run_with_epochs(1, status="running") for _ in range(2)]
    for run, presence in zip(runs, (living, dying), strict=True):
        store.release(run.id, "worker")
        store.claim(run.id, presence.id, {})
    sleeper.kill()
    wait_until(lambda: psutil.Process(sleeper.pid).status() == psutil.STATUS_ZOMBIE)
    store.reap()

    assert [presence.id for presence in store.presences.all()] == [living.id]
    assert [store.run(run.id).status for run in runs] == ["running", "queued"]


def test_a_machine_that_fell_silent_loses_its_run(desk, run_with_epochs):
    store = desk.store
    away = replace(this_process("worker"), host="elsewhere")
    store.presences.beat(away)
    run = run_with_epochs(1, status="running")
    store.release(run.id, "worker")
    store.claim(run.id, away.id, {})
    store.reap()
    assert store.run(run.id).status == "running"

    with store._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE processes SET beat_at = beat_at - {SILENCE_SECONDS + 1}")
    store.reap()
    assert store.run(run.id).status == "queued"
