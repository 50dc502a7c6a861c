"""Jobs: the outbox and all background work in one table, so that enqueueing is part of the caller's transaction.

At least once (R26): a worker claims a job with a lease; a dead worker's lease lapses and the job runs again, so every
handler is safe to run twice. Failures back off and end as `dead` with the error's text, to be retried by a person.
"""

import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import JSON, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, UTCDateTime, db, unit_of_work

log = structlog.get_logger()

LEASE = timedelta(seconds=120)
BACKOFF_MINUTES = (1, 5, 15, 60)  # then hourly (R35)
HOURLY = 60
HANDLERS: dict[str, Callable] = {}
PERIODIC: dict[str, tuple[timedelta, Callable]] = {}


class Job(Model):
    """One piece of work to do outside a request."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    key: Mapped[str | None] = mapped_column(String(120))  # the same key is never enqueued twice
    payload: Mapped[dict] = mapped_column(JSON)
    priority: Mapped[int] = mapped_column(default=5)  # smaller runs first
    state: Mapped[str] = mapped_column(String(10), default="ready", index=True)  # ready running done dead
    run_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=75)  # about 72 hours of hourly tries
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None]  # the person who may see its progress and result
    done: Mapped[int] = mapped_column(default=0)  # progress: steps done …
    total: Mapped[int] = mapped_column(default=0)  # … of so many; 0 = not known
    result: Mapped[dict | None] = mapped_column(JSON)


class Schedule(Model):
    """When a piece of periodic work is due next; claimed by an UPDATE, so any number of workers fire once."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_run_at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass
class Run:
    """What a handler is given: the job's id and payload, and how to tell its progress."""

    job_id: int
    payload: dict
    owner: str
    attempts: int
    result: dict = field(default_factory=dict)

    def progress(self, done, total):
        """Show `done` of `total` steps to whoever waits, and renew the lease. Outside any unit of work."""
        with unit_of_work() as session:
            kept = session.execute(
                update(Job).where(Job.id == self.job_id, Job.owner == self.owner)
                .values(done=done, total=total, lease_until=clock.now() + LEASE)
            )  # fmt: skip
        if not kept.rowcount:
            raise LeaseLost


class LeaseLost(Exception):
    """Another worker took the job over; this one's further work must not be stored."""


class Later(Exception):
    """A handler asks to be run again: after `minutes`, or by the usual backoff. `reason` is shown to administrators."""

    def __init__(self, reason, minutes=None):
        super().__init__(reason)
        self.minutes = minutes


class GiveUp(Exception):
    """A handler knows that trying again is no use."""


def handler(kind):
    """Register `fn(run: Run)` as the handler of a kind of job."""

    def register(fn):
        HANDLERS[kind] = fn
        return fn

    return register


def periodic(name, every):
    """Register `fn()` to run about every `every` (a timedelta), once over all workers."""

    def register(fn):
        PERIODIC[name] = (every, fn)
        return fn

    return register


def enqueue(kind, payload, *, key=None, at=None, priority=5, created_by_id=None, max_attempts=75):
    """Add a job to the present unit of work; return it. With a `key` that exists already, return that job."""
    if key is not None:
        existing = db.session.scalars(select(Job).where(Job.key == key)).one_or_none()
        if existing is not None:
            return existing
    moment = clock.now()
    job = Job(kind=kind, key=key, payload=payload, run_at=at or moment, priority=priority, state="ready", attempts=0, done=0, total=0,
              created_at=moment, created_by_id=created_by_id, max_attempts=max_attempts)  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job


def retry(job):
    """Run a dead job again, now. Inside a unit of work."""
    job.state, job.run_at, job.last_error = "ready", clock.now(), None


def worker_name():
    """A name for this worker, unique on the network."""
    return f"{socket.gethostname()}:{os.getpid()}"


