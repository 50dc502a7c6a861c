"""`flask people …`: the first administrator, one-time passwords, rosters."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.core.shell import LOCALES
from app.people import passwords, rules
from app.people.models import Person, Unit, UnitKind
from app.people.roster.lines import lines_of
from app.people.roster.problems import COLUMNS, FileRefused, refusal_words
from app.people.service import grants, people, rosters, units

cli = AppGroup("people", help="Units and people.")
ROOT_CODE = "0000"


@cli.command("create-admin")
@click.option("--account", default="admin", show_default=True, help="What the administrator signs in with.")
@click.option("--name", default="管理员", show_default=True)
def create_admin(account, name):
    """Make an administrator of everything and print a one-time password."""
    account = rules.sign_in_name(account)
    if not rules.is_account(account):
        raise click.ClickException("An account has 2 to 50 letters, digits or . _ - @ and begins with a letter or digit.")
    if db.session.scalar(select(Person.id).where(Person.account == account)) is not None:
        raise click.ClickException(
            f"The account {account} exists already. `flask people issue-password {account}` issues a new one-time password."
        )
    code, code_hash = _new_code()
    with unit_of_work():
        now = clock.now()
        root = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first() or _add_root(now)
        values = {"name": name, "account": account, "phone": None, "email": None, "position": "", "unit_id": root.id}
        person = people.add_person(values, now=now)
        grants.grant_role(None, person, rules.ADMINISTRATOR, root, "flask people create-admin", now=now)
        _issue(person, code_hash, now)
    _print_code(account, code)


def _add_root(now):
    name = current_app.extensions["settings"].bureau_name
    return units.add_unit({"code": ROOT_CODE, "name": name, "kind": UnitKind.BUREAU}, None, now=now)


@cli.command("issue-password")
@click.argument("account")
def issue_password(account):
    """Print a new one-time password for an account; its sign-ins end."""
    person = db.session.scalars(select(Person).where(Person.account == rules.sign_in_name(account))).one_or_none()
    if person is None:
        raise click.ClickException(f"There is no account {account}.")
    code, code_hash = _new_code()
    with unit_of_work():
        _issue(db.session.get(Person, person.id), code_hash, clock.now())
    _print_code(account, code)


def _new_code():
    code = passwords.new_code()
    return code, passwords.hash_password(code)


def _issue(person, code_hash, now):
    people.issue_password(None, person, code_hash, now=now, days=current_app.extensions["settings"].issued_password_days)


def _print_code(account, code):
    days = current_app.extensions["settings"].issued_password_days
    click.echo(f"account:           {account}")
    click.echo(f"one-time password: {code}")
    click.echo(f"It works once, within {days} days, and is replaced at the first sign-in. It is not shown again.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option(
    "--deactivate-missing", is_flag=True, help="Close the accounts of people of the listed units who are not in the file."
)
def import_roster(file, dry_run, deactivate_missing):
    """Show what a roster (.xlsx, .xls, .csv) would do, then do it. Exit code 1 when the file is refused."""
    with force_locale(LOCALES[0]):
        try:
            plan, stored = rosters.plan_of(file.read_bytes(), file.name, None, deactivate_missing=deactivate_missing)
        except FileRefused as refusal:
            raise click.ClickException(refusal_words(refusal.code, refusal.values)) from None
        _print_plan(plan, stored)
    if dry_run or not plan.has_work:
        return
    with unit_of_work():
        rosters.carry_out(plan, "command", file.name)
    click.echo("已导入。")


TITLES = {
    "unit_add": "新增单位", "unit_change": "修改单位", "add": "新增人员", "change": "修改人员", "move": "调动人员", "deactivate": "停用账号", "problem": "有问题的行",
}  # fmt: skip


def _print_plan(plan, stored):
    lines = lines_of(plan, stored)
    for kind, title in TITLES.items():
        found = [line for line in lines if line["kind"] == kind]
        if found:
            click.echo(f"{title}（{len(found)}）")
        for line in found if kind != "problem" else ():
            fields = "；".join(
                f"{COLUMNS[name]} {before or '（空）'} → {after or '（空）'}" if before else f"{COLUMNS[name]} {after}"
                for name, before, after in line["fields"]
            )
            place = f"第 {line['row']} 行 " if line["row"] else "名单中没有 "
            click.echo(f"  {place}{line['title']}{' ' + line['where'] if line['where'] else ''}  {fields}")
    for problem in plan.problems:
        click.echo(f"  第 {problem.row} 行「{COLUMNS[problem.column]}」{problem.words}")
    counts = plan.counts
    click.echo(
        f"共 {counts['rows']} 行：新增 {counts['add']}，修改 {counts['change']}，调动 {counts['move']}，停用 {counts['deactivate']}，不变 {counts['unchanged']}，有问题 {counts['bad']}。"
    )
