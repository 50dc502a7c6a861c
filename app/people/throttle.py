"""The lockout's table (R41): tries are counted and judged in one short unit of work, before any password is checked."""

import hashlib
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.db import db, unit_of_work
from app.core.jobs import periodic
from app.people import rules
from app.people.models import SignInThrottle
from app.people.writes import rows_met

FORGOTTEN_AFTER = timedelta(days=3)  # longer than any lock and its memory


def account_key(person, name):
    """The key under which tries from unknown browsers count: the account, or the name when there is none."""
    return _digest(f"person:{person.id}" if person else f"name:{name}")


def browser_key(person, browser_id):
    """The key under which tries from a browser count in which this account was signed in before."""
    return _digest(f"browser:{person.id}:{browser_id}")


def count(key, *, now):
    """Count one try; return whether its password may count. Inside a unit of work."""
    row = _locked_row(key, now)
    before = rules.Tries(row.failures, row.window_started_at, row.locked_until, row.locks)
    after, allowed = rules.count_try(before, now, **_limits())
    row.failures, row.window_started_at, row.locked_until, row.locks = (
        after.failures,
        after.window_started_at,
        after.locked_until,
        after.locks,
    )
    return allowed


def _limits():
    settings = current_app.extensions["settings"]
    return {"limit": settings.lockout_failures, "window": timedelta(minutes=settings.lockout_minutes)}


def _locked_row(key, now):
    """Return the key's row, new or old, locked: an update that changes nothing does all of it in one statement."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(SignInThrottle)
    held = insert.values(key=key, failures=0, window_started_at=now, locks=0)
    held = held.on_conflict_do_update(index_elements=["key"], set_={"key": key}).returning(SignInThrottle)
    return db.session.scalars(held, execution_options={"populate_existing": True}).one()


def clear(key):
    """Forget the tries after a right password, or because an administrator says so. Inside a unit of work."""
    return rows_met(delete(SignInThrottle).where(SignInThrottle.key == key))


def locked_until(person, *, now):
    """When the account's lock ends, or None while it is open."""
    until = db.session.scalar(select(SignInThrottle.locked_until).where(SignInThrottle.key == account_key(person, None)))
    return until if until is not None and until > now else None


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


@periodic("throttle.forget", timedelta(hours=6))
def forget_old_tries():
    """Delete the counts of names nobody tried lately."""
    with unit_of_work() as session:
        session.execute(delete(SignInThrottle).where(SignInThrottle.window_started_at < clock.now() - FORGOTTEN_AFTER))
