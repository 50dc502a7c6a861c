"""The home page of a trainee: tests to sit, courses to read, trainings, results."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.core import clock
from app.core.db import db
from app.courses.models import Lesson, LessonProgress
from app.courses.queries import own_courses
from app.exams import times
from app.exams.models import Attempt, Candidate, Result, Sitting
from app.exams.queries.results import own_results
from app.exams.rules import entrance, exam_clock
from app.reports.rules import MISSED_SHOWN, Seat
from app.trainings.models import Training, TrainingSitting
from app.trainings.queries.trainings import own_trainings

SHOWN = 5
TRAININGS_SHOWN = timedelta(days=30)  # after its last day


@dataclass(frozen=True)
class OwnSeat(Seat):
    """A test to sit with what the page says of it. attempt_id, due_at: of the attempt under way."""

    sitting: Sitting
    attempt_id: int | None
    due_at: datetime | None
    is_resit: bool


def seats(person, now):
    """Return an OwnSeat for each published test of the person that is not long over. Three queries."""
    query = (
        select(Candidate)
        .join(Candidate.sitting)
        .where(Candidate.person_id == person.id, Sitting.state == "published", Sitting.closes_at > now - MISSED_SHOWN)
        .options(contains_eager(Candidate.sitting).joinedload(Sitting.paper))
    )
    candidates = db.session.scalars(query).all()
    if not candidates:
        return []
    attempts = {}
    for attempt in db.session.scalars(
        select(Attempt).where(Attempt.candidate_id.in_([row.id for row in candidates]), Attempt.state != "ready")
    ):
        attempts.setdefault(attempt.candidate_id, []).append(attempt)
    resits = _resits(person, [row.sitting_id for row in candidates])
    return [_seat(row, attempts.get(row.id, []), row.sitting_id in resits, now) for row in candidates]


def _seat(candidate, begun, is_resit, now):
    sitting = candidate.sitting
    running = next(
        (row for row in begun if row.state == "in_progress" and not exam_clock.is_over(now, row.due_at, times.grace())), None
    )
    state = entrance.state(now, sitting, len(begun), running is not None)
    if candidate.on_leave and not begun and state in ("early", "open", "late", "closed"):
        state = "on_leave"
    return OwnSeat(
        sitting.id,
        state,
        sitting.opens_at,
        sitting.closes_at,
        sitting,
        running.id if running else None,
        running.due_at if running else None,
        is_resit,
    )


def _resits(person, sitting_ids):
    """Return the ids of those tests whose training had an earlier one that the person failed or missed."""
    earlier = aliased(TrainingSitting)
    query = (
        select(TrainingSitting.sitting_id)
        .join(earlier, (earlier.training_id == TrainingSitting.training_id) & (earlier.sitting_id != TrainingSitting.sitting_id))
        .join(Result, Result.sitting_id == earlier.sitting_id)
        .where(
            TrainingSitting.sitting_id.in_(sitting_ids), Result.person_id == person.id, Result.outcome.in_(("failed", "absent"))
        )
    )
    return set(db.session.scalars(query))


@dataclass(frozen=True)
class ToLearn:
    """A course not finished: lessons, those read, minutes of reading that are left."""

    course: object
    lessons: int
    done: int
    minutes: int


def to_learn(person):
    """Return (the first few ToLearn, how many there are). Two queries."""
    open_ones = [row for row in db.session.execute(own_courses(person).limit(50)) if row.done < row.lessons]
    shown = open_ones[:SHOWN]
    minutes = _minutes_left(person, [row.Course.id for row in shown]) if shown else {}
    return [ToLearn(row.Course, row.lessons, row.done, minutes.get(row.Course.id, 0)) for row in shown], len(open_ones)


def _minutes_left(person, course_ids):
    done = select(LessonProgress.lesson_id).where(LessonProgress.person_id == person.id, LessonProgress.completed_at.is_not(None))
    query = select(Lesson.course_id, func.sum(Lesson.minutes)).where(Lesson.course_id.in_(course_ids), Lesson.id.not_in(done))
    return dict(db.session.execute(query.group_by(Lesson.course_id)).all())


def present_trainings(person, now):
    """Return the person's trainings that come, run or ended lately, the next first."""
    oldest = clock.local(now).date() - TRAININGS_SHOWN
    query = own_trainings(person).where(Training.state == "planned", Training.ends_on >= oldest)
    return list(db.session.scalars(query.order_by(None).order_by(Training.starts_on, Training.id).limit(SHOWN)))


def latest_results(person, now):
    """Return [(Sitting, best Attempt or None, Candidate, outcome or None)] of the last tests handed in or over; outcome: once confirmed."""
    query = own_results(person).where(Attempt.id.is_not(None) | (Sitting.closes_at <= now)).options(joinedload(Sitting.paper))
    rows = db.session.execute(query.limit(3)).all()
    ids = [row.Sitting.id for row in rows]
    outcomes = (
        dict(
            db.session.execute(
                select(Result.sitting_id, Result.outcome).where(Result.person_id == person.id, Result.sitting_id.in_(ids))
            ).all()
        )
        if ids
        else {}
    )
    return [(row.Sitting, row.Attempt, row.Candidate, outcomes.get(row.Sitting.id)) for row in rows]
