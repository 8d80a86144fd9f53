import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.worker import memory
from fmnist.worker.memory import MemoryLimit

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(("limit", "exceeded"), [(0, True), (1e12, False)])
def test_a_process_has_a_limit(monkeypatch, limit, exceeded):
    monkeypatch.setattr(memory, "MAX_BYTES", 1e12)
    monkeypatch.setattr(memory, "LIMIT_BYTES", limit)

    assert MemoryLimit().exceeded() == exceeded


# In a process of its own: what other tests leave behind may be freed at any time.
GROWING = """
import numpy as np
from fmnist.worker import memory

memory.MAX_BYTES = 0
limit = memory.MemoryLimit()
print(limit.exceeded(), limit.exceeded())
grown = np.ones(int(2 * memory.GROWTH_BYTES), np.uint8)
print(limit.exceeded())
"""


def test_where_no_fresh_process_would_be_smaller_growth_counts():
    done = subprocess.run(
        [sys.executable, "-c", GROWING], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=300
    )

    assert done.stdout.split() == ["False", "False", "True"]
