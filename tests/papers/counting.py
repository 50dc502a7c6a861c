"""Counting statements: a page's number of queries must not grow with its rows."""

from sqlalchemy import event

from app.core.db import db


def counter(app):
    """Return `count(act)`: how many statements the database got while `act()` ran."""
    with app.app_context():
        engine = db.engine

    def count(act):
        seen = []

        def note(*args):
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count
