"""What is one for the process, whatever Streamlit forgets."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Singleton(Generic[T]):
    """A function whose first result is kept; decorate with it. What raises is called again by the next caller.

    `st.cache_resource` is no place for what must be one: any client can empty it.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self.__doc__ = make.__doc__
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """Return the one result, made by the first caller while the others wait."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def forget(self) -> T | None:
        """Return the result, if there is one; the next caller makes another. Who forgets it closes it."""
        with self._lock:
            return self._made.pop() if self._made else None
