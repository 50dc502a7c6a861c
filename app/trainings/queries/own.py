"""What a participant sees of a training."""

from sqlalchemy import select

from app.core.db import db
from app.courses.models import Course
from app.courses.queries import own_courses as all_courses
from app.exams.models import Candidate, Sitting
from app.exams.queries.results import own_results
from app.trainings.models import TrainingCourse, TrainingSitting


def days(training):
    """Return [(date, [AgendaItem])] of the agenda, day by day."""
    found = {}
    for item in training.agenda:
        found.setdefault(item.day, []).append(item)
    return list(found.items())


def own_courses(person, training_id):
    """Return [(Course, lessons, lessons finished)] of a training's courses that the person is enrolled in."""
    linked = select(TrainingCourse.course_id).where(TrainingCourse.training_id == training_id)
    return db.session.execute(all_courses(person).where(Course.id.in_(linked))).all()


def own_tests(person, training_id):
    """Return [(Sitting, best Attempt or None, Candidate)] of a training's tests that the person is to sit, the first to open first."""
    linked = select(TrainingSitting.sitting_id).where(TrainingSitting.training_id == training_id)
    query = own_results(person).where(Sitting.id.in_(linked)).order_by(None).order_by(Sitting.opens_at, Candidate.id)
    return db.session.execute(query).all()
