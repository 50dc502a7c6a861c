"""Notices (通报): numbered documents to units, each unit's copy, its deliveries, readings and the receipt it signs."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, UTCDateTime
from app.core.files import StoredFile
from app.people.models import Person, Unit


class Notice(Model):
    """One document. Draft → approved (a second person) → numbered (no gaps) → issued; later possibly withdrawn (R33)."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("number_prefix", "number_year", "number_seq"), UniqueConstraint("source", "slot"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # unit | overall
    source: Mapped[str] = mapped_column(String(40), index=True)  # what it came from, opaque here: "sitting:5"
    slot: Mapped[str] = mapped_column(String(40))  # one notice per source and slot: "overall", "unit:12"
    owner_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)  # the bureau that issues it
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[dict] = mapped_column(JSON)  # app.notices.document's JSON; frozen once issued
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)  # draft approved numbered issued withdrawn
    sign_by_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    number_prefix: Mapped[str | None] = mapped_column(String(40))
    number_year: Mapped[int | None]
    number_seq: Mapped[int | None]
    check_code: Mapped[str | None] = mapped_column(String(40), unique=True)  # >= 128 random bits (R38)
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    pdf_digest: Mapped[str | None] = mapped_column(String(64))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(Text)

    drafted_by: Mapped[Person] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    pdf: Mapped[StoredFile | None] = relationship()
    copies: Mapped[list["NoticeCopy"]] = relationship(back_populates="notice", order_by="NoticeCopy.id")


class NoticeNumber(Model):
    """The last number given per prefix and year; its row is locked while numbers are taken, so there are no gaps (R22)."""

    __tablename__ = "notice_numbers"

    prefix: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class NoticeCopy(Model):
    """One unit's copy of a notice."""

    __tablename__ = "notice_copies"
    __table_args__ = (UniqueConstraint("notice_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    needs_signature: Mapped[bool] = mapped_column(default=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(default=0)

    notice: Mapped[Notice] = relationship(back_populates="copies")
    unit: Mapped[Unit] = relationship()
    receipt: Mapped["Receipt | None"] = relationship(back_populates="copy", uselist=False)
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="copy", order_by="Delivery.id")


class Delivery(Model):
    """A copy's way to one reader by one channel. `key` makes a second sending recognisable."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("notice_copies.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))  # issue | reminder
    channel: Mapped[str] = mapped_column(String(10))  # inbox | email
    address: Mapped[str] = mapped_column(String(254), default="")
    key: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)  # queued sent failed
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))  # the job that sends it
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # inbox: first opened by this person

    copy: Mapped[NoticeCopy] = relationship(back_populates="deliveries")
    person: Mapped[Person] = relationship()


class Receipt(Model):
    """A unit's signature for its copy: who, when, from where, over which bytes (R37). One per copy."""

    __tablename__ = "receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("notice_copies.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(45))
    document_digest: Mapped[str] = mapped_column(String(64))

    copy: Mapped[NoticeCopy] = relationship(back_populates="receipt")
    person: Mapped[Person] = relationship()
