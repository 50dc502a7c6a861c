"""Trainings as lists and single ones: the organiser's, a unit's, a participant's. Scope is in the query (R53)."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.core.db import db
from app.courses.models import Course
from app.exams.models import Candidate, Sitting
from app.people.models import Unit
from app.people.scope import under
from app.trainings.models import Participant, RosterConfirmation, Training, TrainingCourse, TrainingSitting
from app.trainings.rules import group_of


def trainings(person, permission="training.read"):
    """Return a select of the trainings of the person's units, the latest first."""
    return (
        select(Training)
        .join(Training.unit)
        .where(under(Unit.path, person.scope_paths(permission)))
        .options(contains_eager(Training.unit))
        .order_by(Training.starts_on.desc(), Training.id.desc())
    )


def training(person, training_id, permission="training.read"):
    """Return a select of one training within the person's scope, with its agenda."""
    return trainings(person, permission).where(Training.id == training_id).options(selectinload(Training.agenda))


def unit_trainings(person):
    """Return a select of the trainings with people of the person's units on the roster, the latest first."""
    ours = (
        select(Participant.id)
        .join(Unit, Unit.id == Participant.unit_id)
        .where(Participant.training_id == Training.id, under(Unit.path, person.scope_paths("training.confirm")))
    )
    return (
        select(Training)
        .where(ours.exists())
        .options(joinedload(Training.unit))
        .order_by(Training.starts_on.desc(), Training.id.desc())
    )


def own_trainings(person):
    """Return a select of the trainings that the person takes part in, the latest first."""
    mine = exists().where(Participant.training_id == Training.id, Participant.person_id == person.id)
    return select(Training).where(mine).options(joinedload(Training.unit)).order_by(Training.starts_on.desc(), Training.id.desc())


@dataclass(frozen=True)
class RosterCount:
    """How big a roster is, and how many of its units have confirmed it. A branch counts with its school."""

    people: int = 0
    units: int = 0
    confirmed: int = 0


def groups_of(training_list):
    """Return {training id: {unit id: Unit}}: the training's own unit and those one level below it. One query."""
    holder = aliased(Unit)
    query = (
        select(Training.id, Unit)
        .join(holder, holder.id == Training.unit_id)
        .join(Unit, (Unit.parent_id == holder.id) | (Unit.id == holder.id))
    )
    found = {row.id: {} for row in training_list}
    for training_id, unit in db.session.execute(query.where(Training.id.in_(found))):
        found[training_id][unit.id] = unit
    return found


def roster_counts(training_list):
    """Return {training id: RosterCount} in three queries for any number of trainings."""
    groups = groups_of(training_list)
    people = {training_id: {} for training_id in groups}
    rows = db.session.execute(
        select(Participant.training_id, Unit.path, func.count(Participant.id))
        .join(Unit, Unit.id == Participant.unit_id)
        .where(Participant.training_id.in_(groups))
        .group_by(Participant.training_id, Unit.path)
    )
    for training_id, path, count in rows:
        group = group_of(path, groups[training_id])
        people[training_id][group] = people[training_id].get(group, 0) + count
    confirmed = {training_id: set() for training_id in groups}
    for training_id, unit_id in db.session.execute(
        select(RosterConfirmation.training_id, RosterConfirmation.unit_id).where(RosterConfirmation.training_id.in_(groups))
    ):
        confirmed[training_id].add(unit_id)
    return {
        training_id: RosterCount(sum(counts.values()), len(counts), len(confirmed[training_id] & set(counts)))
        for training_id, counts in people.items()
    }


def sitting_counts(training_list):
    """Return {training id: sittings linked to it}."""
    rows = db.session.execute(
        select(TrainingSitting.training_id, func.count())
        .where(TrainingSitting.training_id.in_([row.id for row in training_list]))
        .group_by(TrainingSitting.training_id)
    )
    return dict(rows.all())


def courses(training_id):
    """Return the courses of a training by title."""
    query = (
        select(Course)
        .join(TrainingCourse, TrainingCourse.course_id == Course.id)
        .where(TrainingCourse.training_id == training_id)
    )
    return list(db.session.scalars(query.order_by(Course.title, Course.id)))


def sittings(training_id, states=("draft", "published", "confirmed", "cancelled")):
    """Return the sittings of a training in these states, the first to open first, with their papers."""
    query = (
        select(Sitting)
        .join(TrainingSitting, TrainingSitting.sitting_id == Sitting.id)
        .where(TrainingSitting.training_id == training_id)
    )
    query = query.where(Sitting.state.in_(states)).options(joinedload(Sitting.paper))
    return list(db.session.scalars(query.order_by(Sitting.opens_at, Sitting.id)))


def training_of(sitting_id):
    """Return the Training that a sitting belongs to, or None."""
    query = (
        select(Training)
        .join(TrainingSitting, TrainingSitting.training_id == Training.id)
        .where(TrainingSitting.sitting_id == sitting_id)
    )
    return db.session.scalars(query).one_or_none()


def linkable_sittings(person, training):
    """Return a select of the sittings under the training's unit that belong to no training yet, the latest first."""
    taken = exists().where(TrainingSitting.sitting_id == Sitting.id)
    return (
        select(Sitting)
        .join(Unit, Unit.id == Sitting.unit_id)
        .where(
            under(Unit.path, [training.unit.path]),
            under(Unit.path, person.scope_paths("sitting.read")),
            ~taken,
            Sitting.state != "cancelled",
        )
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
    )


def linkable_courses(person, training):
    """Return a select of the person's courses that the training has not got yet, the newest first."""
    taken = exists().where(TrainingCourse.course_id == Course.id, TrainingCourse.training_id == training.id)
    return (
        select(Course)
        .join(Unit, Unit.id == Course.unit_id)
        .where(under(Unit.path, person.scope_paths("course.write")), ~taken, Course.state != "withdrawn")
        .order_by(Course.id.desc())
    )


def without_seat(training_id, sitting_ids):
    """Return a select of the ids of the people on the roster who are candidates of none of these sittings."""
    seated = exists().where(Candidate.person_id == Participant.person_id, Candidate.sitting_id.in_(sitting_ids))
    return select(Participant.person_id).where(Participant.training_id == training_id, ~seated)
