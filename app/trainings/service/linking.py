"""The courses and tests of a training."""

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.core.audit import record
from app.core.db import db
from app.courses.service import enrol
from app.trainings import errors
from app.trainings.models import Participant, TrainingCourse, TrainingSitting
from app.trainings.service.planning import refuse_closed


def link_course(training, course, *, now):
    """Make a course part of the training and enrol everybody on the roster; return how many were new to it."""
    refuse_closed(training)
    if db.session.get(TrainingCourse, (training.id, course.id)) is None:
        db.session.add(TrainingCourse(training_id=training.id, course_id=course.id))
        record("training.course", training, added=course.id)
    people = db.session.scalars(
        select(Participant.person_id).where(Participant.training_id == training.id).order_by(Participant.id)
    )
    return enrol(course, list(people), now=now)


def unlink_course(training, course_id):
    """Take a course out of the training; who is enrolled stays so."""
    refuse_closed(training)
    row = db.session.get(TrainingCourse, (training.id, course_id))
    if row is not None:
        db.session.delete(row)
        record("training.course", training, removed=course_id)


def link_sitting(training, sitting):
    """Make a test part of the training; a test belongs to one training at most. Raises SittingTaken, TrainingClosed."""
    refuse_closed(training)
    owner = db.session.scalar(select(TrainingSitting.training_id).where(TrainingSitting.sitting_id == sitting.id))
    if owner == training.id:
        return
    if owner is not None:
        raise errors.SittingTaken
    try:
        with db.session.begin_nested():
            db.session.execute(insert(TrainingSitting).values(training_id=training.id, sitting_id=sitting.id))
    except IntegrityError:  # linked elsewhere a moment ago
        raise errors.SittingTaken from None
    record("training.sitting", training, added=sitting.id)


def unlink_sitting(training, sitting_id):
    """Take a test out of the training; the test itself stays as it is."""
    refuse_closed(training)
    row = db.session.get(TrainingSitting, (training.id, sitting_id))
    if row is not None:
        db.session.delete(row)
        record("training.sitting", training, removed=sitting_id)
