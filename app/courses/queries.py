"""Reads of courses: the learner's own, and the author's with progress."""

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.courses.models import Course, Enrolment, Lesson, LessonProgress
from app.people.models import Person, Unit
from app.people.scope import under


def _counts(person):
    """Return the scalar subqueries (lessons of a course, those the person finished)."""
    lessons = select(func.count(Lesson.id)).where(Lesson.course_id == Course.id).correlate(Course).scalar_subquery()
    done = (
        select(func.count(LessonProgress.id))
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(Lesson.course_id == Course.id, LessonProgress.person_id == person.id, LessonProgress.completed_at.is_not(None))
        .correlate(Course)
        .scalar_subquery()
    )
    return lessons, done


def own_courses(person):
    """Return a select of (Course, lessons, lessons finished) of what the person is to learn, newest first."""
    lessons, done = _counts(person)
    return (
        select(Course, lessons.label("lessons"), done.label("done"))
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.person_id == person.id, Course.state == "published")
        .order_by(Course.published_at.desc(), Course.id.desc())
    )


def own_course(person, course_id):
    """Return a select of one course that the person is to learn, with its lessons."""
    return (
        select(Course)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Course.id == course_id, Enrolment.person_id == person.id, Course.state == "published")
        .options(selectinload(Course.lessons))
    )


def progress_of(person, course):
    """Return {lesson id: LessonProgress} of one person in one course."""
    query = (
        select(LessonProgress)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(Lesson.course_id == course.id, LessonProgress.person_id == person.id)
    )
    return {row.lesson_id: row for row in db.session.scalars(query)}


def managed(person):
    """Return a select of (Course, lessons, people enrolled) within the author's scope, newest first."""
    lessons = select(func.count(Lesson.id)).where(Lesson.course_id == Course.id).correlate(Course).scalar_subquery()
    people = select(func.count(Enrolment.id)).where(Enrolment.course_id == Course.id).correlate(Course).scalar_subquery()
    return (
        select(Course, lessons.label("lessons"), people.label("people"))
        .join(Unit, Unit.id == Course.unit_id)
        .where(under(Unit.path, person.scope_paths("course.write")))
        .order_by(Course.id.desc())
    )


def managed_course(person, course_id):
    """Return a select of one course within the author's scope."""
    return (
        select(Course)
        .join(Unit, Unit.id == Course.unit_id)
        .where(Course.id == course_id, under(Unit.path, person.scope_paths("course.write")))
        .options(selectinload(Course.lessons))
    )


def learners(course):
    """Return a select of (Person, lessons finished) of everybody enrolled, least progress first."""
    done = (
        select(func.count(LessonProgress.id))
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(Lesson.course_id == course.id, LessonProgress.person_id == Person.id, LessonProgress.completed_at.is_not(None))
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        select(Person, done.label("done"))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course.id)
        .order_by(done, Person.name)
    )


def finished_counts(course_ids):
    """Return {course id: (people enrolled, people who finished every lesson)} in one query."""
    lessons = select(Lesson.course_id, func.count(Lesson.id).label("lessons")).group_by(Lesson.course_id).subquery()
    done = (
        select(Lesson.course_id, LessonProgress.person_id, func.count(LessonProgress.id).label("done"))
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(LessonProgress.completed_at.is_not(None))
        .group_by(Lesson.course_id, LessonProgress.person_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.course_id, func.count(Enrolment.id), func.count(done.c.person_id).filter(done.c.done >= lessons.c.lessons)
        )
        .join(lessons, lessons.c.course_id == Enrolment.course_id)
        .outerjoin(done, (done.c.course_id == Enrolment.course_id) & (done.c.person_id == Enrolment.person_id))
        .where(Enrolment.course_id.in_(course_ids))
        .group_by(Enrolment.course_id)
    )
    return {course_id: (people, finished) for course_id, people, finished in rows}
