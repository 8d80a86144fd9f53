"""The command `doctor`: checks of this installation."""

import json
from dataclasses import asdict

import click

from fmnist.cli.group import as_json


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check this installation, and print what is wrong and how to fix it. Downloads nothing.

    Exit code: 0 when all is well, 1 when something is wrong.
    """
    from fmnist.doctor import examine

    findings = examine()
    if as_json:
        click.echo(json.dumps([{**asdict(finding), "well": finding.well} for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok' if finding.well else 'WRONG':<6} {finding.subject:<10} {finding.text}")
            if not finding.well:
                click.echo(f"{'':<17} → {finding.remedy}")
    context.exit(0 if all(finding.well for finding in findings) else 1)
