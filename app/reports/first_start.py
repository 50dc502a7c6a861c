"""What `make run` does with an empty database: labelled sample data. A filled one is left alone."""

from sqlalchemy import select

from app.core.db import db
from app.people import demo_accounts
from app.people.models import Person


def is_empty():
    """True when nobody is stored yet."""
    empty = db.session.scalar(select(Person.id).limit(1)) is None
    db.session.rollback()
    return empty


def load_sample(say):
    """Load the sample data into an empty database."""
    from app.reports.sample import loader

    say("知责: loading sample data (53 fictional units, about 600 fictional people) …")
    loader.load()


def tell_accounts(say):
    """Say how to sign in with the sample data; nothing when there is none."""
    for role, account, password in demo_accounts():
        say(f"  {account:<10} {password}  {role}")
