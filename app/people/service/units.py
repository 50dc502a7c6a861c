"""The unit tree: adding, changing, moving. A unit's `path` lists the ids from the root, so a move rewrites its subtree."""

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale
from app.people.errors import UnitCodeTaken, UnitInUse, UnitLoop
from app.people.models import Person, Unit

FIELDS = ("code", "name", "short_name", "kind", "sort", "is_active")


def add_unit(values, parent, *, now):
    """Add a unit below `parent` (None for the root of an empty tree). values: by FIELDS. Inside a unit of work.

    Raises UnitCodeTaken.
    """
    unit = Unit(
        **{"short_name": "", "sort": 0, "is_active": True, **values},
        parent_id=parent.id if parent else None,
        path="/",
        created_at=now,
    )
    db.session.add(unit)
    _flush(unit)
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    record("unit.add", unit, after=_facts(unit))
    return unit


def change_unit(unit, values, parent, *, version):
    """Change a unit that was seen at `version`, and move it below `parent` if that is another one. Inside a unit of work.

    Raises Stale, UnitCodeTaken, UnitLoop (parent inside the unit's own subtree), UnitInUse (stopping a unit that has active people or units).
    """
    if unit.version != version:
        raise Stale
    before = _facts(unit)
    if unit.is_active and not values.get("is_active", True) and _is_in_use(unit):
        raise UnitInUse
    if parent is not None and parent.id != unit.parent_id:
        move_unit(unit, parent)
    for name in FIELDS:
        setattr(unit, name, values.get(name, getattr(unit, name)))
    _flush(unit)
    after = _facts(unit)
    if after != before:
        record("unit.change", unit, before=changed(before, after), after=changed(after, before))


def move_unit(unit, parent):
    """Hang `unit`, with all below it, under `parent`. Inside a unit of work; raises UnitLoop."""
    if parent.path.startswith(unit.path):
        raise UnitLoop
    old, new = unit.path, f"{parent.path}{unit.id}/"
    below = update(Unit).where(Unit.path.startswith(old, autoescape=True), Unit.id != unit.id)
    db.session.execute(below.values(path=new + func.substr(Unit.path, len(old) + 1)).execution_options(synchronize_session=False))
    unit.parent_id, unit.path = parent.id, new
    db.session.flush()
    db.session.expire_all()


def _is_in_use(unit):
    people = select(Person.id).where(Person.unit_id == unit.id, Person.is_active)
    below = select(Unit.id).where(Unit.parent_id == unit.id, Unit.is_active)
    return db.session.scalar(people.limit(1)) is not None or db.session.scalar(below.limit(1)) is not None


def _facts(unit):
    return {name: getattr(unit, name) for name in FIELDS} | {"parent_id": unit.parent_id}


def changed(facts, others):
    """Return the facts that differ from `others`."""
    return {name: value for name, value in facts.items() if others.get(name) != value}


def _flush(unit):
    try:
        db.session.flush()
    except IntegrityError:
        raise UnitCodeTaken(code=unit.code) from None
