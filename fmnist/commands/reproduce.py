"""The command that trains again what came with the project."""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fmnist.commands.data import located_files, opened_dataset
from fmnist.commands.train import INTERRUPTED
from fmnist.commands.watching import POLL_SECONDS, Interruption, Report, follow, interruption
from fmnist.recipe import BEST
from fmnist.settings import Settings

if TYPE_CHECKING:
    from fmnist.runs.desk import Desk
    from fmnist.runs.record import Run


@click.command()
@click.option("--teachers", is_flag=True, help="First train the larger networks, too, whose answers Best learns from.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Where the network is "
              "written.  [default: fmnist/pretrained]")  # fmt: skip
@click.pass_context
def reproduce(context: click.Context, teachers: bool, into: Path | None) -> None:
    """Train again what came with the project, and write it in its place.

    The run is the page's too. Ctrl-C asks it to stop, and the same command goes on with it.

    Exit code: 0 when the network is written, 1 when the training failed, 130 when it was stopped.
    """
    from fmnist.pretrained import FOLDER, TEACHERS
    from fmnist.runs.attendant import Attendant
    from fmnist.runs.desk import Desk
    from fmnist.runs.project_run import from_store

    into = into or FOLDER
    settings = Settings.from_environment()
    located_files(settings)
    if teachers:
        from fmnist.training.teacher import ask_teachers, write_answers

        known = opened_dataset(settings).train
        write_answers(ask_teachers(known.images, known.labels[: BEST.training_images], click.echo), TEACHERS)
    with interruption() as interrupted, closing(Desk(settings)) as desk:
        run = _begun(desk)
        with Attendant(settings, desk.store, "command"), Report(False, settings.external_workers) as report:
            run = follow(desk, run.id, report, interrupted)
            report.end(run)
            if run.status == "failed":
                raise click.ClickException(str(run.failure))
            if len(run.epochs) < BEST.epochs or not _mapped(desk, run.id, report, interrupted):
                context.exit(INTERRUPTED)
        into.mkdir(parents=True, exist_ok=True)
        from_store(desk.store, run).write(into)
    click.echo(f"{into}: {sum(file.stat().st_size for file in into.iterdir()):,} bytes")


def _mapped(desk: "Desk", run_id: str, report: Report, interrupted: Interruption) -> bool:
    """Wait until the maps of the run are computed; False when interrupted."""
    from fmnist.runs.project_run import MAPS

    for name in MAPS:
        desk.request(run_id, name)
    report.say("Making its maps of the test images.")
    while not interrupted.presses:
        computations = [desk.store.computations.state(run_id, name) for name in MAPS]
        failure = next((each.failure for each in computations if each.failure), None)
        if failure:
            raise click.ClickException(str(failure))
        if all(each.status == "done" for each in computations):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _begun(desk: "Desk") -> "Run":
    """The run of Best that was begun last and lacks an epoch or a map, going on; else a new one."""
    from fmnist.runs.project_run import MAPS

    for run in desk.store.runs():
        if run.recipe != BEST or run.origin == "project":
            continue
        unmapped = run.status == "succeeded" and any(
            desk.store.computations.result(run.id, name) is None for name in MAPS
        )
        if run.active or unmapped:
            return run
        if run.status == "stopped" and 0 < len(run.epochs) < BEST.epochs:
            return desk.extend(run.id, BEST.epochs - len(run.epochs))
    return desk.submit(BEST, "terminal")
