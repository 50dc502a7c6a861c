"""What people do with courses: write, publish, enrol, read."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from app.core import audit
from app.core.audit import record
from app.core.db import db
from app.core.files import store
from app.core.uploads import document_kind
from app.courses import errors
from app.courses.models import Course, Enrolment, Lesson, LessonProgress
from app.people.models import Person, Unit
from app.people.scope import under

audit.ACTIONS.update(
    {
        "course.create": _l("Course created"),
        "course.change": _l("Course changed"),
        "course.publish": _l("Course published"),
        "course.enrol": _l("People enrolled"),
        "lesson.add": _l("Lesson added"),
        "lesson.change": _l("Lesson changed"),
    }
)


def create_course(unit, *, title, summary, person, now):
    """Start a draft; return the Course."""
    course = Course(unit_id=unit.id, title=title, summary=summary, state="draft", created_by_id=person.id, created_at=now)
    db.session.add(course)
    db.session.flush()
    record("course.create", course, title=title)
    return course


def change_course(course, *, title, summary):
    """Change a course's head."""
    record("course.change", course, before=course.title, after=title)
    course.title, course.summary = title, summary


def add_lesson(course, *, title, body="", minutes=10, upload=None, person, now):
    """Add a lesson at the end; `upload` is (filename, bytes) or None. Raises a FileRefused. Returns the Lesson."""
    position = (db.session.scalar(select(func.max(Lesson.position)).where(Lesson.course_id == course.id)) or 0) + 1
    lesson = Lesson(course_id=course.id, position=position, title=title, body=body, minutes=minutes, kind="article")
    _attach(lesson, upload, person, now)
    db.session.add(lesson)
    db.session.flush()
    record("lesson.add", lesson, title=title, course=course.id)
    return lesson


def change_lesson(lesson, *, title, body, minutes, upload, person, now):
    """Change a lesson; a new file replaces the old one."""
    record("lesson.change", lesson, before=lesson.title, after=title)
    lesson.title, lesson.body, lesson.minutes = title, body, minutes
    _attach(lesson, upload, person, now)


def _attach(lesson, upload, person, now):
    if upload is None:
        return
    filename, data = upload
    _, media_type = document_kind(filename, data)
    lesson.kind, lesson.file = "file", store(data, filename, media_type, owner_id=person.id)


def publish(course, *, now):
    """Make a draft visible to those enrolled. Raises NothingToPublish, NotADraft."""
    if not course.lessons:
        raise errors.NothingToPublish
    taken = db.session.execute(
        update(Course).where(Course.id == course.id, Course.state == "draft").values(state="published", published_at=now)
    ).rowcount
    if not taken:
        raise errors.NotADraft
    record("course.publish", course)


def enrol(course, person_ids, *, now):
    """Enrol people who are not yet; return how many were new."""
    known = set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.course_id == course.id)))
    fresh = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in known]
    db.session.add_all(Enrolment(course_id=course.id, person_id=person_id, enrolled_at=now) for person_id in fresh)
    if fresh:
        record("course.enrol", course, people=len(fresh))
    return len(fresh)


def people_of(units):
    """Return the ids of the active people of these units and all below them."""
    paths = [unit.path for unit in units]
    query = (
        select(Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.is_active, under(Unit.path, paths))
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def open_lesson(lesson, person, *, now):
    """Note that the person opened the lesson, once."""
    if _progress(lesson, person) is None:
        db.session.add(LessonProgress(lesson_id=lesson.id, person_id=person.id, opened_at=now))


def complete_lesson(lesson, person, *, now):
    """Note that the person has read the lesson; the first time stays."""
    row = _progress(lesson, person)
    if row is None:
        row = LessonProgress(lesson_id=lesson.id, person_id=person.id, opened_at=now)
        db.session.add(row)
    row.completed_at = row.completed_at or now


def _progress(lesson, person):
    query = select(LessonProgress).where(LessonProgress.lesson_id == lesson.id, LessonProgress.person_id == person.id)
    return db.session.scalars(query.with_for_update()).one_or_none()
