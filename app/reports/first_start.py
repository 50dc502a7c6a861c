"""What `make run` does with an empty database: labelled sample data, or a first administrator. A filled one is left alone."""

from sqlalchemy import select

from app.core.db import db
from app.people import demo_accounts
from app.people.models import Person


def fill(*, demo, say):
    """Fill an empty database; tell through `say(line)` where to go and how to sign in."""
    if db.session.scalar(select(Person.id).limit(1)) is None:
        db.session.rollback()
        if demo:
            from app.reports.sample import loader

            say("知责: loading sample data (53 fictional units, about 600 fictional people) …")
            loader.load()
        else:
            _first_administrator(say)
    db.session.rollback()
    for role, account, password in demo_accounts():
        say(f"  {role:　<8} {account:<10} {password}")


def _first_administrator(say):
    from app.people.service import first

    account, password = first.create_admin()
    say(f"知责: sign in as {account} with the one-time password {password} and choose your own.")
