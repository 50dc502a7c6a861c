"""A training: its days, agenda, roster by unit, and the courses and sittings that belong to it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import Model, UTCDateTime
from app.courses.models import Course
from app.exams.models import Sitting
from app.people.models import Person, Unit


class Training(Model):
    """What an organiser thinks of: "the one-day training in April"."""

    __tablename__ = "trainings"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="planned")  # planned closed
    confirm_by_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # units confirm their roster until then
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    agenda: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.starts_at, AgendaItem.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class AgendaItem(Model):
    """One line of the agenda."""

    __tablename__ = "agenda_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    title: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str] = mapped_column(String(100), default="")
    place: Mapped[str] = mapped_column(String(100), default="")

    @property
    def day(self):
        """The Shanghai date on which it begins."""
        return clock.local(self.starts_at).date()


class Participant(Model):
    """A person on the training's roster."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("training_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class RosterConfirmation(Model):
    """A unit's word that its people on the roster are right."""

    __tablename__ = "roster_confirmations"
    __table_args__ = (UniqueConstraint("training_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TrainingCourse(Model):
    """A course that belongs to a training."""

    __tablename__ = "training_courses"

    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)

    course: Mapped[Course] = relationship()


class TrainingSitting(Model):
    """A sitting that belongs to a training."""

    __tablename__ = "training_sittings"

    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True, unique=True)

    sitting: Mapped[Sitting] = relationship()
