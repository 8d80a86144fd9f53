"""The command `reproduce`: trains the included network again."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fmnist.cli.data import fetch_dataset, fetch_files
from fmnist.cli.follow import INTERRUPTED, POLL_SECONDS, Interruption, Report, trained
from fmnist.cli.group import write_errors
from fmnist.recipe import BEST
from fmnist.settings import Settings
from fmnist.system.files import check_writable

if TYPE_CHECKING:
    from fmnist.runs.record import Run
    from fmnist.runs.store import Store

ANOTHER = "another folder with --into"


@click.command()
@click.option("--teachers", is_flag=True, help="First train the teachers, whose soft labels Best learns from.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Where the network is "
              "written.  [default: fmnist/pretrained]")  # fmt: skip
@click.pass_context
def reproduce(context: click.Context, teachers: bool, into: Path | None) -> None:
    """Train the included network again, and write it in its place.

    The page shows the run, too. Ctrl-C stops it. The same command resumes a run that was stopped or failed.

    Exit code: 0 when the network is written, 1 when the training failed, 2 when the network cannot be written, 130 when
    it was stopped.
    """
    from fmnist.pretrained import FOLDER, TEACHERS
    from fmnist.runs.ood import write_distances
    from fmnist.runs.seed_export import pretrained_network

    into = into or FOLDER
    for folder in (into, TEACHERS.parent) if teachers else (into,):
        with write_errors(folder, ANOTHER):
            check_writable(folder)  # before an hour's work
    settings = Settings.from_environment()
    fetch_files(settings)
    if teachers:
        from fmnist.training.distillation.teacher import predict_out_of_fold, write_soft_labels

        train = fetch_dataset(settings).train
        logits = predict_out_of_fold(train.images, train.labels[: BEST.training_images], click.echo)
        write_soft_labels(logits, TEACHERS)
    with trained(_resumed_or_new, as_json=False) as (store, run, report, interrupted):
        if len(run.epochs) < BEST.epochs or not _await_maps(store, run.id, report, interrupted):
            context.exit(INTERRUPTED)
        with write_errors(into, ANOTHER):
            into.mkdir(parents=True, exist_ok=True)
            pretrained_network(store, run).write(into)
            write_distances(into, fetch_dataset(settings).train)
    click.echo(f"{into}: {sum(file.stat().st_size for file in into.iterdir()):,} bytes")


def _await_maps(store: "Store", run_id: str, report: Report, interrupted: Interruption) -> bool:
    """Wait until the maps of the run are computed; False when interrupted."""
    from fmnist.runs.seed_export import MAPS

    for name in MAPS:
        store.jobs.request(run_id, name)
    report.message("Making its maps of the test images.")
    while not interrupted.presses:
        # Request them again: those of a run that was resumed meanwhile are deleted.
        maps = [store.jobs.state(run_id, name) or store.jobs.request(run_id, name) for name in MAPS]
        for each in maps:
            if each.status == "failed":
                raise click.ClickException(str(each.failure))
            if each.failure:  # no worker can start; another is started later
                report.message(str(each.failure))
        if all(each.status == "succeeded" for each in maps):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _resumed_or_new(store: "Store") -> "Run":
    """Resume the newest run of Best that lacks an epoch or a map, else submit a new one."""
    from fmnist.runs.seed_export import MAPS

    for run in store.runs():
        if run.recipe != BEST or run.origin == "project":
            continue
        unmapped = run.status == "succeeded" and any(store.jobs.result(run.id, name) is None for name in MAPS)
        if run.active or unmapped:
            return run
        if run.status in ("stopped", "failed") and 0 < len(run.epochs) < BEST.epochs:
            return store.extend(run.id, BEST.epochs - len(run.epochs))
    return store.submit(BEST, "terminal")
