"""Banks, their topics and questions, and the versions of a question, which never change."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, UTCDateTime
from app.core.files import StoredFile
from app.people.models import Person, Unit


class Bank(Model):
    """A question bank; its owner unit decides who sees it."""

    __tablename__ = "banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    last_number: Mapped[int] = mapped_column(default=0)  # the highest question number given
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    unit: Mapped[Unit] = relationship()


class Topic(Model):
    """A knowledge point (知识点) of a bank, "一级/二级"."""

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    name: Mapped[str] = mapped_column(String(100))


class Question(Model):
    """One question through all its versions. Only approved ones are drawn for tests."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("bank_id", "number"), Index("ix_questions_draw", "bank_id", "kind", "state", "difficulty"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    number: Mapped[int]  # within the bank
    kind: Mapped[str] = mapped_column(String(20))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    difficulty: Mapped[int] = mapped_column(default=2)  # 1 easy, 2 medium, 3 hard
    state: Mapped[str] = mapped_column(String(10), default="approved")  # review (待复核) approved retired
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)  # of the normalised stem and options: equal = duplicate
    search_text: Mapped[str] = mapped_column(Text)  # stem and options of the current version, for search
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", use_alter=True))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    bank: Mapped[Bank] = relationship()
    topic: Mapped[Topic | None] = relationship(lazy="joined")
    current: Mapped["QuestionVersion"] = relationship(foreign_keys=[current_version_id], post_update=True)

    __mapper_args__ = {"version_id_col": version}  # R25


class QuestionVersion(Model):
    """One wording of a question with its key. Never changed: papers and attempts point at it."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]  # 1, 2, …
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict] = mapped_column(JSON)  # stem, options, key, explanation: see app.bank.kinds
    source: Mapped[str] = mapped_column(Text, default="")  # 出处: document, version, article where checked
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")  # what was changed

    question: Mapped[Question] = relationship(foreign_keys=[question_id])
    created_by: Mapped[Person | None] = relationship()


class ImportBatch(Model):
    """One import on its way: the text as typed, kept until it is done, so that nothing is lost. Only its maker works on it."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    overrides: Mapped[dict] = mapped_column(JSON)  # {first line: {"kind", "key", "do"}}: what was chosen for a question so far
    settings: Mapped[dict] = mapped_column(
        JSON, default=dict
    )  # for all of it: "topic", "source", "review"; "marks" of a Word file
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))  # a table that waits for its columns to be named
    state: Mapped[str] = mapped_column(String(10), default="open")  # open imported
    imported: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    bank: Mapped[Bank] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # R25: two windows on one draft
