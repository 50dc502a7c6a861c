"""`flask` commands. Each part's own are in its `cli.py`; this module only gathers them and runs the worker."""

from importlib import import_module
from importlib.util import find_spec

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from app.core import audit, jobs, operations, worker

PARTS = ("people", "courses", "notices", "bank", "papers", "exams", "trainings", "reports")
audit_cli = AppGroup("audit", help="The audit chain.")


def init_app(app):
    """Register the commands of all parts."""
    app.cli.add_command(audit_cli)
    app.cli.add_command(run_worker)
    for command in (run_jobs, prepare, backup, restore, doctor):
        app.cli.add_command(command)
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


@click.command("prepare")
@click.option("--demo/--no-demo", default=False, help="Fill an empty database with labelled sample data.")
@with_appcontext
def prepare(demo):
    """Bring the database up to date; fill an empty one; say how to sign in. What `make run` calls."""
    from app.people.cli import create_admin
    from app.reports import first_start

    upgrade()
    if first_start.is_empty():
        if demo:
            first_start.load_sample(click.echo)
        else:
            click.get_current_context().invoke(create_admin, account="admin", name="管理员")
    if demo:
        first_start.tell_accounts(click.echo)


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False))
@with_appcontext
def backup(folder):
    """Write a checked backup of database, files and secret into FOLDER."""
    try:
        click.echo(operations.backup(folder))
    except operations.CannotBackUp as error:
        raise click.ClickException(str(error)) from None


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("into", type=click.Path(file_okay=False))
@with_appcontext
def restore(folder, into):
    """Check the backup in FOLDER and put it into the empty data folder INTO."""
    try:
        manifest = operations.restore(folder, into)
    except operations.CannotBackUp as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"restored what was stored at {manifest['made_at']}; start with ZHIZE_DATA_DIR={into}")


@click.command("doctor")
@with_appcontext
def doctor():
    """Check durability, disk, keys, files, worker, fonts and the audit chain."""
    findings = operations.examine()
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'LOOK'} {finding.name}: {finding.words}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)
