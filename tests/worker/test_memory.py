import numpy as np
import pytest

from fmnist.worker import memory
from fmnist.worker.memory import MemoryLimit


@pytest.mark.parametrize(("limit", "exceeded"), [(0, True), (1e12, False)])
def test_a_process_has_a_limit(monkeypatch, limit, exceeded):
    monkeypatch.setattr(memory, "MAX_BYTES", 1e12)
    monkeypatch.setattr(memory, "LIMIT_BYTES", limit)

    assert MemoryLimit().exceeded() == exceeded


def test_where_no_fresh_process_would_be_smaller_growth_counts(monkeypatch):
    monkeypatch.setattr(memory, "MAX_BYTES", 0)
    limit = MemoryLimit()
    assert not limit.exceeded()
    assert not limit.exceeded()

    grown = np.ones(int(2 * memory.GROWTH_BYTES), np.uint8)
    assert limit.exceeded()
    assert grown.all()
