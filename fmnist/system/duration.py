"""Durations in words."""

from collections.abc import Callable


def duration(seconds: float, _: Callable[[str], str] = str) -> str:
    """Format seconds as 8 s, 2 min 40 s or 1 h 5 min; `_` translates the units."""
    whole = round(seconds)
    if whole < 60:
        return _("{seconds} s").format(seconds=whole)
    if whole < 3600:
        return _("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    return _("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)
