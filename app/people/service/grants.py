"""Granting and revoking roles (R50, R54): never one's own, never beyond one's own units. Inside a unit of work."""

from sqlalchemy.exc import IntegrityError

from app.core.audit import record
from app.core.db import db
from app.people import rules
from app.people.errors import AlreadyGranted, AuditorAlone, BeyondYourUnits, NotYourself
from app.people.models import RoleGrant


def grant_role(actor, person, role, unit, reason, *, now):
    """Give `person` a role for `unit` and all below it. actor: who grants; None for a command.

    Raises NotYourself, BeyondYourUnits, AuditorAlone, AlreadyGranted.
    """
    if actor is not None:
        if actor.id == person.id:
            raise NotYourself
        if not actor.may_in("grant.write", unit):
            raise BeyondYourUnits
    held = {grant.role for grant in person.grants}
    if rules.roles_clash(held | {role}):
        raise AuditorAlone
    grant = RoleGrant(person_id=person.id, role=role, unit_id=unit.id, granted_at=now, granted_by_id=actor.id if actor else None)
    db.session.add(grant)
    try:
        db.session.flush()
    except IntegrityError:
        raise AlreadyGranted from None
    record("grant.add", person, after={"role": role, "unit": unit.code}, reason=reason, actor=actor or "command")
    return grant


def revoke_role(actor, person, grant, reason, *, now):
    """Take a role away; it ends at the person's next request. Raises NotYourself, BeyondYourUnits."""
    if actor.id == person.id:
        raise NotYourself
    if not actor.may_in("grant.write", grant.unit):
        raise BeyondYourUnits
    if grant.revoked_at is None:
        grant.revoked_at = now
        record("grant.revoke", person, before={"role": grant.role, "unit": grant.unit.code}, reason=reason)
