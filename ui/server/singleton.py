"""One object for the process, independent of Streamlit's caches."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Singleton(Generic[T]):
    """Decorator: a function whose first result is kept. After an exception the next call runs the function again.

    `st.cache_resource` cannot keep it: any client can clear that cache.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self.__doc__ = make.__doc__
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """Return the result; the first caller makes it while the others wait."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def forget(self) -> T | None:
        """Remove and return the result, if there is one, for the caller to close; the next call makes another."""
        with self._lock:
            return self._made.pop() if self._made else None
