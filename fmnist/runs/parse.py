"""Rows of the store as records. A row that was damaged is refused alone, and named by its number."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import Row, RowMapping

from fmnist.errors import DamagedRun, FmnistError
from fmnist.recipe import Recipe
from fmnist.runs.record import Failure, Origin, Run, Status
from fmnist.types import EpochMetrics, Progress

# The parts of a run, by the store's name for each, in words for a person.
PARTS = {
    "recipe": "recipe",
    "target_epochs": "number of epochs",
    "status": "status",
    "origin": "origin",
    "created_at": "time of submission",
    "stop_requested": "request to stop",
    "progress": "progress",
    "failure": "reason for failing",
    "environment": "machine",
    "epochs": "results of the epochs",
}
STATUSES: tuple[Status, ...] = get_args(Status)
# What reading a value raises that is not what it should be.
MALFORMED = (FmnistError, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)


def parse_run(
    row: Row[Any], finished: Sequence[RowMapping], kept: Iterable[int], learning_rates: Mapping[int, float]
) -> Run:
    """Return the run in a row of `runs` and its training's, with its rows of `epochs`. Raises DamagedRun."""
    values = {name: _parsed(row, name, parse, getattr(row, name)) for name, parse in PARSERS.items()}
    epochs = _parsed(row, "epochs", _epochs, finished)
    return Run(
        id=row.id, number=row.number, queue_position=row.queue_position, epochs=epochs,
        kept=tuple(epoch for epoch in kept if epoch <= len(epochs)), learning_rates=learning_rates, **values,
    )  # fmt: skip


def parse_failure(value: object) -> Failure | None:
    """Return a stored failure, None where there is none. Raises one of MALFORMED."""
    if value is None:
        return None
    failure = Failure(**_mapping(value))
    str(failure)  # its sentence must have what it names
    return failure


def json_or_text(content: str) -> Any:
    """Return the value of a JSON column, or its text where it is no JSON, so that the other rows can be read."""
    try:
        return json.loads(content)
    except (TypeError, ValueError):
        return content


def _parsed(row: Row[Any], field: str, parse: Callable[[Any], Any], value: object) -> Any:
    try:
        return parse(value)
    except MALFORMED as error:
        raise DamagedRun(
            "Run {number} is damaged in the store: its {part} cannot be read. The other runs are not affected; "
            "delete this one and train it anew.",
            number=row.number, part=PARTS[field], run_id=row.id,
        ) from error  # fmt: skip


def _epochs(rows: Sequence[RowMapping]) -> tuple[EpochMetrics, ...]:
    names = [field.name for field in fields(EpochMetrics)]
    epochs = tuple(EpochMetrics(**{name: row[name] for name in names}) for row in rows)
    if [epoch.epoch for epoch in epochs] != list(range(1, len(epochs) + 1)):
        raise ValueError("an epoch is missing")
    for row in rows:
        if not all(isinstance(row[name], int | float) for name in names):
            raise TypeError("an epoch's number is no number")
    return epochs


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no JSON object")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    return lambda value: choices[choices.index(value)]


PARSERS: dict[str, Callable[[Any], Any]] = {
    "recipe": Recipe.from_json,
    "target_epochs": _whole,
    "status": _one_of(STATUSES),
    "origin": _one_of(get_args(Origin)),
    "created_at": lambda seconds: datetime.fromtimestamp(seconds, UTC),
    "stop_requested": bool,
    "progress": lambda value: None if value is None else Progress(**_mapping(value)),
    "failure": parse_failure,
    "environment": _mapping,
}
