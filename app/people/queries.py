"""Reads of this part. What a person may see is narrowed in SQL by scope (R53)."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.pages import like
from app.people import rules
from app.people.models import Person, Post, RoleGrant, SignIn, Unit, UnitKind
from app.people.scope import under


def find_by_name(typed):
    """Return the person whose account or phone was typed at sign-in, or None; an account goes before a phone."""
    name = rules.sign_in_name(typed)
    found = db.session.scalars(select(Person).where(or_(Person.account == name, Person.phone == rules.phone_digits(name)))).all()
    return min(found, key=lambda person: person.account != name, default=None)


def posts_of(person_id):
    """All posts of a person, the present ones first, then the newest."""
    rows = db.session.scalars(select(Post).options(joinedload(Post.unit)).where(Post.person_id == person_id)).all()
    return sorted(rows, key=lambda post: (post.ended_on is None, post.started_on, post.id), reverse=True)


def live_sign_ins(person_id, *, now):
    """The sign-ins of a person that may still be in use, the latest used first."""
    oldest = now - timedelta(hours=current_app.extensions["settings"].session_hours)
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.created_at > oldest)
    return db.session.scalars(query.order_by(SignIn.last_seen_at.desc()).limit(50)).all()


def sign_ins_of(person_id):
    """The latest thousand sign-ins of a person."""
    return db.session.scalars(
        select(SignIn).where(SignIn.person_id == person_id).order_by(SignIn.created_at.desc()).limit(1000)
    ).all()


KIND_ORDER = case({kind.value: place for place, kind in enumerate(UnitKind)}, value=Unit.kind, else_=99)
IN_BOARD_ORDER = (KIND_ORDER, Unit.sort, Unit.name, Unit.id)


def units_in(paths):
    """A select of the units under `paths`, in the order of the board of units."""
    return select(Unit).where(under(Unit.path, paths)).order_by(*IN_BOARD_ORDER)


def unit_rows(paths, q=None, state="active"):
    """A select of (Unit, name of the unit above, active people in it, names of its liaisons are read apart) for the list of units."""
    above = aliased(Unit)
    people = select(func.count()).where(Person.unit_id == Unit.id, Person.is_active).scalar_subquery()
    query = select(Unit, above.name, people).outerjoin(above, above.id == Unit.parent_id).where(under(Unit.path, paths))
    if q:
        query = query.where(
            or_(
                Unit.name.ilike(like(q), escape="\\"),
                Unit.short_name.ilike(like(q), escape="\\"),
                Unit.code.ilike(like(q), escape="\\"),
            )
        )
    if state:
        query = query.where(Unit.is_active == (state == "active"))
    return query.order_by(*IN_BOARD_ORDER)


def liaisons_of(unit_ids):
    """Return {unit id: [names]} of the present liaisons granted for exactly these units."""
    query = select(RoleGrant.unit_id, Person.name).join(Person, Person.id == RoleGrant.person_id)
    query = query.where(
        RoleGrant.unit_id.in_(unit_ids), RoleGrant.role == rules.LIAISON, RoleGrant.revoked_at.is_(None), Person.is_active
    )
    names: dict = {}
    for unit_id, name in db.session.execute(query.order_by(Person.name)):
        names.setdefault(unit_id, []).append(name)
    return names


def people_in(paths, wanted, *, by_phone=False):
    """A select of the people of units under `paths` that a PeopleFilter wants, with unit and roles.

    by_phone: whether numbers are searched too; not for readers to whom they are shown masked.
    """
    query = select(Person).join(Unit, Unit.id == Person.unit_id).where(under(Unit.path, paths))
    query = query.options(selectinload(Person.grants))
    if wanted.q:
        fields = [Person.name, Person.account, *([Person.phone] if by_phone else [])]
        query = query.where(or_(*(field.ilike(like(wanted.q), escape="\\") for field in fields)))
    if wanted.unit:
        query = query.where(Unit.path.contains(f"/{int(wanted.unit)}/"))
    if wanted.role:
        query = query.where(
            Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == wanted.role, RoleGrant.revoked_at.is_(None)))
        )
    if wanted.state:
        query = query.where(Person.is_active == (wanted.state != "stopped"))
    if wanted.state == "no_password":
        query = query.where(Person.password_hash.is_(None))
    return query.order_by(*IN_BOARD_ORDER, Person.name, Person.id)


def person_in(paths, person_id):
    """A select of one person, if in a unit under `paths`."""
    return select(Person).join(Unit, Unit.id == Person.unit_id).where(Person.id == person_id, under(Unit.path, paths))


def unit_in(paths, unit_id):
    """A select of one unit, if under `paths`."""
    return select(Unit).where(Unit.id == unit_id, under(Unit.path, paths))


def audit_entries(wanted):
    """A select of the audit entries that an AuditFilter wants, newest first."""
    query = select(AuditEntry)
    if wanted.q:
        query = query.where(or_(AuditEntry.actor.ilike(like(wanted.q), escape="\\"), AuditEntry.object_id == wanted.q))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.day:
        query = query.where(
            AuditEntry.at >= clock.day_start(wanted.day), AuditEntry.at < clock.day_start(wanted.day + timedelta(days=1))
        )
    return query.order_by(AuditEntry.seq.desc())


def audit_of(object_type, object_id):
    """A select of the audit entries of one row, newest first."""
    query = select(AuditEntry).where(AuditEntry.object_type == object_type, AuditEntry.object_id == str(object_id))
    return query.order_by(AuditEntry.seq.desc())
