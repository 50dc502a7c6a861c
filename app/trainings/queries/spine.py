"""The spine of a training: every step with its live counts, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from app.core.db import db
from app.courses.models import Course, Lesson, LessonProgress
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.queries.best import effective_state
from app.exams.service.reporting import source_of
from app.notices.models import Notice, NoticeCopy, Receipt
from app.trainings.models import AgendaItem, Participant, TrainingCourse
from app.trainings.queries.trainings import roster_counts, sittings
from app.trainings.rules import Counts


def counts(training, now):
    """Return the Counts of one training."""
    roster = roster_counts([training])[training.id]
    linked = sittings(training.id, ("published", "confirmed"))
    courses, finished = learning(training.id)
    due, handed_in, marked = exams([sitting.id for sitting in linked], now)
    notices, issued, to_sign, signed = documents([source_of(sitting) for sitting in linked])
    return Counts(
        agenda=db.session.scalar(select(func.count(AgendaItem.id)).where(AgendaItem.training_id == training.id)),
        people=roster.people, units=roster.units, units_confirmed=roster.confirmed, courses=courses, finished=finished,
        sittings=len(linked), sittings_open=sum(sitting.state == "published" and now < sitting.closes_at for sitting in linked),
        due=due, handed_in=handed_in, marked=marked, confirmed=sum(sitting.state == "confirmed" for sitting in linked),
        notices=notices, issued=issued, to_sign=to_sign, signed=signed,
    )  # fmt: skip


def learning(training_id):
    """Return (courses that can be read, people on the roster who finished every lesson of them)."""
    readable = select(Course.id).join(TrainingCourse, TrainingCourse.course_id == Course.id)
    readable = readable.where(TrainingCourse.training_id == training_id, Course.state == "published")
    courses = db.session.scalar(select(func.count()).select_from(readable.subquery()))
    lessons = db.session.scalar(select(func.count(Lesson.id)).where(Lesson.course_id.in_(readable))) if courses else 0
    if not lessons:
        return courses, 0
    everything = (
        select(LessonProgress.person_id)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .join(Participant, (Participant.person_id == LessonProgress.person_id) & (Participant.training_id == training_id))
        .where(Lesson.course_id.in_(readable), LessonProgress.completed_at.is_not(None))
        .group_by(LessonProgress.person_id)
        .having(func.count(LessonProgress.id) >= lessons)
    )
    return courses, db.session.scalar(select(func.count()).select_from(everything.subquery()))


def exams(sitting_ids, now):
    """Return (candidates, those who handed in, those of them whose papers are all marked) over these sittings."""
    if not sitting_ids:
        return 0, 0, 0
    handed = case((effective_state(now) == "handed_in", 1), else_=0)
    unmarked = case(((effective_state(now) == "handed_in") & Attempt.marked_at.is_(None), 1), else_=0)
    per_person = (
        select(Attempt.candidate_id, func.max(handed).label("handed"), func.max(unmarked).label("unmarked"))
        .where(Attempt.sitting_id.in_(sitting_ids), Attempt.state != "ready")
        .group_by(Attempt.candidate_id)
        .subquery()
    )
    due = db.session.scalar(select(func.count(Candidate.id)).where(Candidate.sitting_id.in_(sitting_ids)))
    handed_in, waiting = db.session.execute(
        select(func.coalesce(func.sum(per_person.c.handed), 0), func.coalesce(func.sum(per_person.c.unmarked), 0))
    ).one()
    return due, handed_in, handed_in - waiting


def documents(sources):
    """Return (notices not withdrawn, issued ones, copies to sign, copies signed) of these sources."""
    if not sources:
        return 0, 0, 0, 0
    states = dict(
        db.session.execute(
            select(Notice.state, func.count(Notice.id)).where(Notice.source.in_(sources)).group_by(Notice.state)
        ).all()
    )
    copies = (
        select(func.count(NoticeCopy.id), func.count(Receipt.id))
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(Notice.source.in_(sources), Notice.state == "issued", NoticeCopy.needs_signature)
    )
    to_sign, signed = db.session.execute(copies).one()
    return sum(count for state, count in states.items() if state != "withdrawn"), states.get("issued", 0), to_sign, signed


def per_sitting(sitting_ids, now):
    """Return {sitting id: (candidates, those who handed in)} in two queries."""
    due = dict(
        db.session.execute(
            select(Candidate.sitting_id, func.count()).where(Candidate.sitting_id.in_(sitting_ids)).group_by(Candidate.sitting_id)
        ).all()
    )  # fmt: skip
    handed = dict(
        db.session.execute(
            select(Attempt.sitting_id, func.count(Attempt.candidate_id.distinct()))
            .where(Attempt.sitting_id.in_(sitting_ids), effective_state(now) == "handed_in")
            .group_by(Attempt.sitting_id)
        ).all()
    )  # fmt: skip
    return {sitting_id: (due.get(sitting_id, 0), handed.get(sitting_id, 0)) for sitting_id in sitting_ids}


@dataclass
class Batch:
    """How far the notices of one sitting are."""

    draft: int = 0
    approved: int = 0
    numbered: int = 0
    issued: int = 0
    withdrawn: int = 0
    to_sign: int = 0
    signed: int = 0
    sign_by_at: datetime | None = None


def batches(sitting_ids):
    """Return {sitting id: Batch} of the sittings that have notices, in two queries."""
    sources = {source_of(db.session.get(Sitting, sitting_id)): sitting_id for sitting_id in sitting_ids}
    found = {}
    rows = select(Notice.source, Notice.state, func.count(Notice.id), func.max(Notice.sign_by_at)).where(
        Notice.source.in_(sources)
    )
    for source, state, count, sign_by in db.session.execute(rows.group_by(Notice.source, Notice.state)):
        batch = found.setdefault(sources[source], Batch())
        setattr(batch, state, count)
        batch.sign_by_at = max(filter(None, (batch.sign_by_at, sign_by)), default=None)
    copies = (
        select(Notice.source, func.count(NoticeCopy.id), func.count(Receipt.id))
        .join(NoticeCopy, NoticeCopy.notice_id == Notice.id)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(Notice.source.in_(sources), Notice.state == "issued", NoticeCopy.needs_signature)
        .group_by(Notice.source)
    )
    for source, to_sign, signed in db.session.execute(copies):
        found[sources[source]].to_sign, found[sources[source]].signed = to_sign, signed
    return found
