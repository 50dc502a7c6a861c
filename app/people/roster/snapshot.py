"""What is stored, read in three queries for a plan."""

from sqlalchemy import select

from app.core.db import db
from app.people.models import Person, RoleGrant, Unit
from app.people.roster.facts import PersonFact, Stored, UnitFact

EVERYTHING = ("/",)  # the paths of a command on the server: all units


def stored_for(actor):
    """Return what is Stored, seen by `actor`; None means a command on the server, which may do everything."""
    units = select(
        Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.kind, Unit.parent_id, Unit.path, Unit.version, Unit.is_active
    )
    people = select(
        Person.id,
        Person.unit_id,
        Person.name,
        Person.account,
        Person.phone,
        Person.email,
        Person.position,
        Person.is_active,
        Person.version,
    )
    grants: dict = {}
    for person_id, role, unit_id in db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.revoked_at.is_(None))
    ):
        grants.setdefault(person_id, set()).add((role, unit_id))
    return Stored(
        {
            row.id: UnitFact(row.id, row.code, row.name, row.short_name, str(row.kind), *row[5:])
            for row in db.session.execute(units)
        },
        {row.id: PersonFact(*row) for row in db.session.execute(people)},
        grants,
        actor.id if actor else None,
        tuple(actor.scope_paths("people.import")) if actor else EVERYTHING,
    )
