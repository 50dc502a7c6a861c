"""`flask bank …`: look at a question file without storing anything, import one, load the shipped questions."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

cli = AppGroup("bank", help="Question banks and question files.")
MOST_LINES = 40  # of a list of problems or skipped questions


@cli.command("recognise", with_appcontext=False)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the documented JSON (docs/recogniser.md).")
def recognise_command(file, as_json):
    """Recognise the questions in FILE and print them; needs no database."""
    from app.bank.recogniser import report_text

    found = _recognised(file)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(report_text(found), nl=False)
    if any(problem.is_error for problem in found.all_problems()):
        raise SystemExit(1)


def _recognised(file):
    from app.bank.recogniser import SourceRefused, recognise_file

    try:
        return recognise_file(file.name, file.read_bytes())
    except SourceRefused as refusal:
        raise click.ClickException(refusal.message) from None


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", "bank_name", required=True, help="Name of the bank; it is made if there is none.")
@click.option("--unit", "unit_code", help="Code of the unit that a new bank belongs to; the topmost unit if left out.")
def import_command(file, bank_name, unit_code):
    """Import the good questions of FILE; what the bank has already is skipped, what has a problem is listed."""
    from app.bank.imports.drafts import draft_of
    from app.bank.service import store_questions
    from app.core import clock
    from app.core.db import unit_of_work

    found = _recognised(file)
    lines = found.text.split("\n")
    usable = found.usable
    with unit_of_work():
        bank = _bank(bank_name, unit_code, clock.now())
        stored = store_questions(
            bank.id, [draft_of(one, lines) for one in usable], author=None, now=clock.now(), filename=file.name
        )
    counts = {"stored": stored.count, "known": len(stored.skipped), "wrong": len(found.questions) - len(usable)}
    click.echo(_("%(bank)s: %(stored)s stored, %(known)s in the bank already, %(wrong)s to be mended", bank=bank_name, **counts))
    _print(_skipped_words(usable[place], same, usable) for place, same in stored.skipped)
    _print(
        _("Line %(line)s: %(words)s", line=problem.line or "?", words=problem.message)
        for problem in found.all_problems()
        if problem.is_error
    )


def _skipped_words(question, same, usable):
    number = getattr(same, "number", None)
    if number is None:
        return _("Line %(line)s: the same as line %(first)s", line=question.lines[0], first=usable[same.place].lines[0])
    return _("Line %(line)s: the same as question %(number)s", line=question.lines[0], number=f"{number:04}")


def _print(sentences):
    listed = list(sentences)
    for sentence in listed[:MOST_LINES]:
        click.echo(f"  {sentence}")
    if len(listed) > MOST_LINES:
        click.echo("  " + ngettext("and %(num)s more", "and %(num)s more", len(listed) - MOST_LINES))


def _bank(name, unit_code, now):
    """Return the bank of that name, making it in the named unit. Raises ClickException."""
    from sqlalchemy import select

    from app.bank.models import Bank
    from app.bank.service import create_bank
    from app.core.db import db

    bank = db.session.scalars(select(Bank).where(Bank.name == name)).one_or_none()
    unit = _unit(unit_code) if bank is None or unit_code else None
    if bank is not None and unit is not None and bank.unit_id != unit.id:
        raise click.ClickException(_("The bank “%(name)s” belongs to another unit. Choose another name.", name=name))
    return bank or create_bank(unit, name, "", author=None, now=now)


def _unit(code):
    from sqlalchemy import select

    from app.core.db import db
    from app.people.models import Unit

    query = select(Unit).where(Unit.code == code) if code else select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    unit = db.session.scalars(query.limit(1)).first()
    if unit is None:
        raise click.ClickException(
            _("There is no unit with the code %(code)s.", code=code) if code else _("There is no unit yet. Make one first.")
        )
    return unit


@cli.command("load-shipped")
@with_appcontext
def load_shipped_command():
    """Load the questions that come with the product into banks of the topmost unit. Safe to run again."""
    from app.bank.service import load_shipped
    from app.bank.service.shipped import shipped_drafts
    from app.core import clock
    from app.core.db import unit_of_work

    shipped_drafts()  # read before the unit of work begins
    with unit_of_work():
        counts = load_shipped(_unit(None), clock.now())
    for name, count in counts.items():
        click.echo(f"  {name}  {count}")
    click.echo(_("%(count)s questions in all", count=sum(counts.values())))
