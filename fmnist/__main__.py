"""The command line: python -m fmnist."""

import click

from fmnist.settings import Settings


@click.group()
def main() -> None:
    """Train a small network on Fashion-MNIST and ask it."""


@main.command()
@click.option("--local", is_flag=True, help="End with the last web server, rest when idle.")
def worker(local: bool) -> None:
    """Train the runs that wait, until Ctrl-C."""
    from fmnist.worker import work

    work(Settings.from_environment(), local=local)


if __name__ == "__main__":
    main(prog_name="python -m fmnist")
