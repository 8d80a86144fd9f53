"""Parts of all commands: their errors, the parsing of numbers, and common options."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from fmnist.cli import streams
from fmnist.errors import FmnistError

# A longer word of an error message is cut to its first and last characters.
MAX_WORD, SHOWN = 400, 80


class CommandError(click.ClickException):
    """An error message of one sentence on stderr, with exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the message with long words cut and control characters escaped, since it may quote any input."""
        cut = re.sub(rf"\S{{{MAX_WORD},}}", lambda word: f"{word[0][:SHOWN]}…{word[0][-SHOWN:]}", self.message)
        return "".join(each if each.isprintable() or each == "\n" else repr(each)[1:-1] for each in cut)

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message, where stderr can be written."""
        try:
            super().show(file)
        except OSError:
            streams.discard(sys.stderr)


class Whole(click.types.IntParamType):
    """A whole number, of the digits 0 to 9 alone."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse an option's value."""
        number = whole_number(str(value))
        if number is None:
            self.fail(f"{value!r} is not a whole number.", param, ctx)
        return super().convert(number, param, ctx)


class WholeRange(Whole, click.IntRange):
    """A whole number between two limits, which `--help` shows."""


def whole_number(text: str) -> int | None:
    """Parse an integer of the digits 0 to 9; None for any other text.

    Python does not parse thousands of digits. The first forty are too large a number for any option, too.
    """
    digits = re.fullmatch("(-?)0*([0-9]{1,40})[0-9]*", text)
    return int("".join(digits.groups())) if digits else None


epoch_option = click.option("--epoch", type=Whole(), help="The network after this epoch.  [default: the last finished]")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for a program to read.")


class Commands(click.Group):
    """A group whose commands raise CommandError for wrong input and for errors of the operating system."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Parse the arguments of all commands."""
        with _command_errors():
            if not streams.prepare():
                raise CommandError("Standard output is closed; send it to a terminal, a file or /dev/null.")
            for argument in arguments:
                _check(argument)
            return super().parse_args(context, arguments)

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        with _command_errors():
            return super().invoke(context)


def _check(argument: str) -> None:
    try:
        if b"\0" not in os.fsencode(argument):
            return
    except UnicodeEncodeError:
        pass
    raise CommandError(f"{argument!r} holds a character that no name of a file or a run has; leave it out.")


@contextmanager
def write_errors(path: Path | str, another: str) -> Iterator[None]:
    """Raise CommandError where a file or folder cannot be written, with `another` way to name it."""
    try:
        yield
    except OSError as error:
        raise CommandError(
            f"{click.format_filename(path)} cannot be written: {error.strerror}. Make room, allow writing, or name "
            f"{another}."
        ) from error


@contextmanager
def _command_errors() -> Iterator[None]:
    try:
        yield
    except FmnistError as error:
        raise CommandError(str(error)) from error
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        sentence = " ".join(error.format_message().split())
        sentence += "" if sentence.endswith((".", "?")) else "."
        command = error.ctx.command_path if error.ctx else "python -m fmnist"
        raise CommandError(f"{sentence} See `{command} --help`.") from error
    except OSError as error:
        streams.discard(sys.stdout)
        if isinstance(error, BrokenPipeError):
            streams.end_as_a_pipe_does()
        name = click.format_filename(error.filename or "Standard output, or a file that was open,")
        message = f"{name} cannot be used: {error.strerror or error}. Make room, or name another one."
        raise CommandError(message) from error
