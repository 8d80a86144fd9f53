"""The command line: python -m fmnist."""

import click

from fmnist.commands.answers import evaluate, predict
from fmnist.commands.data import data
from fmnist.commands.doctor import doctor
from fmnist.commands.group import Commands
from fmnist.commands.repeat import repeat
from fmnist.commands.reproduce import reproduce
from fmnist.commands.resume import resume
from fmnist.commands.runs import export, runs
from fmnist.commands.train import train, worker


@click.group(cls=Commands)
def main() -> None:
    """Train a small network on Fashion-MNIST and ask it."""


for command in (data, train, resume, runs, evaluate, predict, export, repeat, reproduce, worker, doctor):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m fmnist")
