"""What needs somebody's attention on the workbench, narrowed to what the reader may know. One query or two for each matter."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import exists, func, select

from app.bank.models import Bank, Question
from app.core import clock, operations
from app.core.db import db
from app.core.jobs import Job
from app.exams import times
from app.exams.models import Candidate, Sitting
from app.exams.queries.results import sittings
from app.exams.service.reporting import source_of
from app.notices.models import Delivery, Notice, NoticeCopy, Receipt
from app.notices.queries import batches, deliveries
from app.people.models import Unit
from app.people.scope import units_for
from app.trainings.models import Training
from app.trainings.queries.trainings import roster_counts, trainings

NAMED = 3  # units or titles named in a line
STUCK = timedelta(minutes=10)  # R36


@dataclass(frozen=True)
class Matter:
    """One thing to look after. kind: what it is; count: how many; names: some of them; since: the oldest moment; where: ids for its link."""

    kind: str
    count: int
    names: list = field(default_factory=list)
    since: object = None
    where: dict = field(default_factory=dict)


def matters(person, now):
    """Return the Matters of a reader, the most urgent first."""
    found = [matter for gather in SOURCES for matter in gather(person, now)]
    return sorted(found, key=lambda matter: URGENCY.index(matter.kind))


URGENCY = [
    "disk",
    "overdue",
    "failed",
    "stuck",
    "dead_jobs",
    "confirm",
    "draft",
    "approve",
    "issue",
    "approve_mine",
    "rosters",
    "review",
]


def overdue_signatures(person, now):
    """Copies that should have been signed for."""
    if not person.may("notice.read"):
        return []
    rows = db.session.execute(
        select(Unit.short_name, Unit.name, Notice.sign_by_at, Notice.source)
        .join(NoticeCopy, NoticeCopy.unit_id == Unit.id)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(
            Notice.state == "issued", NoticeCopy.needs_signature, Receipt.id.is_(None), Notice.sign_by_at <= now,
            Notice.owner_unit_id.in_(units_for(person, "notice.read")),
        )
        .order_by(Notice.sign_by_at, Unit.sort, Unit.id)
    ).all()  # fmt: skip
    if not rows:
        return []
    names, sources = list(dict.fromkeys(row.short_name or row.name for row in rows)), {row.source for row in rows}
    return [
        Matter("overdue", len(rows), names[:NAMED], rows[0].sign_by_at, {"source": sources.pop()} if len(sources) == 1 else {})
    ]


def mail(person, now):
    """E-mails that failed for good, and those that have been waiting for long (R36)."""
    if not person.may("notice.read"):
        return []
    counts = select(Delivery.state, func.count(), func.min(Delivery.created_at), func.max(Delivery.last_error))
    scoped = deliveries(person).with_only_columns(Delivery.id).order_by(None)
    waits = (Delivery.state == "failed") | ((Delivery.state == "queued") & (Delivery.created_at <= now - STUCK))
    rows = db.session.execute(counts.where(Delivery.id.in_(scoped), waits).group_by(Delivery.state))
    return [
        Matter("failed" if state == "failed" else "stuck", count, [error] if error else [], since)
        for state, count, since, error in rows
    ]


def results_to_confirm(person, now):
    """Tests that are over and whose results nobody has confirmed."""
    if not person.may("result.confirm"):
        return []
    past = sittings(person, "result.confirm").where(Sitting.state == "published", Sitting.closes_at <= now - times.grace())
    rows = db.session.scalars(past.limit(20)).all()
    extra = select(Candidate.sitting_id, func.max(Candidate.extra_minutes)).where(
        Candidate.sitting_id.in_([row.id for row in rows])
    )
    minutes = dict(db.session.execute(extra.group_by(Candidate.sitting_id)).all())
    over = [row for row in rows if row.closes_at + timedelta(minutes=minutes.get(row.id, 0)) <= now - times.grace()]
    return [Matter("confirm", 1, [row.title], row.closes_at, {"sitting_id": row.id}) for row in over]


def notices(person, now):
    """Batches to approve or to issue; confirmed tests without any."""
    found = []
    if person.may("notice.read"):
        open_ones = batches(person).having(func.count(Notice.id).filter(Notice.state.in_(("draft", "approved"))) > 0).limit(20)
        rows = db.session.execute(open_ones).all()
        own = (
            select(Notice.source)
            .where(Notice.source.in_([row.source for row in rows]), Notice.drafted_by_id == person.id)
            .distinct()
        )
        mine = set(db.session.scalars(own))
        for row in rows:
            kind = "issue" if not row.draft else "approve_mine" if row.source in mine else "approve"
            found.append(
                Matter(kind, row.draft or row.approved, [row.title or row.any_title], row.drafted_at, {"source": row.source})
            )
    if person.may("notice.draft"):
        found += _without_notices(person)
    return found


def _without_notices(person):
    confirmed = db.session.scalars(sittings(person, "notice.draft").where(Sitting.state == "confirmed").limit(10)).all()
    known = set(
        db.session.scalars(select(Notice.source).where(Notice.source.in_([source_of(row) for row in confirmed])).distinct())
    )
    return [
        Matter("draft", 1, [row.title], row.confirmed_at, {"sitting_id": row.id})
        for row in confirmed
        if source_of(row) not in known
    ]


def questions_to_review(person, now):
    """Questions that wait for a trainer's approval."""
    if not person.may("bank.review"):
        return []
    query = select(Question.bank_id, Bank.name, func.count()).join(Bank, Bank.id == Question.bank_id)
    query = query.where(Question.state == "review", Bank.unit_id.in_(units_for(person, "bank.review"))).group_by(
        Question.bank_id, Bank.name
    )
    rows = db.session.execute(query.order_by(func.count().desc(), Bank.name)).all()
    if not rows:
        return []
    where = {"bank_id": rows[0].bank_id} if len(rows) == 1 else {}
    return [Matter("review", sum(count for *_, count in rows), [name for _, name, _ in rows[:NAMED]], None, where)]


def late_rosters(person, now):
    """Trainings whose time to confirm the roster is over while units are missing."""
    if not person.may("training.read"):
        return []
    late = db.session.scalars(
        trainings(person)
        .where(Training.state == "planned", Training.confirm_by_at <= now, Training.ends_on >= clock.local(now).date())
        .limit(20)
    ).all()
    counts = roster_counts(late)
    return [
        Matter("rosters", counts[row.id].units - counts[row.id].confirmed, [row.title], row.confirm_by_at, {"training_id": row.id})
        for row in late if counts[row.id].confirmed < counts[row.id].units
    ]  # fmt: skip


def machine(person, now):
    """Work that was given up, and a disk that is nearly full (R16)."""
    found = []
    if person.may("job.read"):
        count, since = db.session.execute(select(func.count(Job.id), func.min(Job.finished_at)).where(given_up())).one()
        found += [Matter("dead_jobs", count, [], since)] if count else []
        free = operations.free_bytes()
        found += [Matter("disk", free // 1_000_000)] if free < operations.LOW_DISK_BYTES else []
    return found


def given_up():
    """Return the SQL condition of jobs that were given up; lost e-mails are told apart, see `mail`."""
    return (Job.state == "dead") & ~exists().where(Delivery.job_id == Job.id)


SOURCES = (overdue_signatures, mail, results_to_confirm, notices, questions_to_review, late_rosters, machine)
