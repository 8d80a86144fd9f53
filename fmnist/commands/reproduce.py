"""The command that trains again what came with the project."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fmnist.commands.data import located_files, opened_dataset
from fmnist.commands.train import INTERRUPTED
from fmnist.commands.watching import Report, follow, interruption
from fmnist.recipe import BEST
from fmnist.settings import Settings

if TYPE_CHECKING:
    from fmnist.runs.desk import Desk
    from fmnist.runs.record import Run


@click.command()
@click.option("--teacher", is_flag=True, help="First train the larger network, too, whose answers Best learns from.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Where the network is "
              "written.  [default: fmnist/pretrained]")  # fmt: skip
@click.pass_context
def reproduce(context: click.Context, teacher: bool, into: Path | None) -> None:
    """Train again what came with the project, and write it in its place.

    The run is the page's too. Ctrl-C asks it to stop, and the same command goes on with it.

    Exit code: 0 when the network is written, 1 when the training failed, 130 when it was stopped.
    """
    from fmnist.pretrained import FOLDER, TEACHER
    from fmnist.runs.attendant import Attendant
    from fmnist.runs.desk import Desk
    from fmnist.runs.project_run import packed

    into = into or FOLDER
    settings = Settings.from_environment()
    located_files(settings)
    if teacher:
        from fmnist.training.teacher import train_teacher, write_answers

        dataset = opened_dataset(settings)
        model = train_teacher(dataset, BEST.training_images, click.echo)
        write_answers(model, dataset.train.images, TEACHER)
    with interruption() as interrupted, closing(Desk(settings)) as desk:
        run = _begun(desk)
        with Attendant(settings, desk.store, "command"), Report(False, settings.external_workers) as report:
            run = follow(desk, run.id, report, interrupted)
        report.end(run)
        if run.status == "failed":
            raise click.ClickException(str(run.failure))
        if len(run.epochs) < BEST.epochs:
            context.exit(INTERRUPTED)
        into.mkdir(parents=True, exist_ok=True)
        packed(desk.store, run).write(into)
    click.echo(f"{into}: {sum(file.stat().st_size for file in into.iterdir()):,} bytes")


def _begun(desk: "Desk") -> "Run":
    """The run of Best that was begun last and is not at its end, going on; else a new one."""
    for run in desk.store.runs():
        if run.recipe == BEST and run.active:
            return run
        if run.recipe == BEST and run.status == "stopped" and 0 < len(run.epochs) < BEST.epochs:
            return desk.extend(run.id, BEST.epochs - len(run.epochs))
    return desk.submit(BEST, "terminal")
