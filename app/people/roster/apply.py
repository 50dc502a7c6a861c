"""Applying a plan in bulk, inside one unit of work: all of it or nothing (R27). Rows changed since the plan raise Outdated."""

from typing import cast

from sqlalchemy import Table, bindparam, insert, update

from app.core import clock
from app.core.audit import record
from app.core.db import db
from app.people import rules
from app.people.models import Person, Post, RoleGrant, SignIn, Unit
from app.people.service import units as unit_service

CHUNK = 500
PEOPLE = cast("Table", Person.__table__)


class Outdated(Exception):
    """Something the plan rests on was changed meanwhile: plan again."""


def apply_plan(plan, *, now, actor):
    """Write everything the plan says; return the ids of the people added. actor: a Person, or "command" for the audit chain."""
    actor_id = None if isinstance(actor, str) else actor.id
    unit_ids = _add_units(plan, now)
    _change_units(plan, unit_ids)
    _free_phones(plan)
    added = _add_people(plan, unit_ids, now)
    _change_people(plan, unit_ids, now)
    _move_posts(plan, unit_ids, now)
    _grant(plan, added, unit_ids, now, actor_id)
    _end_sign_ins(plan, now)
    _note_changes(plan, added, unit_ids, actor)
    return list(added.values())


def _add_units(plan, now):
    """Add the new units; return {code: id}."""
    ids: dict = {}
    for unit in plan.units_added:
        parent = db.session.get(Unit, ids.get(unit.parent, unit.parent)) if unit.parent is not None else None
        values = {"code": unit.code, "name": unit.name, "short_name": unit.short_name, "kind": unit.kind}
        ids[unit.code] = unit_service.add_unit(values, parent, now=now).id
    return ids


def _change_units(plan, ids):
    for change in plan.units_changed:
        unit = db.session.get(Unit, change.id)
        if unit is None or unit.version != change.version:
            raise Outdated
        parent = change.after.get("parent", unit.parent_id)
        parent = db.session.get(Unit, ids.get(parent, parent)) if parent is not None else None
        values = {name: value for name, value in change.after.items() if name != "parent"}
        unit_service.change_unit(unit, values, parent, version=unit.version)


def _add_people(plan, unit_ids, now):
    """Add the new people without passwords; return {account: id}."""
    if not plan.people_added:
        return {}
    rows = [
        {
            "name": one.name, "account": one.account, "phone": one.phone, "email": one.email, "position": one.position, "is_active": one.active,
            "unit_id": unit_ids.get(one.unit, one.unit), "created_at": now, "updated_at": now, "text_size": "std", "locale": "zh_Hans_CN", "version": 1,
        }
        for one in plan.people_added
    ]  # fmt: skip
    result = db.session.execute(insert(Person).returning(Person.account, Person.id), rows)
    return dict(result.all())


def _free_phones(plan):
    """Take away the numbers that change, so that two people can swap theirs."""
    changing = [change.id for change in plan.people_changed if "phone" in change.after]
    for part in _chunks(changing):
        db.session.execute(update(PEOPLE).where(PEOPLE.c.id.in_(part)).values(phone=None))


def _change_people(plan, unit_ids, now):
    """Write all changed fields of all changed people, each only if nobody changed the person since the plan."""
    table = PEOPLE
    groups: dict = {}
    for change in plan.people_changed:
        groups.setdefault(frozenset(change.after), []).append(change)
    for names, changes in groups.items():
        columns = {"unit": "unit_id", "active": "is_active"}
        values: dict = {columns.get(name, name): bindparam(f"new_{name}") for name in names}
        statement = update(table).where(table.c.id == bindparam("which"), table.c.version == bindparam("seen"))
        statement = statement.values(**values, updated_at=now, version=table.c.version + 1)
        rows = [
            {"which": change.id, "seen": change.version}
            | {f"new_{name}": _stored(name, value, unit_ids) for name, value in change.after.items()}
            for change in changes
        ]
        if db.session.connection().execute(statement, rows).rowcount != len(rows):
            raise Outdated


