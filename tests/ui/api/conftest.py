"""The API is tested on a real server."""

from collections.abc import Iterator

import pytest

from testing.serving import Server


@pytest.fixture(autouse=True)
def included_run(project_run: None) -> None:
    """Whoever opens the server's store first inserts the included run."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a store of its own."""
    with Server(tmp_path_factory.mktemp("api")) as server:
        yield server
