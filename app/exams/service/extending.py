"""More time during a sitting, for one person or for all, with its reason (R9)."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from app.core.audit import record
from app.core.db import db
from app.exams import errors, times
from app.exams.models import Adjustment, Attempt, LateResponse, Response

MOST_MINUTES = 600


class Change(NamedTuple):
    """What more time does to one attempt. `reopens`: its owner, who had run out of time, can work again."""

    attempt: Attempt
    due_at: object
    reopens: bool


def preview(sitting, minutes, *, now, candidate=None):
    """Return the Changes that `minutes` more would make, for one candidate or for all; nothing is changed."""
    attempts = db.session.scalars(_concerned(sitting, candidate).options(joinedload(Attempt.person)))
    return [_change(attempt, minutes, now) for attempt in attempts]


def _concerned(sitting, candidate):
    """Attempts that run, and those whose time ran out before their owners handed in: own hand-ins are final."""
    by_clock = (Attempt.state == "handed_in") & (Attempt.closed_by == "server")
    query = (
        select(Attempt).where(Attempt.sitting_id == sitting.id, (Attempt.state == "in_progress") | by_clock).order_by(Attempt.id)
    )
    return query if candidate is None else query.where(Attempt.candidate_id == candidate.id)


def _change(attempt, minutes, now):
    due_at = attempt.due_at + timedelta(minutes=minutes)
    return Change(attempt, due_at, attempt.state == "handed_in" and due_at > now)


def extend(sitting, minutes, reason, *, actor, now, candidate=None):
    """Give `minutes` more to one candidate, or to everyone; return the Changes made. Inside a unit of work.

    Whoever has not begun gets the minutes at the start. Answers that had come too late, but in time for the new due time, count.
    Raises BadExtension, SittingOver, NothingToExtend.
    """
    reason = (reason or "").strip()
    if not (1 <= minutes <= MOST_MINUTES and reason):
        raise errors.BadExtension(most=MOST_MINUTES)
    if sitting.state != "published":
        raise errors.SittingConfirmed
    attempts = db.session.scalars(_concerned(sitting, candidate).with_for_update()).all()
    if not attempts and candidate is not None and _is_done(sitting, candidate):
        raise errors.NothingToExtend
    changes = [_change(attempt, minutes, now) for attempt in attempts]
    adjustment = Adjustment(sitting_id=sitting.id, candidate_id=candidate.id if candidate else None, minutes=minutes, reason=reason[:500],
                            made_by_id=actor.id, made_at=now)  # fmt: skip
    db.session.add(adjustment)
    for change in changes:
        _apply(change)
    db.session.flush()
    _count_late_answers(changes)
    record("attempt.extend", adjustment, sitting=sitting.id, candidate=adjustment.candidate_id, minutes=minutes, reason=reason,
           attempts=[change.attempt.id for change in changes], reopened=[change.attempt.id for change in changes if change.reopens])  # fmt: skip
    return changes


def _is_done(sitting, candidate):
    states = db.session.scalars(select(Attempt.state).where(Attempt.candidate_id == candidate.id)).all()
    return sum(state != "ready" for state in states) >= sitting.attempts_allowed


def _apply(change):
    attempt, attempt.due_at = change.attempt, change.due_at
    if attempt.state == "in_progress":
        return
    attempt.marked_at = attempt.score = None  # marked again once it is handed in for good
    if change.reopens:
        attempt.state, attempt.submitted_at, attempt.closed_by, attempt.receipt_code = "in_progress", None, None, None
    else:
        attempt.submitted_at, attempt.receipt_code = change.due_at, times.receipt_code(attempt.id, change.due_at)


def _count_late_answers(changes):
    """Take the answers that were kept as late, and are in time now, as answers; a newer one stays."""
    deadlines = {change.attempt.id: change.due_at + times.grace() for change in changes}
    evidence = db.session.scalars(
        select(LateResponse).where(LateResponse.attempt_id.in_(deadlines), LateResponse.why == "late").order_by(LateResponse.seq)
    )
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Response)
    newer = insert.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: insert.excluded[name] for name in ("seq", "answer", "saved_at", "generation")},
        where=insert.excluded.seq > Response.seq,
    )
    for late in evidence:
        if late.arrived_at < deadlines[late.attempt_id]:
            db.session.execute(newer, {"attempt_id": late.attempt_id, "position": late.position, "seq": late.seq, "answer": late.answer, "flag": False,
                                       "saved_at": late.arrived_at, "generation": late.generation})  # fmt: skip
