"""`flask` commands. Each part's own are in its `cli.py`; this module only gathers them and runs the worker."""

from importlib import import_module
from importlib.util import find_spec

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.core import audit, jobs, worker

PARTS = ("people", "courses", "notices", "bank", "papers", "exams", "trainings", "reports")
audit_cli = AppGroup("audit", help="The audit chain.")


def init_app(app):
    """Register the commands of all parts."""
    app.cli.add_command(audit_cli)
    app.cli.add_command(run_worker)
    app.cli.add_command(run_jobs)
    for part in PARTS:
        if find_spec(f"app.{part}.cli"):
            app.cli.add_command(import_module(f"app.{part}.cli").cli)


@click.command("worker")
@with_appcontext
def run_worker():
    """Run background jobs until stopped."""
    worker.main(current_app._get_current_object())


@click.command("run-jobs")
@with_appcontext
def run_jobs():
    """Run the jobs that are due, once, and stop."""
    jobs.run_periodic()
    click.echo(f"{jobs.run_all_due()} jobs")


@audit_cli.command("verify")
def verify_audit():
    """Check the audit chain from its first entry to its head."""
    count, broken = audit.verify()
    if broken:
        raise click.ClickException(f"entry {broken.seq}: {broken.why}")
    click.echo(f"{count} entries, all sound")