def _stored(name, value, unit_ids):
    return unit_ids.get(value, value) if name == "unit" else value


def _move_posts(plan, unit_ids, now):
    """Open a post for everyone new, close and open where unit or position changed, close where the account is."""
    today = clock.local(now).date()
    ended = [change.id for change in plan.people_changed if {"unit", "position", "active"} & set(change.after)]
    for part in _chunks(ended):
        db.session.execute(update(Post).where(Post.person_id.in_(part), Post.ended_on.is_(None)).values(ended_on=today))
    begun = [
        change.id
        for change in plan.people_changed
        if {"unit", "position", "active"} & set(change.after) and change.after.get("active") is not False
    ]
    new = [one.account for one in plan.people_added if one.active]
    query = db.select(Person.id, Person.unit_id, Person.position, Person.is_active)
    rows: list = []
    for column, wanted in ((Person.id, begun), (Person.account, new)):
        for part in _chunks(wanted):
            rows += db.session.execute(query.where(column.in_(part))).all()
    posts = [
        {"person_id": row.id, "unit_id": row.unit_id, "position": row.position, "started_on": today}
        for row in rows
        if row.is_active
    ]
    if posts:
        db.session.execute(insert(Post), posts)


def _grant(plan, added, unit_ids, now, actor_id):
    grants = [(added[one.account], role, unit_ids.get(one.unit, one.unit)) for one in plan.people_added for role in one.roles]
    units = _units_of([change.id for change in plan.people_changed if change.roles_added])
    grants += [(change.id, role, units[change.id]) for change in plan.people_changed for role in change.roles_added]
    for change in plan.people_changed:
        for role, unit_id in change.roles_ended:
            query = update(RoleGrant).where(
                RoleGrant.person_id == change.id,
                RoleGrant.role == role,
                RoleGrant.unit_id == unit_id,
                RoleGrant.revoked_at.is_(None),
            )
            db.session.execute(query.values(revoked_at=now))
    if grants:
        rows = [
            {"person_id": who, "role": role, "unit_id": unit_id, "granted_at": now, "granted_by_id": actor_id}
            for who, role, unit_id in grants
        ]
        db.session.execute(insert(RoleGrant), rows)


def _units_of(person_ids):
    found: dict = {}
    for part in _chunks(person_ids):
        found |= dict(db.session.execute(db.select(Person.id, Person.unit_id).where(Person.id.in_(part))).all())
    return found


def _end_sign_ins(plan, now):
    """Whoever may no longer sign in is out at once (R45)."""
    closed = [change.id for change in plan.people_changed if change.after.get("active") is False]
    for part in _chunks(closed):
        db.session.execute(update(SignIn).where(SignIn.person_id.in_(part), SignIn.revoked_at.is_(None)).values(revoked_at=now))


ACTS = {"change": "person.change", "move": "person.change", "deactivate": "person.deactivate"}


def _note_changes(plan, added, unit_ids, actor):
    """One audit entry for each person added or changed (R72)."""
    for change in plan.people_changed:
        before, after = _audited(change.before, unit_ids), _audited(change.after, unit_ids)
        if change.roles_added or change.roles_ended:
            before["roles"] = sorted(role for role, unit_id in change.roles_ended)
            after["roles"] = sorted(change.roles_added)
        record(
            ACTS[change.kind], object_type="people", object_id=change.id, actor=actor, before=before, after=after, row=change.row
        )
    for one in plan.people_added:
        after = {
            "name": one.name,
            "account": one.account,
            "phone": rules.masked_phone(one.phone),
            "unit_id": unit_ids.get(one.unit, one.unit),
        }
        record(
            "person.add",
            object_type="people",
            object_id=added[one.account],
            actor=actor,
            after=after | {"roles": sorted(one.roles)},
            row=one.row,
        )


def _audited(fields, unit_ids):
    shown = {
        "unit_id" if name == "unit" else "is_active" if name == "active" else name: _stored(name, value, unit_ids)
        for name, value in fields.items()
    }
    return shown | ({"phone": rules.masked_phone(shown["phone"])} if "phone" in shown else {})


def _chunks(values):
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
