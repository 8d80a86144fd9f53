from pathlib import Path

import pytest

from fmnist.errors import InvalidInput
from fmnist.settings import Settings, default_database_url


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("FMNIST_DATA_DIR", "FMNIST_DATABASE_URL", "FMNIST_WORKERS"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_has_to_be_set():
    settings = Settings.from_environment()

    assert (settings.data_dir, settings.external_workers) == (None, False)
    assert settings.database_url == default_database_url()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("runs.sqlite3")
    assert settings.cache_dir.is_absolute()


def test_every_variable_is_read(monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", "/classroom/data")
    monkeypatch.setenv("FMNIST_DATABASE_URL", "postgresql://server/runs")
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    settings = Settings.from_environment()

    assert settings.data_dir == Path("/classroom/data")
    assert settings.database_url == "postgresql://server/runs"
    assert settings.external_workers


def test_an_empty_variable_is_an_unset_one(monkeypatch):
    bare = Settings.from_environment()
    monkeypatch.setenv("FMNIST_DATA_DIR", "")
    monkeypatch.setenv("FMNIST_DATABASE_URL", "")
    monkeypatch.setenv("FMNIST_WORKERS", "")

    assert Settings.from_environment() == bare


@pytest.mark.parametrize("value", ["none", "External", "2"])
def test_other_workers_are_refused(monkeypatch, value):
    monkeypatch.setenv("FMNIST_WORKERS", value)
    with pytest.raises(InvalidInput, match=f"FMNIST_WORKERS is '{value}'; it must be 'local' or 'external'"):
        Settings.from_environment()
