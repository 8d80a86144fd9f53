"""The four data files: found on this machine or fetched, and always checked against their SHA-256."""

import hashlib
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from filelock import FileLock

from fmnist.data import routes
from fmnist.data.routes import Report
from fmnist.errors import DataUnavailable
from fmnist.settings import Settings
from fmnist.system.files import write_atomically

logger = logging.getLogger(__name__)

# The package of Debian and Ubuntu, where it is installed.
SYSTEM_FOLDER = "/" / routes.PACKAGE_FOLDER


class CorruptFile(Exception):
    """A data file is not the published one."""


@dataclass(frozen=True)
class DataFile:
    """One published IDX file: its name, and the size in bytes and SHA-256 of its uncompressed content."""

    name: str
    size: int
    sha256: str

    @property
    def archive(self) -> str:
        """Return the name of the gzip file."""
        return f"{self.name}.gz"

    def read(self, folder: Path) -> bytes:
        """Return the uncompressed content. Raises OSError, or CorruptFile when it is not the published one."""
        with (folder / self.archive).open("rb") as stream:
            return self.uncompress(stream.read(self.size))

    def uncompress(self, compressed: bytes) -> bytes:
        """Return the uncompressed content. Raises CorruptFile when it is not the published one.

        The content is checked and not the archive, because Debian strips the time from the gzip header.
        """
        try:
            # One byte too many is enough to know, so a decompression bomb ends there.
            content = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(compressed, self.size + 1)
        except zlib.error as error:
            raise CorruptFile(f"{self.archive} is not intact gzip ({error})") from error
        if len(content) != self.size:
            raise CorruptFile(f"{self.archive} is truncated or too long; it must unpack to {self.size:,} bytes")
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise CorruptFile(f"{self.archive} is not the published file (its SHA-256 differs)")
        return content


TRAINING_IMAGES = DataFile(
    "train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
)
TRAINING_LABELS = DataFile(
    "train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
)
TEST_IMAGES = DataFile(
    "t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
)
TEST_LABELS = DataFile(
    "t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
)
FILES = (TRAINING_IMAGES, TRAINING_LABELS, TEST_IMAGES, TEST_LABELS)


@dataclass(frozen=True)
class CheckedFile:
    """The path of a data file and its uncompressed content."""

    path: Path
    content: bytes


def load_file(file: DataFile, settings: Settings, progress: Report | None = None) -> CheckedFile:
    """Return one data file, checked: from a folder of this machine, else fetched into the cache.

    A damaged file in the cache is replaced. `progress` is called for every piece that is fetched.
    Raises DataUnavailable when no route works or the cache cannot be written.
    """
    attempts: list[str] = []
    # The cache is last, so that whatever is damaged there is fetched again.
    for folder in (settings.data_dir, SYSTEM_FOLDER, settings.cache_dir):
        if folder is None:
            continue
        try:
            return CheckedFile(folder / file.archive, file.read(folder))
        except (FileNotFoundError, NotADirectoryError):
            attempts.append(f"{folder} holds no {file.archive}")
            if folder == settings.data_dir:
                logger.warning("FMNIST_DATA_DIR is set, but %s; looking elsewhere.", attempts[-1])
        except (OSError, CorruptFile) as error:
            attempts.append(f"{folder}: {error}")
            logger.warning("%s cannot be used: %s; looking elsewhere.", folder / file.archive, error)
    _fill(settings.cache_dir, progress or (lambda _: None), attempts)
    return CheckedFile(settings.cache_dir / file.archive, file.read(settings.cache_dir))


def refusal(settings: Settings) -> DataUnavailable | None:
    """Return the reason why FMNIST_DATA_DIR is set but not used; None where it is used, or not set."""
    folder = settings.data_dir
    if folder is None:
        return None
    for file in FILES:
        try:
            file.read(folder)
        except (OSError, CorruptFile) as error:
            return DataUnavailable(
                "FMNIST_DATA_DIR is set, but the file {file} is missing there or is not the published one, so another "
                "copy is used. The operator of this server puts the four published .gz files there, or unsets it.",
                file=file.archive,
                details=str(error),
            )
    return None


def _fill(cache: Path, progress: Report, attempts: list[str]) -> None:
    """Fetch into the cache whatever is not good there, one process at a time."""
    with _writing(cache):
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / "lock")
        lock.acquire()
        for left_behind in cache.glob(".*.part"):  # by a process that was killed
            left_behind.unlink()
    try:
        # Another process may have filled the cache while this one waited for the lock.
        missing = [file for file in FILES if not _is_good(file, cache)]
        for name, fetch in routes.download_routes(cache, progress):
            if not missing:
                break
            try:
                for archive, compressed in fetch({file.archive: file.size for file in missing}):
                    file = next(file for file in missing if file.archive == archive)
                    file.uncompress(compressed)
                    _write_atomically(cache / archive, compressed)
                    missing.remove(file)
            except (OSError, HTTPException, CorruptFile) as error:
                attempts.append(f"{name}: {error}")
    finally:
        lock.release()
    if missing:
        raise DataUnavailable(
            "The Fashion-MNIST data is not on this machine and could not be fetched. Connect to the internet "
            "and try again, or put the four .gz files into a folder and set FMNIST_DATA_DIR to it.",
            details="\n- ".join(["Tried:", *attempts]),
        )


def _is_good(file: DataFile, folder: Path) -> bool:
    try:
        file.read(folder)
    except (OSError, CorruptFile):
        return False
    return True


def _write_atomically(path: Path, compressed: bytes) -> None:
    """Write the file whole or not at all, even when the power fails."""
    with _writing(path.parent):
        write_atomically({path: compressed})


@contextmanager
def _writing(cache: Path) -> Iterator[None]:
    """Raise DataUnavailable where the cache folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise DataUnavailable(
            "The data's cache folder on this server cannot be written. Free some space or make it writable and try "
            "again, or put the four .gz files into a folder and set FMNIST_DATA_DIR to it.",
            details=f"{cache}: {error.strerror or error}",
        ) from error
