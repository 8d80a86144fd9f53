"""Every FMNIST_* environment variable, its default and its reason."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from platformdirs import user_cache_path, user_data_path

from fmnist.errors import InvalidInput


@dataclass(frozen=True)
class Settings:
    """Folders, the database and the workers of this installation."""

    # FMNIST_DATA_DIR: a folder that already holds the four data files, for a classroom without internet.
    data_dir: Path | None
    # The cache holds what can be fetched again, so it lives where the platform may clean up.
    cache_dir: Path
    # FMNIST_DATABASE_URL: PostgreSQL, so that workers on other machines share one store; a SQLite file needs no server.
    database_url: str
    # FMNIST_WORKERS=external: the operator starts the workers, and the page starts none.
    external_workers: bool

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings of the environment. Raises InvalidInput for a value that is not allowed."""
        workers = os.environ.get("FMNIST_WORKERS") or "local"
        if workers not in ("local", "external"):
            raise InvalidInput(
                "FMNIST_WORKERS is {value!r}; it must be 'local' or 'external'. Correct or unset it.", value=workers
            )
        data_dir = os.environ.get("FMNIST_DATA_DIR")
        return cls(
            data_dir=Path(data_dir) if data_dir else None,
            cache_dir=user_cache_path("fmnist", appauthor=False),
            database_url=os.environ.get("FMNIST_DATABASE_URL") or default_database_url(),
            external_workers=workers == "external",
        )


def default_database_url() -> str:
    """Return the URL of the SQLite file in the platform's data folder."""
    return f"sqlite:///{user_data_path('fmnist', appauthor=False) / 'runs.sqlite3'}"