def claim(owner):
    """Take the next due job; return its Run, or None."""
    moment = clock.now()
    due = or_((Job.state == "ready") & (Job.run_at <= moment), (Job.state == "running") & (Job.lease_until < moment))
    with unit_of_work() as session:
        next_id = select(Job.id).where(due).order_by(Job.priority, Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
        job = session.scalars(select(Job).where(Job.id == session.scalar(next_id))).one_or_none()
        if job is None:
            return None
        job.state, job.owner, job.lease_until, job.attempts = "running", owner, moment + LEASE, job.attempts + 1
        return Run(job.id, dict(job.payload), owner, job.attempts)


def any_due():
    """True when a job or periodic work waits: a cheap read before taking the write gate."""
    moment = clock.now()
    due = or_((Job.state == "ready") & (Job.run_at <= moment), (Job.state == "running") & (Job.lease_until < moment))
    found = db.session.scalar(select(Job.id).where(due).limit(1)) is not None
    db.session.rollback()
    return found


def run_one(owner=None):
    """Claim and run one due job; return True if there was one."""
    run = claim(owner or worker_name())
    if run is None:
        return False
    kind = db.session.scalar(select(Job.kind).where(Job.id == run.job_id))
    db.session.rollback()
    try:
        HANDLERS[kind](run)
    except LeaseLost:
        db.session.rollback()
    except GiveUp as error:
        db.session.rollback()
        _finish(run, state="dead", error=str(error))
    except Exception as error:
        db.session.rollback()
        _fail(run, kind, error)
    else:
        _finish(run, state="done")
    return True


def _finish(run, *, state, error=None):
    with unit_of_work() as session:
        session.execute(
            update(Job).where(Job.id == run.job_id, Job.owner == run.owner)
            .values(state=state, finished_at=clock.now(), last_error=error, result=run.result, lease_until=None)
        )  # fmt: skip


def _fail(run, kind, error):
    asked = error.minutes if isinstance(error, Later) else None
    if not isinstance(error, Later):
        log.exception("job failed", job=run.job_id, kind=kind)
    with unit_of_work() as session:
        job = session.get(Job, run.job_id)
        if job is None or job.owner != run.owner:
            return
        job.last_error = (str(error) or type(error).__name__)[:2000]
        job.lease_until = None
        if job.attempts >= job.max_attempts:
            job.state, job.finished_at = "dead", clock.now()
        else:
            job.state, job.run_at = "ready", clock.now() + backoff(job.attempts, asked)


def backoff(attempts, minutes=None):
    """Return how long to wait after so many tries: 1, 5, 15, 60 minutes, then hourly, with up to 10 % jitter."""
    wait = minutes if minutes is not None else BACKOFF_MINUTES[attempts - 1] if attempts <= len(BACKOFF_MINUTES) else HOURLY
    return timedelta(minutes=wait * (1 + random.random() / 10))  # noqa: S311 - spreading retries needs no secrecy


def run_periodic():
    """Run the periodic work that is due; each once over all workers."""
    moment = clock.now()
    planned = dict(db.session.execute(select(Schedule.name, Schedule.next_run_at)).all())  # one cheap read a second
    db.session.rollback()
    for name, (every, fn) in PERIODIC.items():
        if (name not in planned or planned[name] <= moment) and _claim_periodic(name, every, moment):
            try:
                fn()
            except Exception:
                db.session.rollback()
                log.exception("periodic work failed", name=name)


def _claim_periodic(name, every, moment):
    """Plan the next run; return whether this worker is the one to run it now."""
    with unit_of_work() as session:
        row = session.get(Schedule, name, with_for_update=True)
        if row is None:
            session.add(Schedule(name=name, next_run_at=moment + every))
            return True
        if row.next_run_at > moment:
            return False
        row.next_run_at = moment + every
        return True


def run_all_due(limit=10_000):
    """Run due jobs until none is left; return how many ran. For commands and tests."""
    count = 0
    while count < limit and run_one():
        count += 1
    return count
