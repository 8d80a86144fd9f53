import json
import platform
import subprocess
import sys

from fmnist.machine import CPU_FEATURES, describe


def test_a_run_can_say_what_it_was_trained_on():
    machine = describe()

    assert machine["python"] == platform.python_version()
    assert machine["cores"] >= 1
    assert isinstance(machine["processor"], str)
    assert set(machine["cpu_features"]) <= set(CPU_FEATURES)
    assert {"keras", "numpy", "streamlit", "huey"} <= set(machine["packages"])
    assert json.loads(json.dumps(machine)) == machine


def test_describing_imports_none_of_the_packages():
    script = "import sys; from fmnist.machine import describe; print(*describe()['packages']); print(*sys.modules)"
    packages, modules = subprocess.check_output([sys.executable, "-c", script], text=True).splitlines()

    assert set(packages.split()).isdisjoint(modules.split())
