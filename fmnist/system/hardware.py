"""Hardware and package versions, which are stored with every run."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("streamlit", "tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert", "numpy", "sqlalchemy")

# The vector and matrix instructions that determine the training speed.
CPU_FEATURES = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_tile", "asimd", "bf16")

# Linux's description of the processor.
CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, Any]:
    """Return versions, processor and cores, without importing the packages."""
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
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def multiplies_bfloat16_faster() -> bool:
    """Return true where the processor multiplies bfloat16 faster than float32.

    Of those with AVX-512 instructions for it, Intel's take twice as long, AMD's little more than half as long:
    docs/experiments/machines.md.
    """
    features = describe()["cpu_features"]
    return (
        "amx_bf16" in features
        or "bf16" in features  # Arm
        or ("avx512_bf16" in features and _cpuinfo("vendor_id") == "AuthenticAMD")
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpuinfo(field: str) -> str:
    if not CPUINFO.exists():  # not Linux
        return ""
    lines = (line.partition(":") for line in CPUINFO.read_text().splitlines())
    return next((value.strip() for name, _, value in lines if name.strip() == field), "")


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor()
