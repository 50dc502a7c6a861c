"""Counting statements, for the tests of this part."""

import pytest
from sqlalchemy import event

from app.core.db import db


@pytest.fixture
def statements(app):
    """`statements(act)`: how many statements the database got while `act()` ran."""

    def count(act):
        seen = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        act()
        return len(seen)

    return count
