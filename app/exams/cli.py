"""`flask exams …`: what the worker does, once."""

import click
from flask.cli import AppGroup

from app.core import clock
from app.exams.service import closing

cli = AppGroup("exams", help="Sittings and attempts.")


@cli.command("close-due")
def close_due():
    """Close attempts whose time is over and mark what waits."""
    closed, marked = closing.close_due(now=clock.now())
    click.echo(f"{closed} closed, {marked} marked")
