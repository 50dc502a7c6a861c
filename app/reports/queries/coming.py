"""What comes next: tests that open and close, times to sign and to confirm, the days of trainings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.exams.models import Candidate, Sitting
from app.exams.queries.results import sittings
from app.notices.models import Notice, NoticeCopy, Receipt
from app.people.scope import units_for
from app.reports.rules import SOON
from app.trainings.models import Training
from app.trainings.queries.trainings import roster_counts, trainings

MOST = 6


@dataclass(frozen=True)
class Event:
    """One moment to come. kind: opens, closes, sign_by, confirm_by, training; count: people or units concerned; where: ids for the link."""

    kind: str
    at: datetime
    title: str
    count: int
    where: dict


def events(person, now):
    """Return the next few Events of the reader's scope, the earliest first."""
    found = [*_sittings(person, now), *_signatures(person, now), *_trainings(person, now)]
    return sorted(found, key=lambda event: (event.at, event.kind))[:MOST]


def _sittings(person, now):
    query = sittings(person).where(Sitting.state == "published", Sitting.closes_at > now, Sitting.opens_at <= now + SOON)
    rows = db.session.scalars(query.order_by(None).order_by(Sitting.opens_at).limit(MOST)).all()
    people = (
        select(Candidate.sitting_id, func.count())
        .where(Candidate.sitting_id.in_([row.id for row in rows]))
        .group_by(Candidate.sitting_id)
    )
    counts = dict(db.session.execute(people).all()) if rows else {}
    for row in rows:
        kind, at = ("opens", row.opens_at) if row.opens_at > now else ("closes", row.closes_at)
        if at <= now + SOON:
            yield Event(kind, at, row.title, counts.get(row.id, 0), {"sitting_id": row.id})


def _signatures(person, now):
    if not person.may("notice.read"):
        return
    waiting = func.count(NoticeCopy.id).filter(Receipt.id.is_(None))
    query = (
        select(Notice.source, Notice.sign_by_at, func.max(Notice.title).label("title"), waiting.label("waiting"))
        .join(NoticeCopy, NoticeCopy.notice_id == Notice.id)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(
            Notice.state == "issued", NoticeCopy.needs_signature, Notice.sign_by_at > now, Notice.sign_by_at <= now + SOON,
            Notice.owner_unit_id.in_(units_for(person, "notice.read")),
        )
        .group_by(Notice.source, Notice.sign_by_at)
        .having(waiting > 0)
        .order_by(Notice.sign_by_at)
        .limit(MOST)
    )  # fmt: skip
    for row in db.session.execute(query):
        yield Event("sign_by", row.sign_by_at, row.title, row.waiting, {"source": row.source})


def _trainings(person, now):
    today = clock.local(now).date()
    query = trainings(person).where(Training.state == "planned", Training.ends_on >= today, Training.starts_on <= today + SOON)
    rows = db.session.scalars(query.order_by(None).order_by(Training.starts_on, Training.id).limit(MOST)).all()
    counts = roster_counts(rows) if rows else {}
    for row in rows:
        count, begins = counts[row.id], clock.day_start(row.starts_on)
        if row.confirm_by_at and now < row.confirm_by_at <= now + SOON and count.confirmed < count.units:
            yield Event("confirm_by", row.confirm_by_at, row.title, count.units - count.confirmed, {"training_id": row.id})
        if begins > now:
            yield Event("training", begins, row.title, count.people, {"training_id": row.id})
