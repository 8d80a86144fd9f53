"""What all commands share: how a failure is said, and the --json flag."""

import click

from fmnist.errors import FmnistError

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for a program to read.")


class Refusal(click.ClickException):
    """What was asked cannot be done: one sentence on stderr, exit code 2."""

    exit_code = 2


class Commands(click.Group):
    """A group whose commands end with a Refusal where the core raises one of its own exceptions."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except FmnistError as error:
            raise Refusal(str(error)) from error
