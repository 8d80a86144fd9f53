"""The exceptions the core raises on purpose.

FmnistError
├── InvalidInput        something a person asked for cannot be
│   ├── InvalidRecipe       a setting outside its range
│   ├── InvalidSample       an index, split or class that the data set does not have
│   ├── InvalidPicture      a file without a picture, or a picture without a piece of clothing
│   └── UnknownRun          no run, or no epoch of it, under that name
│       └── DamagedRun          what the store holds of it is not what was written
├── RunConflict         the run exists but is not in a state that allows the request
├── Diverged            the loss of a training is no longer a number
├── DataUnavailable     no route brought the four data files
├── StoreUnavailable    the run store cannot be read or written
└── WorkerCannotStart   nobody does the work that waits
"""


class FmnistError(Exception):
    """A failure with a sentence for a person: what was met, what is allowed, what to do.

    `template` is the English sentence with `{named}` places and serves as its translation key;
    `values` fill the places. `details` are for the operator: the log and the command line have them (paths, URLs, what
    a driver said), a page never.
    """

    def __init__(self, template: str, *, details: str = "", **values: object) -> None:
        sentence = template.format(**values)
        super().__init__(f"{sentence} ({details})" if details else sentence)
        self.template = template
        self.values = values


class InvalidInput(FmnistError):
    """Something a person asked for cannot be."""


class InvalidRecipe(InvalidInput):
    """A training setting is outside its range."""


class InvalidSample(InvalidInput):
    """The data set has no such index, split or class."""


class InvalidPicture(InvalidInput):
    """A file holds no picture, or the picture nothing that stands out."""


class UnknownRun(InvalidInput):
    """The store has no such run, or the run no such epoch."""


class DamagedRun(UnknownRun):
    """What the store holds of the run is not what was written."""


class RunConflict(FmnistError):
    """The run is not in a state that allows the request."""


class Diverged(FmnistError):
    """The loss of a training is no longer a finite number."""


class DataUnavailable(FmnistError):
    """No route brought the four data files, each checked."""


class StoreUnavailable(FmnistError):
    """The run store cannot be read or written."""


class WorkerCannotStart(FmnistError):
    """What keeps a worker from starting, or that none is there."""
