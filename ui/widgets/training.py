"""The start of a training by this tab."""

import secrets
from dataclasses import replace

from fmnist.recipe import Recipe
from fmnist.runs.record import Run
from ui.server import resources
from ui.state.session import session

# Seeds are drawn below it: short enough to be read out and typed in.
DRAWN_SEEDS = 1_000_000


def start_training(recipe: Recipe, runs: list[Run], seed: int | None = None) -> None:
    """Submit a run of the recipe and show it.

    While a run of this tab is in training and in view, it stays in view: the new one waits.
    Without a `seed` it is drawn: two runs of a recipe are two networks.
    """
    state = session()
    watched = any(run.active and run.id in state.submitted for run in runs if run.id == state.run)
    recipe = replace(recipe, seed=secrets.randbelow(DRAWN_SEEDS) if seed is None else seed)
    submitted = resources.store().submit(recipe, "page").id
    state.submitted += (submitted,)
    if not watched:
        state.trained = submitted
        state.choose(run=submitted, train_view="training")
    resources.supervisor().wake()
