import json
from pathlib import Path

import pytest

from fmnist.data import routes, sources


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the data and without a way to it."""
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(routes, "MIRRORS", ("http://127.0.0.1:9/",))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))


def test_says_where_the_files_are(command, dataset):
    files = json.loads(command("data", "--json").stdout)["files"]
    assert files.keys() == {file.archive for file in sources.FILES}
    assert all(Path(path).is_file() for path in files.values())
    shown = command("data").stdout
    assert all(path in shown for path in files.values())


@pytest.mark.parametrize("arguments", [("data",), ("evaluate",), ("predict", 1), ("train",)])
def test_without_the_data_every_route_is_named(command, trained, no_data, store, arguments):
    trained()
    result = command(*arguments)
    assert result.exit_code == 2
    assert "http://127.0.0.1:9/" in result.stderr
    assert "FMNIST_DATA_DIR" in result.stderr
    assert len(store.runs()) == 1, "a run was submitted that no worker could train"
