"""Sittings, candidates, attempts, responses, marks and results. Every row of a sitting carries its id, so tables can be split by it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, Points, UTCDateTime
from app.papers.models import Paper
from app.people.models import Person, Unit

UNMARKED = "state = 'handed_in' AND marked_at IS NULL"


class Sitting(Model):
    """One delivery of a paper to named candidates in a window (考试安排)."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)  # the unit that holds it
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)  # draft published confirmed cancelled
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    latest_entry_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes_allowed: Mapped[int]
    earliest_hand_in_minutes: Mapped[int] = mapped_column(default=0)  # after the start; never blocks a forced hand-in
    pass_mark: Mapped[Decimal] = mapped_column(Points)
    attempts_allowed: Mapped[int] = mapped_column(default=1)
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    release_score: Mapped[str] = mapped_column(String(12), default="confirmed")  # handed_in confirmed never: when a taker sees it
    release_answers: Mapped[str] = mapped_column(
        String(12), default="never"
    )  # own answers with marks: handed_in closed confirmed never
    release_key: Mapped[str] = mapped_column(String(12), default="never")  # keys and explanations: closed confirmed never
    audience: Mapped[dict] = mapped_column(
        JSON
    )  # how candidates were chosen: {"unit_ids": [], "positions": [], "role": null, "people": []}
    venue: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    snapshot: Mapped[dict | None] = mapped_column(JSON)  # the confirmed figures, frozen
    version: Mapped[int] = mapped_column(default=1)

    paper: Mapped[Paper] = relationship()
    unit: Mapped[Unit] = relationship()
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])

    __mapper_args__ = {"version_id_col": version}


class Candidate(Model):
    """A person who is to sit; unit and position as they were when listed, so later moves change no report."""

    __tablename__ = "candidates"
    __table_args__ = (UniqueConstraint("sitting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    position: Mapped[str] = mapped_column(String(100), default="")
    on_leave: Mapped[bool] = mapped_column(default=False)  # 请假: not absent, not due
    extra_minutes: Mapped[int] = mapped_column(default=0)  # R2: also moves this person's closing time

    sitting: Mapped[Sitting] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class Attempt(Model):
    """One candidate's run (答卷). Drawn ahead of the start; the start is one small write."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("candidate_id", "number"),
        Index("ix_attempts_due", "state", "due_at"),
        Index("ix_attempts_unmarked", "id", sqlite_where=text(UNMARKED), postgresql_where=text(UNMARKED)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)  # 1, or more where the sitting allows another run
    state: Mapped[str] = mapped_column(String(12), default="ready")  # ready in_progress handed_in
    seed: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[list] = mapped_column(
        JSON
    )  # [[version_id, section_id], …] in this attempt's order; points and rules are the section's
    generation: Mapped[int] = mapped_column(default=0)  # device generation: raised by every start and takeover (R18)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # fixed at the start; only an extension moves it
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # own hand-in, or due_at when the server closed it
    closed_by: Mapped[str | None] = mapped_column(String(10))  # self | server
    receipt_code: Mapped[str | None] = mapped_column(String(12))
    score: Mapped[Decimal | None] = mapped_column(Points)  # sum of the current marks
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    sitting: Mapped[Sitting] = relationship()
    candidate: Mapped[Candidate] = relationship()
    person: Mapped[Person] = relationship()


class Response(Model):
    """The newest answer to one item of an attempt, by rising sequence (R23). Written by the save path in raw SQL."""

    __tablename__ = "responses"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1 …, in the attempt's order
    seq: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)  # JSON list as displayed to this person: ["B"], ["true"], ["三个月"]
    flag: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)  # when it arrived
    generation: Mapped[int] = mapped_column(
        default=1
    )  # of the device that gave it: an older device's unsent answer does not go before it


class LateResponse(Model):
    """An answer that arrived too late or from a device that was replaced: evidence, not counted (R6, R18)."""

    __tablename__ = "late_responses"
    __table_args__ = (UniqueConstraint("attempt_id", "position", "seq", "generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    seq: Mapped[int]
    generation: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    age_ms: Mapped[int] = mapped_column(BigInteger, default=0)  # by the device's monotonic clock
    why: Mapped[str] = mapped_column(String(12))  # late | replaced
    device: Mapped[str] = mapped_column(String(200), default="")


class MarkSheet(Model):
    """One marking of one attempt: points and reason per position. Added, never changed; the highest run counts (R28).

    One row for all positions, not one per position: a tenth of the disk, and read and written whole.
    """

    __tablename__ = "mark_sheets"
    __table_args__ = (UniqueConstraint("attempt_id", "run"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    run: Mapped[int] = mapped_column(default=1)
    marks: Mapped[list] = mapped_column(JSON)  # by position from 1: [points as text, state, why code, why params]
    score: Mapped[Decimal] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(String(200), default="")  # of a run after the first
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Adjustment(Model):
    """More time for one candidate or all, with its reason (R9). Added, never changed."""

    __tablename__ = "adjustments"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))  # None: everyone
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Incident(Model):
    """Something that happened during an attempt: the page was left, the device was changed."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # left_page takeover
    seconds: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Result(Model):
    """A candidate's confirmed result: frozen when a named person confirms the sitting (R32)."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("sitting_id", "candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))  # the best one; None when absent
    outcome: Mapped[str] = mapped_column(String(10))  # passed failed absent on_leave
    score: Mapped[Decimal | None] = mapped_column(Points)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    sitting: Mapped[Sitting] = relationship()
    candidate: Mapped[Candidate] = relationship()


class Presence(Model):
    """The last sign of life of one attempt's page: a hint for the invigilator's board, no evidence (see app.exams.presence)."""

    __tablename__ = "presences"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
