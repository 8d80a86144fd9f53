"""The exceptions the core raises on purpose.

FmnistError
├── InvalidInput        a request that cannot be met
│   ├── InvalidRecipe       a setting outside its range
│   ├── InvalidSample       an index, split or class that the data set does not have
│   ├── InvalidPicture      a file without a picture, or a picture without a piece of clothing
│   └── UnknownRun          no run, or no epoch of it, under that name
│       └── DamagedRun          its stored content is damaged
├── RunConflict         the run exists but is not in a state that allows the request
├── Diverged            the loss of a training is no longer a number
├── DataUnavailable     no route provides the four data files
├── StoreUnavailable    the run store cannot be read or written
└── WorkerCannotStart   no worker takes the queued jobs
"""


class FmnistError(Exception):
    """A failure with a sentence for a person: what happened, what is allowed, what to do.

    `template` is the English sentence with `{named}` places and serves as its translation key;
    `values` fill the places. `details` are for the operator: paths, URLs and drivers' messages, in the log and on the
    command line, never on a page.
    """

    def __init__(self, template: str, *, details: str = "", **values: object) -> None:
        sentence = template.format(**values)
        super().__init__(f"{sentence} ({details})" if details else sentence)
        self.template = template
        self.values = values


class InvalidInput(FmnistError):
    """A request cannot be met."""


class InvalidRecipe(InvalidInput):
    """A training setting is outside its range."""


class InvalidSample(InvalidInput):
    """The data set has no such index, split or class."""


class InvalidPicture(InvalidInput):
    """A file holds no picture, or the picture nothing that stands out."""


class UnknownRun(InvalidInput):
    """The store has no such run, or the run no such epoch."""


class DamagedRun(UnknownRun):
    """The stored content of the run is damaged."""


class RunConflict(FmnistError):
    """The run is not in a state that allows the request."""


class Diverged(FmnistError):
    """The loss of a training is no longer a finite number."""


class DataUnavailable(FmnistError):
    """No route provides the four checked data files."""


class StoreUnavailable(FmnistError):
    """The run store cannot be read or written."""


class WorkerCannotStart(FmnistError):
    """A worker cannot start, or none is there."""
