"""Closes attempts whose time is over: by the job every few seconds, or by whoever comes first (R8)."""

from sqlalchemy import bindparam, select, update

from app.core.audit import record
from app.core.db import db, unit_of_work
from app.exams import times
from app.exams.models import Attempt
from app.exams.service import marking

BATCH = 200  # attempts of one transaction


def close_attempts(attempt_ids, *, now):
    """Close those of these attempts that are past their due time and its grace; return how many. Inside a unit of work.

    The finish time is the due time, whenever this runs.
    """
    over = Attempt.due_at <= now - times.grace()
    due = db.session.execute(
        select(Attempt.id, Attempt.sitting_id, Attempt.due_at)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == "in_progress", over)
        .order_by(Attempt.id)
        .with_for_update()
    ).all()
    if not due:
        return 0
    change = (
        update(Attempt)
        .where(Attempt.id == bindparam("attempt"), Attempt.state == "in_progress")
        .values(state="handed_in", closed_by="server", submitted_at=bindparam("finished"), receipt_code=bindparam("code"))
    )
    values = [{"attempt": row.id, "finished": row.due_at, "code": times.receipt_code(row.id, row.due_at)} for row in due]
    db.session.connection().execute(change, values)
    for sitting_id in sorted({row.sitting_id for row in due}):
        record("exam.close_due", object_type="sittings", object_id=sitting_id, actor="system",
               attempts=[row.id for row in due if row.sitting_id == sitting_id])  # fmt: skip
    return len(due)


def close_due(*, now):
    """Close every attempt that is due and mark what is not marked; return (closed, marked). Opens units of work."""
    closed = 0
    while ids := _due(now):
        with unit_of_work():
            count = close_attempts(ids, now=now)
        closed += count
        if not count:
            break  # somebody else closed them
    return closed, marking.mark_waiting(now=now)


def _due(now):
    query = (
        select(Attempt.id)
        .where(Attempt.state == "in_progress", Attempt.due_at <= now - times.grace())
        .order_by(Attempt.due_at)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))
