"""What this machine is: written down with every run, shown by the doctor."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("streamlit", "tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert", "numpy", "sqlalchemy", "huey")

# The vector and matrix instructions that decide how fast a network trains.
CPU_FEATURES = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_tile", "asimd", "bf16")


def describe() -> dict[str, Any]:
    """Versions, processor, cores. Imports none of the packages it names."""
    flags = set((_cpuinfo("flags") or _cpuinfo("Features")).split())
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cpu_features": [feature for feature in CPU_FEATURES if feature in flags],
        "cores": cores(),
        "packages": {name: number for name in PACKAGES if (number := _version(name))},
    }


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; elsewhere it would be slower than float32."""
    return any("bf16" in feature for feature in describe()["cpu_features"])


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpuinfo(field: str) -> str:
    path = Path("/proc/cpuinfo")
    if not path.exists():  # not Linux
        return ""
    lines = (line.partition(":") for line in path.read_text().splitlines())
    return next((value.strip() for name, _, value in lines if name.strip() == field), "")


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor()
