"""A worker on another machine whose cable is pulled: its run ends once, elsewhere, and it writes nothing afterwards."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.settings import Settings
from fmnist.worker.reporter import WorkerReporter
from fmnist.worker.runner import run_job
from tests.conftest import wait_until
from tests.runs.conftest import running_postgresql
from tests.runs.test_kills import EPOCHS, StandInTasks, assert_whole

pytestmark = pytest.mark.thorough

HERE, THERE, NETWORK = "10.77.90.1", "10.77.90.2", "10.77.90.0/30"

WORK = "import sys; from tests.runs.test_cable import work_once; print(work_once(sys.argv[1]))"


def work_once(url: str) -> bool:
    """Run the first job that waits, as a worker does; return whether the store accepted its end."""
    with closing(Store(url)) as store, closing(WorkerReporter(store, leave_with_servers=False)) as reporter:
        while (claim := store.jobs.claim(reporter.worker, {})) is None:
            time.sleep(0.1)
        return run_job(store, reporter, StandInTasks(store).by_name, claim)


@dataclass(frozen=True)
class Cable:
    """Two ends of a cable, one of them in a network namespace: a machine of its own."""

    machine: str

    def pull(self) -> None:
        """Drop every packet, and tell neither side: each sends to an address of nobody."""
        for inside, address, device in self._ends():
            ip(f"{inside} neigh replace {address} dev {device} nud permanent lladdr 00:00:00:00:00:01")

    def plug(self) -> None:
        """Let packets through again."""
        for inside, address, device in self._ends():
            ip(f"{inside} neigh del {address} dev {device}")

    def _ends(self) -> list[tuple[str, str, str]]:
        return [("", THERE, f"{self.machine}a"), (f"-n {self.machine}", HERE, f"{self.machine}b")]


@pytest.fixture
def cable() -> Iterator[Cable]:
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("a second machine is a network namespace: it needs root and iproute2")
    machine = f"fm{os.getpid()}"
    try:
        ip(f"netns add {machine}")
        ip(f"link add {machine}a type veth peer name {machine}b netns {machine}")
    except subprocess.CalledProcessError:
        pytest.skip("this machine lets no test make a network namespace (ip netns add)")
    try:
        for inside, address, device in (("", HERE, f"{machine}a"), (f"-n {machine}", THERE, f"{machine}b")):
            ip(f"{inside} address add {address}/30 dev {device}")
            ip(f"{inside} link set {device} up")
        yield Cable(machine)
    finally:
        ip(f"netns del {machine}")


def ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True)


def test_a_run_whose_workers_cable_is_pulled_ends_once(cable):
    with (
        running_postgresql(HERE, NETWORK) as folder,
        closing(Store(f"postgresql://tests@/postgres?host={folder}")) as store,
    ):
        run = store.submit(Recipe(epochs=EPOCHS), "page")
        settings = replace(Settings.from_environment(), external_workers=True)
        command = [sys.executable, "-c", WORK, f"postgresql://tests@{HERE}/postgres"]
        with (
            WorkerSupervisor(settings, store, "server"),
            subprocess.Popen(
                ["ip", "netns", "exec", cable.machine, *command], stdout=subprocess.PIPE, text=True
            ) as cut_off,
        ):
            wait_until(lambda: store.run(run.id).epochs)
            cable.pull()
            pulled = time.monotonic()
            assert work_once(f"postgresql://tests@/postgres?host={folder}")
            print(f"finished by another worker {time.monotonic() - pulled:.0f} s after the cable was pulled")
            ended = store.run(run.id)
            cable.plug()
            assert cut_off.communicate()[0] == "False\n"
        assert store.run(run.id) == ended
        assert_whole(store, run.id)
