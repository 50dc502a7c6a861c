"""Who takes part: people put on and off the roster, and the units' word that theirs are right."""

from sqlalchemy import delete, insert, select

from app.core.audit import record
from app.core.db import db
from app.courses.service import enrol
from app.people.models import Person, Unit
from app.people.scope import under
from app.trainings import errors
from app.trainings.models import Participant, RosterConfirmation, Training
from app.trainings.queries import roster as queries
from app.trainings.queries.trainings import courses, groups_of
from app.trainings.rules import group_of, seen_roster
from app.trainings.service.planning import refuse_closed


def add_people(training, person_ids, *, now):
    """Put people on the roster and enrol them in its courses; return how many were new.

    Units whose people change have to confirm again. Raises NotOurPeople, TrainingClosed.
    """
    _lock(training)
    wanted = dict.fromkeys(person_ids)
    known = set(db.session.scalars(select(Participant.person_id).where(Participant.training_id == training.id)))
    rows = _people_under(training, [person_id for person_id in wanted if person_id not in known])
    if len(rows) != len(set(wanted) - known):
        raise errors.NotOurPeople
    if not rows:
        return 0
    db.session.execute(
        insert(Participant), [{"training_id": training.id, "person_id": row.id, "unit_id": row.unit_id} for row in rows]
    )
    record("training.add_people", training, people=len(rows))
    _ask_again(training, {row.path for row in rows})
    for course in courses(training.id):
        enrol(course, [row.id for row in rows], now=now)
    return len(rows)


def _lock(training):
    """One at a time: nobody confirms a roster while it is being changed, and nobody is put on it twice. Raises TrainingClosed."""
    query = select(Training).where(Training.id == training.id).with_for_update(of=Training)
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    refuse_closed(training)


def _people_under(training, person_ids):
    query = select(Person.id, Person.unit_id, Unit.path).join(Unit, Unit.id == Person.unit_id)
    found = {}
    for start in range(0, len(person_ids), queries.CHUNK):
        some = person_ids[start : start + queries.CHUNK]
        found |= {
            row.id: row
            for row in db.session.execute(
                query.where(Person.id.in_(some), Person.is_active, under(Unit.path, [training.unit.path]))
            )
        }
    return [found[person_id] for person_id in person_ids if person_id in found]


def remove_people(training, participant_ids):
    """Take people off the roster; return how many. What they have read or answered stays. Raises TrainingClosed."""
    _lock(training)
    wanted = list(dict.fromkeys(participant_ids))
    rows = db.session.execute(
        select(Participant.id, Participant.person_id, Unit.path)
        .join(Unit, Unit.id == Participant.unit_id)
        .where(Participant.training_id == training.id, Participant.id.in_(wanted))
    ).all()
    if not rows:
        return 0
    db.session.execute(delete(Participant).where(Participant.id.in_([row.id for row in rows])))
    record("training.remove_people", training, people=[row.person_id for row in rows])
    _ask_again(training, {row.path for row in rows})
    return len(rows)


def _ask_again(training, paths):
    """Drop the confirmations of the units to which these paths belong: their word was about other people."""
    groups = groups_of([training])[training.id]
    units = {group_of(path, groups) for path in paths}
    query = select(RosterConfirmation).where(RosterConfirmation.training_id == training.id, RosterConfirmation.unit_id.in_(units))
    for row in db.session.scalars(query):
        record(
            "training.unconfirm_roster",
            training,
            unit=row.unit_id,
            before={"person": row.confirmed_by_id, "confirmed_at": row.confirmed_at},
        )
        db.session.delete(row)
    db.session.flush()


def confirm_roster(training, unit, *, person, seen, now):
    """Note a unit's word that its people on the roster are right; return the RosterConfirmation. Again: the first one.

    seen: `rules.seen_roster` of the people who were shown. Raises TrainingClosed, NobodyToConfirm, RosterChanged.
    """
    _lock(training)
    kept = select(RosterConfirmation).where(RosterConfirmation.training_id == training.id, RosterConfirmation.unit_id == unit.id)
    existing = db.session.scalars(kept).one_or_none()
    if existing is not None:
        return existing
    people = queries.people_ids(training.id, unit.path)
    if not people:
        raise errors.NobodyToConfirm
    if seen != seen_roster(people):
        raise errors.RosterChanged
    row = RosterConfirmation(training_id=training.id, unit_id=unit.id, confirmed_by_id=person.id, confirmed_at=now)
    db.session.add(row)
    db.session.flush()
    record("training.confirm_roster", training, unit=unit.id, people=len(people), digest=seen)
    return row
