"""The deletions of runs, each of which can be undone for a few seconds."""

import logging
import threading

from fmnist.errors import FmnistError
from ui.server.connection import store_connection
from ui.server.singleton import Singleton

UNDO_SECONDS = 10.0

log = logging.getLogger(__name__)


class Deletions:
    """Runs that no page shows any more and that a timer of the server deletes.

    Not a timer of the tab: a deletion that a person has confirmed happens though the tab is closed or looks at another
    page. A server that ends before has deleted nothing: the run is there again.
    """

    def __init__(self) -> None:
        self._timers: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()

    @property
    def pending(self) -> frozenset[str]:
        """The ids of the runs whose deletion can be undone."""
        return frozenset(list(self._timers))

    def schedule(self, run_id: str) -> None:
        """Delete a run in UNDO_SECONDS."""
        timer = threading.Timer(UNDO_SECONDS, self._delete, (run_id,))
        timer.daemon = True  # the server ends at once
        with self._lock:
            if run_id not in self._timers:
                self._timers[run_id] = timer
                timer.start()

    def undo(self, run_id: str) -> None:
        """Keep a run, unless it is deleted already."""
        with self._lock:
            if timer := self._timers.pop(run_id, None):
                timer.cancel()

    def close(self) -> None:
        """Keep all of them."""
        for run_id in self.pending:
            self.undo(run_id)

    def _delete(self, run_id: str) -> None:
        with self._lock:
            if run_id not in self._timers:
                return
            try:
                store_connection().store.delete(run_id)
            except FmnistError as error:  # it trains again, or was deleted in a terminal
                log.warning("%s", error)
            del self._timers[run_id]


@Singleton
def deletions() -> Deletions:
    """Return the deletions of this server."""
    return Deletions()
