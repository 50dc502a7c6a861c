"""Papers: titled sections, each a fixed list of question versions or a random draw; frozen before use."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.bank.models import QuestionVersion
from app.core.db import Model, Points, UTCDateTime
from app.people.models import Unit


class Paper(Model):
    """A paper. Draft papers are edited; a frozen one never changes (R29)."""

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")  # draft frozen
    total_points: Mapped[Decimal | None] = mapped_column(Points)  # set when frozen
    question_count: Mapped[int | None]  # set when frozen
    digest: Mapped[str | None] = mapped_column(String(64))  # of the frozen contents
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    sections: Mapped[list["PaperSection"]] = relationship(
        order_by="PaperSection.position", back_populates="paper", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # R25


class PaperSection(Model):
    """One titled section (大题): a kind, points per question, its scoring rule, and where its questions come from."""

    __tablename__ = "paper_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))  # 单项选择题; number and points are added by rules.heading()
    kind: Mapped[str] = mapped_column(String(20))
    points_each: Mapped[Decimal] = mapped_column(Points)
    rule: Mapped[str] = mapped_column(String(20), default="all_or_nothing")  # multiple-choice scoring
    drawn: Mapped[bool] = mapped_column(default=False)  # False: the fixed items below
    draw: Mapped[dict | None] = mapped_column(
        JSON
    )  # {"bank_ids": [], "topic_ids": [] for all, "difficulty": {"1": n, "2": n, "3": n} | None, "count"}
    pool: Mapped[list | None] = mapped_column(JSON)  # frozen: [[version_id, difficulty], …] the draw chooses from

    paper: Mapped[Paper] = relationship(back_populates="sections")
    items: Mapped[list["PaperItem"]] = relationship(
        order_by="PaperItem.position", back_populates="section", cascade="all, delete-orphan"
    )


class PaperItem(Model):
    """One question of a fixed section, as a version."""

    __tablename__ = "paper_items"
    __table_args__ = (UniqueConstraint("section_id", "question_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("paper_sections.id"))
    position: Mapped[int]
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))

    section: Mapped[PaperSection] = relationship(back_populates="items")
    question_version: Mapped[QuestionVersion] = relationship()
