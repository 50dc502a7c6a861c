"""Attempts from their draw to the device that works on them: prepare, start, take over."""

import secrets

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app.core.audit import record
from app.core.clock import show_time
from app.core.db import db, unit_of_work
from app.core.jobs import enqueue
from app.exams import errors, times
from app.exams.models import Adjustment, Attempt, Candidate, Incident, Sitting
from app.exams.rules import entrance, exam_clock
from app.papers.models import Paper
from app.papers.service import Drawer

PREPARE = "exams.prepare"
BATCH = 100  # attempts drawn in one transaction
SEED_BITS = 62


def enqueue_prepare(sitting):
    """Have the attempts of a published sitting drawn by the worker. Inside a unit of work."""
    return enqueue(PREPARE, {"sitting_id": sitting.id}, priority=2)


def prepare(sitting_id, progress=None):
    """Draw the first attempt of every candidate who has none; opens a unit of work for each batch. Returns how many were drawn."""
    sitting = db.session.get(Sitting, sitting_id)
    if sitting is None or sitting.state != "published":
        return 0
    drawer = Drawer(db.session.get(Paper, sitting.paper_id))
    waiting = select(func.count()).select_from(Candidate).where(_has_no_attempt(sitting_id))
    total, drawn = db.session.scalar(waiting), 0
    while True:
        with unit_of_work():
            count = _draw_batch(sitting, drawer)
        drawn += count
        if not count:
            return drawn
        if progress:
            progress(drawn, total)


def _has_no_attempt(sitting_id):
    return (Candidate.sitting_id == sitting_id) & ~exists().where(Attempt.candidate_id == Candidate.id)


def _draw_batch(sitting, drawer):
    query = select(Candidate.id, Candidate.person_id).where(_has_no_attempt(sitting.id)).order_by(Candidate.id).limit(BATCH)
    rows = [_drawn(sitting, drawer, row.id, row.person_id, 1) for row in db.session.execute(query.with_for_update())]
    if rows:
        db.session.execute(insert(Attempt), rows)
    return len(rows)


def _drawn(sitting, drawer, candidate_id, person_id, number):
    seed = secrets.randbits(SEED_BITS)
    items = drawer.items(seed, sitting.shuffle_questions)
    return {"sitting_id": sitting.id, "candidate_id": candidate_id, "person_id": person_id, "number": number, "state": "ready",
            "seed": seed, "items": items, "generation": 0}  # fmt: skip


def attempts_of(candidate_id):
    """Return a candidate's attempts, the first one first."""
    return list(db.session.scalars(select(Attempt).where(Attempt.candidate_id == candidate_id).order_by(Attempt.number)))


def extra_minutes(candidate):
    """Return all the extra minutes of a candidate: planned ones, and those given during the sitting to one or all."""
    given = select(func.coalesce(func.sum(Adjustment.minutes), 0)).where(
        Adjustment.sitting_id == candidate.sitting_id,
        Adjustment.candidate_id.is_(None) | (Adjustment.candidate_id == candidate.id),
    )
    return candidate.extra_minutes + db.session.scalar(given)


def start_attempt(candidate, *, now):
    """Start the candidate's next attempt; return (attempt, True), or (attempt, False) when one runs already.

    Of two at once, one starts it and the other finds it started. candidate: read for update, or locked by the database's gate.

    Inside a unit of work. Raises the refusal that says why not: too early, too late, cancelled, on leave, none left.
    """
    sitting = candidate.sitting
    known = attempts_of(candidate.id)
    running = next((attempt for attempt in known if attempt.state == "in_progress"), None)
    if running is not None and not exam_clock.is_over(now, running.due_at, times.grace()):
        return running, False
    refuse_start(sitting, candidate, known, now)
    attempt = next((attempt for attempt in known if attempt.state == "ready"), None) or _draw_next(sitting, candidate, known)
    closes_at = entrance.given_back(now, sitting.opens_at, sitting.closes_at, entrance.jitter(sitting.id, candidate.person_id))
    due_at = exam_clock.due_time(now, sitting.minutes_allowed, closes_at, extra_minutes(candidate))
    values = {"state": "in_progress", "started_at": now, "due_at": due_at, "generation": attempt.generation + 1}
    change = update(Attempt).where(Attempt.id == attempt.id, Attempt.state == "ready").values(values)
    started = db.session.execute(change, execution_options={"synchronize_session": False})
    if not started.rowcount:
        db.session.refresh(attempt)
        return attempt, False
    for name, value in values.items():
        set_committed_value(attempt, name, value)
    record("attempt.start", attempt, sitting=sitting.id, number=attempt.number, due_at=due_at.isoformat())
    return attempt, True


def refuse_start(sitting, candidate, known, now):
    """Raise the refusal that keeps the candidate from starting now; known: the candidate's attempts."""
    if sitting.state == "cancelled":
        raise errors.SittingCancelled
    if sitting.state != "published":
        raise errors.SittingOver(time=show_time(sitting.closes_at))
    if candidate.on_leave:
        raise errors.OnLeave
    if sum(attempt.state != "ready" for attempt in known) >= sitting.attempts_allowed:
        raise errors.NoAttemptsLeft
    if now < sitting.opens_at:
        raise errors.NotOpenYet(time=show_time(sitting.opens_at))
    if now >= sitting.closes_at:
        raise errors.SittingOver(time=show_time(sitting.closes_at))
    if not exam_clock.accepts_start(now, sitting.opens_at, sitting.latest_entry_at, sitting.closes_at):
        raise errors.EntryClosed(time=show_time(sitting.latest_entry_at))


def _draw_next(sitting, candidate, known):
    drawer = Drawer(db.session.get(Paper, sitting.paper_id))
    attempt = Attempt(**_drawn(sitting, drawer, candidate.id, candidate.person_id, len(known) + 1))
    db.session.add(attempt)
    db.session.flush()
    return attempt


def take_over(attempt, *, now):
    """Make this device the live one and return True; False when there is nothing left to take over. Inside a unit of work (R18)."""
    taken = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == "in_progress", Attempt.due_at > now - times.grace())
        .values(generation=Attempt.generation + 1)
    )
    if not taken.rowcount:
        return False
    db.session.refresh(attempt)
    db.session.add(Incident(sitting_id=attempt.sitting_id, attempt_id=attempt.id, kind="takeover", seconds=0, at=now))
    record("attempt.take_over", attempt, generation=attempt.generation)
    return True
