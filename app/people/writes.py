"""How many rows a statement met: what guards written into a WHERE are judged by (R21)."""

from typing import cast

from sqlalchemy import CursorResult

from app.core.db import db


def rows_met(statement):
    """Run an UPDATE or DELETE inside the present unit of work; return how many rows it met."""
    return cast("CursorResult", db.session.execute(statement)).rowcount
