"""Recipe: a validated training configuration, and the named recipes. Imports nothing heavy."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self, get_args

from fmnist.errors import InvalidRecipe

Validation = Literal["held_out", "test"]
# "adam" as in the notebook; "muon" in a fraction of the time, with batch normalisation while training, warm-up, cosine
# decay and averaged weights. Both train the same architecture.
Optimizer = Literal["adam", "muon"]
# Keras's default for Adam, and Fast's for Muon, which learns next to nothing in an epoch with Adam's.
LEARNING_RATES: dict[Optimizer, float] = {"adam": 1e-3, "muon": 0.06}
# In place of a learning rate: the optimizer's default.
OWN_RATE: Any = object()

TRAINING_IMAGES = 60_000
HELD_OUT_IMAGES = 5_000

# The minimum and maximum of each number, for the page's inputs and the command line's options, too.
LIMITS: dict[str, tuple[float, float]] = {
    "epochs": (1, 200),
    "batch_size": (16, 2_048),
    "learning_rate": (1e-5, 1.0),
    "seed": (0, 2**32 - 1),
    "training_images": (100, TRAINING_IMAGES),
}


@dataclass(frozen=True)
class Recipe:
    """Configuration of one training. Raises InvalidRecipe when a value is outside its limits."""

    # Enough to see the curve flatten, short enough to wait for.
    epochs: int = 5
    # 128 keeps two cores busier than the notebook's 32, at nearly the same accuracy an epoch.
    batch_size: int = 128
    learning_rate: float = OWN_RATE
    # Of the initial weights and of the order of the images.
    seed: int = 0
    # With settings chosen on held-out images, the test accuracy stays unbiased.
    validation: Validation = "held_out"
    # Counted from the first image.
    training_images: int = TRAINING_IMAGES - HELD_OUT_IMAGES
    # The notebook's.
    optimizer: Optimizer = "adam"
    # Random shifts, flips and erasing in every epoch: slower to learn, less overfitting.
    augmentation: bool = False
    # Learn from the soft labels of larger networks, too, which are included.
    distillation: bool = False

    def __post_init__(self) -> None:
        if self.optimizer not in get_args(Optimizer):
            raise InvalidRecipe("optimizer is {value!r}; choose 'adam' or 'muon'.", value=self.optimizer)
        if self.learning_rate is OWN_RATE:
            object.__setattr__(self, "learning_rate", LEARNING_RATES[self.optimizer])
        for field, (least, most) in LIMITS.items():
            value = getattr(self, field)
            kinds = (int, float) if field == "learning_rate" else (int,)
            if type(value) not in kinds or not least <= value <= most:
                raise _outside(field, value)
        if self.validation not in get_args(Validation):
            raise InvalidRecipe("validation is {value!r}; choose 'held_out' or 'test'.", value=self.validation)
        for field in ("augmentation", "distillation"):
            value = getattr(self, field)
            if type(value) is not bool:
                raise InvalidRecipe("{field} is {value!r}; choose true or false.", field=field, value=value)
        if self.validation == "held_out" and self.training_images > TRAINING_IMAGES - HELD_OUT_IMAGES:
            raise InvalidRecipe(
                "training_images is {value:,}; with 5,000 images held out, choose at most 55,000.",
                value=self.training_images,
            )

    @property
    def name(self) -> str:
        """The name of the recipe with these settings, whatever the seed; else 'custom'."""
        return next((name for name, named in NAMED.items() if replace(self, seed=named.seed) == named), "custom")

    def changed(self, **settings: Any) -> Self:
        """Return the recipe with some settings changed; another optimizer resets the learning rate to its default."""
        own = {"learning_rate": OWN_RATE} if settings.get("optimizer", self.optimizer) != self.optimizer else {}
        return replace(self, **own | settings)

    def to_json(self) -> str:
        """Return one line of JSON with every setting."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse the JSON of `to_json`. Raises InvalidRecipe for other text or unknown settings."""
        known = {field.name for field in fields(cls)}
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise InvalidRecipe("{text!r} is not a JSON object of settings; the settings are {known}.",
                                text=text[:200], known=", ".join(sorted(known)))  # fmt: skip
        if unknown := sorted(set(values) - known):
            raise InvalidRecipe("There is no setting {unknown}; the settings are {known}.",
                                unknown=", ".join(unknown), known=", ".join(sorted(known)))  # fmt: skip
        return cls(**values)


def _outside(field: str, value: object) -> InvalidRecipe:
    least, most = LIMITS[field]
    if field == "learning_rate":
        return InvalidRecipe("{field} is {value!r}; choose a number from {least:g} to {most:g}.",
                             field=field, value=value, least=least, most=most)  # fmt: skip
    return InvalidRecipe("{field} is {value!r}; choose a whole number from {least:,} to {most:,}.",
                         field=field, value=value, least=least, most=most)  # fmt: skip


# The settings of the student's notebook, which validates on the test set.
NOTEBOOK = Recipe(epochs=10, batch_size=32, validation="test", training_images=TRAINING_IMAGES)

# More accurate than the notebook in its second epoch; chosen on the held-out images, see docs/experiments/fast.md.
FAST = Recipe(epochs=3, batch_size=256, optimizer="muon")

# Trained for accuracy: docs/accuracy.md.
BEST = Recipe(epochs=100, batch_size=256, learning_rate=0.04, optimizer="muon", augmentation=True, distillation=True)

NAMED: dict[str, Recipe] = {"fast": FAST, "notebook": NOTEBOOK, "best": BEST}
