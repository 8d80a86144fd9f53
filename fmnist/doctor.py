"""Checks of this installation, with remedies. Downloads nothing and creates no store."""

import platform
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fmnist import __version__
from fmnist.errors import DamagedRun, FmnistError
from fmnist.settings import Settings
from fmnist.system import hardware
from fmnist.system.files import check_writable

if TYPE_CHECKING:  # the doctor runs where they cannot be imported
    from fmnist.runs.record import Run
    from fmnist.runs.store import Store

INSTALL = "Install what is missing: pip install -r requirements.txt"
# One package of each tuple is required.
REQUIRED = (
    ("tensorflow", "tensorflow-cpu"), ("keras",), ("ai-edge-litert",), ("streamlit",),
    ("numpy",), ("sqlalchemy",),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """The result of a check; with a remedy where something is wrong."""

    subject: str
    text: str
    remedy: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """True where no remedy is needed."""
        return not self.remedy


def examine() -> list[Finding]:
    """Run all checks. Every error becomes a finding; none is raised."""
    checks: dict[str, Callable[[], Finding]] = {"versions": _versions, "processor": _processor}
    try:
        settings = Settings.from_environment()
    except FmnistError as error:
        found = [Finding("settings", str(error), "Then run the command again; the other checks depend on it.")]
    else:
        found = []
        checks |= {
            "paths": lambda: _paths(settings),
            "data": lambda: _data(settings),
            "store": lambda: _store(settings),
            "workers": lambda: _workers(settings),
        }
    return [_examined(subject, check) for subject, check in checks.items()] + found


def _examined(subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except FmnistError as error:
        return Finding(subject, "cannot be used", str(error))
    except OSError as error:
        return Finding(subject, f"cannot be used ({error})", "Make room or allow it; `python -m fmnist` needs it.")
    except ImportError as error:
        return Finding(subject, f"could not be examined ({error})", INSTALL)
    except Exception as error:  # a check must not end the others
        return Finding(subject, "could not be examined", f"Report this defect: {type(error).__name__}: {error}")


def _versions() -> Finding:
    packages = hardware.describe()["packages"]
    missing = [names[0] for names in REQUIRED if not packages.keys() & set(names)]
    listed = ", ".join(f"{name} {number}" for name, number in packages.items())
    text = f"fmnist {__version__}, Python {platform.python_version()}, {listed}"
    if missing:
        text += f"; missing: {', '.join(missing)}"
    return Finding("versions", text, INSTALL if missing else "", {"fmnist": __version__, **packages})


def _processor() -> Finding:
    found = hardware.describe()
    features = " ".join(found["cpu_features"]) or "no vector instructions known"
    text = f"{found['processor']}, {found['cores']} cores, {features}; {found['system']}"
    return Finding("processor", text, details=found)


def _paths(settings: Settings) -> Finding:
    data_dir = f"FMNIST_DATA_DIR {settings.data_dir}" if settings.data_dir else "FMNIST_DATA_DIR is not set"
    details = {"data_dir": settings.data_dir and str(settings.data_dir), "cache_dir": str(settings.cache_dir)}
    return Finding("paths", f"{data_dir}, cache {settings.cache_dir}", details=details)


def _data(settings: Settings) -> Finding:
    from fmnist.data.sources import FILES, SYSTEM_FOLDER, CorruptFile

    found, troubles = {}, []
    for file in FILES:
        for folder in filter(None, (settings.data_dir, SYSTEM_FOLDER, settings.cache_dir)):
            try:
                file.read(folder)
            except FileNotFoundError:
                if folder == settings.data_dir:
                    troubles.append(f"FMNIST_DATA_DIR {folder} holds no {file.archive}")
            except (OSError, CorruptFile) as error:
                troubles.append(f"{folder}: {error}")
            else:
                found[file.archive] = str(folder)
                break
    missing = [file.archive for file in FILES if file.archive not in found]
    if missing:
        text = "; ".join([f"not on this machine: {', '.join(missing)}", *troubles])
        try:
            check_writable(settings.cache_dir)
        except OSError as error:
            allow = f"Make room or allow writing in {settings.cache_dir} ({error.strerror}), then fetch it"
        else:
            allow = "Fetch it"
        return Finding("data", text, f"{allow}: python -m fmnist data", found)
    folders = ", ".join(sorted(set(found.values())))
    text = "; ".join([f"four files, each the published one, in {folders}", *troubles])
    remedy = "Put the published files there; those elsewhere are used meanwhile." if troubles else ""
    return Finding("data", text, remedy, found)


def _store(settings: Settings) -> Finding:
    from fmnist.runs.database import checked_url, translate_errors, without_passwords
    from fmnist.runs.schema import VERSION
    from fmnist.runs.store import Store

    checked_url(settings.database_url)
    url = without_passwords(settings.database_url)
    file = _store_file(settings)
    if file and not file.exists():
        with translate_errors(settings.database_url):
            check_writable(file.parent)
        return Finding("store", f"{url}: none yet; the first run makes it", details={"url": url, "runs": {}})
    with closing(Store(settings.database_url)) as store:
        readable = store.runs()
        damaged = [f"run {error.values['number']}" for error in store.damaged_runs()]
        damaged += [
            f"run {run.number} after epoch {epoch}" for run in readable for epoch in _damaged_epochs(store, run)
        ]
        # Written and deleted again: a store that can only be read accepts no run.
        with closing(store.leases.lease("command")) as lease:
            lease.keep()
    runs = Counter(run.status for run in readable)
    counted = ", ".join(f"{number} {status}" for status, number in sorted(runs.items())) or "no run yet"
    size = file.stat().st_size if file else None
    text = f"{url} can be written, version {VERSION}, {counted}" + (f", {size / 1e6:.1f} MB" if size else "")
    details = {"url": url, "version": VERSION, "runs": dict(runs), "damaged": damaged, "bytes": size}
    if not damaged:
        return Finding("store", text, details=details)
    remedy = "Delete the damaged runs on the page Train and train them anew, or put back a copy of the store."
    return Finding("store", f"{text}; {len(damaged)} damaged: {', '.join(damaged)}", remedy, details)


def _damaged_epochs(store: "Store", run: "Run") -> Iterator[int]:
    """Yield the epochs whose stored weights, logits or, for the last one, training state are damaged."""
    for epoch in run.kept:
        try:
            store.weights(run.id, epoch)
            store.logits(run.id, epoch)
            store.held_out_logits(run.id, epoch)
            if epoch == run.kept[-1]:
                store.training_state(run.id)
        except DamagedRun:
            yield epoch


def _workers(settings: Settings) -> Finding:
    from fmnist.runs.store import Store
    from fmnist.runs.supervisor import worker_log

    file = _store_file(settings)
    if file and not file.exists():
        return Finding("workers", "none, and no job is queued", details={"alive": []})
    with closing(Store(settings.database_url)) as store:
        alive = [process for process in store.leases.living() if process.kind == "worker"]
        wanted = store.jobs.any_active()
    log = worker_log(settings.database_url)
    if not settings.external_workers:
        check_writable(log.parent)
    details = {"alive": [{"host": process.host, "pid": process.pid} for process in alive], "log": str(log)}
    if alive:
        text = ", ".join(f"process {process.pid} on {process.host}" for process in alive)
        return Finding("workers", f"alive: {text}; log {log}", details=details)
    if not wanted:
        return Finding("workers", "none, and no job is queued", details=details)
    text = "none is alive, though jobs are queued"
    if settings.external_workers:
        return Finding("workers", text, "FMNIST_WORKERS is external: start one with python -m fmnist worker", details)
    return Finding("workers", f"{text}; the page and `python -m fmnist train` each start one", details=details)


def _store_file(settings: Settings) -> Path | None:
    from fmnist.runs.database import checked_url

    url = checked_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
