import json
import platform
import subprocess
import sys

import pytest

from fmnist.system import hardware
from fmnist.system.hardware import CPU_FEATURES, describe, multiplies_bfloat16_faster


def test_a_run_can_say_what_it_was_trained_on():
    described = describe()

    assert described["python"] == platform.python_version()
    assert described["cores"] >= 1
    assert isinstance(described["processor"], str)
    assert set(described["cpu_features"]) <= set(CPU_FEATURES)
    assert {"keras", "numpy", "streamlit", "sqlalchemy"} <= set(described["packages"])
    assert json.loads(json.dumps(described)) == described


@pytest.mark.parametrize(("vendor", "flags", "faster"), [
    ("GenuineIntel", "fma avx2 avx512f avx512_bf16 amx_bf16 amx_tile", True),
    ("GenuineIntel", "fma avx2 avx512f avx512_bf16", False),
    ("AuthenticAMD", "fma avx2 avx512f avx512_bf16", True),
    ("AuthenticAMD", "fma avx2", False),
])  # fmt: skip
def test_instructions_for_bfloat16_are_not_always_faster(monkeypatch, tmp_path, vendor, flags, faster):
    (tmp_path / "cpuinfo").write_text(f"vendor_id\t: {vendor}\nflags\t\t: {flags}\n\n")
    monkeypatch.setattr(hardware, "CPUINFO", tmp_path / "cpuinfo")

    assert multiplies_bfloat16_faster() is faster


def test_arm_calls_them_features(monkeypatch, tmp_path):
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nFeatures\t: fp asimd bf16\n")
    monkeypatch.setattr(hardware, "CPUINFO", tmp_path / "cpuinfo")

    assert describe()["cpu_features"] == ["asimd", "bf16"]
    assert multiplies_bfloat16_faster()


def test_describing_imports_none_of_the_packages():
    script = (
        "import sys; from fmnist.system.hardware import describe; print(*describe()['packages']); print(*sys.modules)"
    )
    packages, modules = subprocess.check_output([sys.executable, "-c", script], text=True).splitlines()

    assert set(packages.split()).isdisjoint(modules.split())
