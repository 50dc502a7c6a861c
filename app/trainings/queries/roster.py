"""The roster of a training: who is on it, by unit, what was confirmed; and whom a trainer may add."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from app.core.db import db
from app.core.pages import like
from app.people.models import Person, Unit
from app.people.queries import IN_BOARD_ORDER, units_in
from app.people.scope import under
from app.trainings.models import Participant, RosterConfirmation
from app.trainings.queries.trainings import groups_of
from app.trainings.rules import group_of

CHUNK = 400  # ids looked up in one query


def participants(training_id, *, unit_path=None, words=""):
    """Return a select of a training's Participants with person and unit, by unit and name; of one unit and below, by words."""
    query = (
        select(Participant)
        .join(Participant.person)
        .join(Unit, Unit.id == Participant.unit_id)
        .where(Participant.training_id == training_id)
        .options(contains_eager(Participant.person), contains_eager(Participant.unit))
        .order_by(*IN_BOARD_ORDER, Person.name, Participant.id)
    )
    if unit_path:
        query = query.where(under(Unit.path, [unit_path]))
    if words:
        query = query.where(or_(Person.name.ilike(like(words), escape="\\"), Person.account.ilike(like(words), escape="\\")))
    return query


@dataclass(frozen=True)
class UnitLine:
    """One unit of a roster: how many people, and who confirmed it when."""

    unit: Unit
    people: int
    confirmation: RosterConfirmation | None
    confirmed_by: str | None


def by_unit(training):
    """Return a UnitLine for each unit with people on the roster, in the order of the board. Three queries."""
    groups = groups_of([training])[training.id]
    counts = {}
    rows = db.session.execute(
        select(Unit.path, func.count(Participant.id))
        .join(Unit, Unit.id == Participant.unit_id)
        .where(Participant.training_id == training.id)
        .group_by(Unit.path)
    )
    for path, count in rows:
        group = group_of(path, groups)
        counts[group] = counts.get(group, 0) + count
    confirmed = confirmations(training.id)
    units = db.session.scalars(select(Unit).where(Unit.id.in_(counts)).order_by(*IN_BOARD_ORDER))
    return [UnitLine(unit, counts[unit.id], *confirmed.get(unit.id, (None, None))) for unit in units]


def confirmations(training_id):
    """Return {unit id: (RosterConfirmation, name of the person)}."""
    query = select(RosterConfirmation, Person.name).join(Person, Person.id == RosterConfirmation.confirmed_by_id)
    return {
        row.unit_id: (row, name) for row, name in db.session.execute(query.where(RosterConfirmation.training_id == training_id))
    }


@dataclass(frozen=True)
class OwnUnit:
    """A liaison's unit on a roster: its people, and who confirmed them. A branch alone cannot confirm: its school does."""

    unit: Unit
    rows: list
    may_confirm: bool
    confirmation: RosterConfirmation | None
    confirmed_by: str | None


def own_units(person, training):
    """Return an OwnUnit for each unit of a liaison's that has people on the roster."""
    paths = person.scope_paths("training.confirm")
    groups = {
        unit_id: unit
        for unit_id, unit in groups_of([training])[training.id].items()
        if any(unit.path.startswith(path) for path in paths)
    }
    found = {}
    for row in db.session.scalars(participants(training.id).where(under(Unit.path, paths))):
        found.setdefault(groups.get(group_of(row.unit.path, groups), row.unit), []).append(row)
    confirmed = confirmations(training.id)
    return [OwnUnit(unit, rows, unit.id in groups, *confirmed.get(unit.id, (None, None))) for unit, rows in found.items()]


def people_ids(training_id, path):
    """Return the ids of the people of one unit and below on the roster."""
    query = select(Participant.person_id).join(Unit, Unit.id == Participant.unit_id)
    return list(db.session.scalars(query.where(Participant.training_id == training_id, under(Unit.path, [path]))))


def choosable_units(training):
    """Return the active units under the training's unit, itself included, in the order of the board."""
    return list(db.session.scalars(units_in([training.unit.path]).where(Unit.is_active)))


def positions(training):
    """Return [(position, people who hold it)] of the active people under the training's unit, the most frequent first."""
    query = (
        select(Person.position, func.count(Person.id))
        .join(Unit, Unit.id == Person.unit_id)
        .where(under(Unit.path, [training.unit.path]), Person.is_active, Person.position != "")
        .group_by(Person.position)
        .order_by(func.count(Person.id).desc(), Person.position)
        .limit(200)
    )
    return list(db.session.execute(query))


def chosen_people(training, units, positions):
    """Return the ids of the active people of these units and below who hold one of these positions; no positions: everybody."""
    paths = [unit.path for unit in units] or [training.unit.path]
    query = select(Person.id).join(Unit, Unit.id == Person.unit_id)
    query = query.where(under(Unit.path, [training.unit.path]), under(Unit.path, paths), Person.is_active)
    if positions:
        query = query.where(Person.position.in_(positions))
    return list(db.session.scalars(query.order_by(Person.id)))
