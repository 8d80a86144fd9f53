"""The command line: python -m fmnist."""

import click

from fmnist.cli.check_determinism import check_determinism
from fmnist.cli.data import data
from fmnist.cli.doctor import doctor
from fmnist.cli.evaluate import evaluate
from fmnist.cli.group import Commands
from fmnist.cli.predict import predict
from fmnist.cli.reproduce import reproduce
from fmnist.cli.resume import resume
from fmnist.cli.runs import export, runs
from fmnist.cli.train import train, worker


@click.group(cls=Commands)
def main() -> None:
    """Train a small network on Fashion-MNIST, and evaluate it."""


for command in (data, train, resume, runs, evaluate, predict, export, check_determinism, reproduce, worker, doctor):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m fmnist")
