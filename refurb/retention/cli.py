"""`refurb retention`: what the next night would forget, the night at once, the documents that are drawn from the terms."""

import sys

import click
from flask.cli import AppGroup

from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.retention import NightIsOver, run_now, tonight
from refurb.retention import register

retention = AppGroup("retention", help="What is kept about people, and when it is forgotten.")


@retention.command("dry-run")
def show_tonight() -> None:
    """Say what the next night would forget, a line for each sort; nothing is changed."""
    for each in tonight():
        if each.due or each.held:
            click.echo(f"{each.term.key}: {each.before} before, {each.due} to forget, {each.held} frozen, {each.after} after")
    click.echo("nothing was changed")


@retention.command("run")
def forget_now() -> None:
    """Do today's night now, or what is left of it; a second run of the same day is refused."""
    try:
        run = run_now(SERVICE)
    except NightIsOver as over:
        raise click.ClickException("the night of this day is done") from over
    for each in run.tallies:
        if each.erased or each.held or each.fault:
            failed = f", failed: {each.fault}" if each.fault else ""
            click.echo(f"{each.term}: {each.before} before, {each.erased} forgotten, {each.held} frozen, {each.after} after{failed}")
    click.echo(f"{run.erased} forgotten")
    if run.has_failed:
        sys.exit(1)


@retention.command("draw")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a document is stale.")
def draw_register(*, check: bool) -> None:
    """Draw the register of processing and the draft of the impact assessment into docs/."""
    stale = register.refreshed(write=not check)
    for name in stale:
        click.echo(f"{'stale' if check else 'drawn'}: docs/{name}")
    if check and stale:
        sys.exit(1)
