"""A progress bar on stderr that is erased at its end."""

import sys
from typing import Any, Self

import click

# Move to the bar's line and erase it.
ERASE = "\033[A\033[2K"


class ProgressBar:
    """One bar at a time, one for each label; none where stderr is not a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.clear()

    def show(self, label: str, done: int, total: int, text: str) -> None:
        """Draw `done` of `total` with a text to the right."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._bar.label != label:
            self.clear()
            self._bar = click.progressbar(
                length=total, label=label, file=sys.stderr, show_eta=False, item_show_func=lambda text: text, width=0
            )
            self._bar.current_item = text
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos, text)

    def clear(self) -> None:
        """Erase the bar, so that a line can be written in its place."""
        if self._bar is not None:
            self._bar.render_finish()
            click.echo(ERASE, err=True, nl=False)
            self._bar = None
