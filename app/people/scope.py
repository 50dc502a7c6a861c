"""Scope in the query (R53): which units a person holds a permission for, as SQL. Without a scope nothing is seen."""

from sqlalchemy import false, or_, select

from app.people.models import Unit


def units_for(person, permission):
    """Return a select of the ids of all units under which `person` holds `permission`; empty when there are none."""
    return select(Unit.id).where(under(Unit.path, person.scope_paths(permission)))


def under(column, paths):
    """Return the SQL condition "this unit path lies under one of `paths`"; false for no paths (fails closed)."""
    return or_(*(column.startswith(path, autoescape=True) for path in paths)) if paths else false()
