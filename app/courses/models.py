"""Courses made of lessons to read, who is enrolled, and how far each person has read."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, UTCDateTime
from app.core.files import StoredFile
from app.people.models import Person, Unit


class Course(Model):
    """A set of lessons under one title."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)  # the unit that owns it
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")  # draft published withdrawn
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    unit: Mapped[Unit] = relationship()
    lessons: Mapped[list["Lesson"]] = relationship(order_by="Lesson.position", back_populates="course")


class Lesson(Model):
    """One article (Markdown) or one file to read."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("course_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))  # article file
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown of an article
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    minutes: Mapped[int] = mapped_column(default=10)  # reading time the author expects

    course: Mapped[Course] = relationship(back_populates="lessons")
    file: Mapped[StoredFile | None] = relationship()


class Enrolment(Model):
    """A person who is to learn a course."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("course_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()


class LessonProgress(Model):
    """How far one person is with one lesson."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("lesson_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
