"""Marks handed-in attempts. May run any number of times: a run that changes nothing adds nothing, another adds a sheet (R28)."""

import json
from decimal import Decimal

import structlog
from sqlalchemy import bindparam, func, insert, select, update

from app.bank import kinds
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, MarkSheet, Response, Sitting
from app.exams.queries.versions import marker_of
from app.exams.rules.paper_order import option_seed

log = structlog.get_logger()

BATCH = 100  # attempts of one transaction
AGAIN = "answers that arrived in time were stored after the close"


def mark_attempts(attempt_ids, *, now, reason=AGAIN):
    """Mark these attempts as far as they are handed in; return {attempt id: score}. Inside a unit of work.

    reason: stands on every sheet after an attempt's first.
    """
    query = (
        select(Attempt.id, Attempt.sitting_id, Attempt.seed, Attempt.items, Sitting.shuffle_options)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == "handed_in")
        .order_by(Attempt.id)
    )
    attempts = db.session.execute(query.with_for_update(of=Attempt)).all()  # no save is stored while it is marked
    ids = [attempt.id for attempt in attempts]
    answers, sheets = _answers(ids), _newest_sheets(ids)
    marked = {}
    for attempt in attempts:
        try:
            marked[attempt.id] = (attempt.sitting_id, *marks_of(attempt, answers.get(attempt.id, {})))
        except Exception:  # one attempt that cannot be marked must not keep the others waiting
            log.exception("marking failed", attempt=attempt.id)
    _store(marked, sheets, now, reason)
    return {attempt_id: score for attempt_id, (_, _, score) in marked.items()}


def marks_of(attempt, answers):
    """Return (marks as a sheet keeps them, score). answers: {position: list of displayed letters or typed strings}."""
    marks, score = [], Decimal(0)
    for position, (version_id, section_id) in enumerate(attempt.items, 1):
        mark = _mark(attempt, version_id, section_id, answers.get(position) or [])
        score += mark.points
        marks.append([str(mark.points), mark.state, *mark.why])
    return marks, score


def _mark(attempt, version_id, section_id, answer):
    kind, body, marker = marker_of(version_id, section_id)
    if not answer:
        return marker([])
    try:
        return marker(kind.normalised(body, answer, option_seed(attempt.seed, version_id), attempt.shuffle_options))
    except kinds.BadResponse:
        return marker([])  # nothing that this question could be answered with


def _answers(ids):
    found = {}
    for attempt_id, position, answer in db.session.execute(
        select(Response.attempt_id, Response.position, Response.answer).where(Response.attempt_id.in_(ids))
    ):
        found.setdefault(attempt_id, {})[position] = json.loads(answer)
    return found


def _newest_sheets(ids):
    newest = (
        select(MarkSheet.attempt_id, func.max(MarkSheet.run).label("run"))
        .where(MarkSheet.attempt_id.in_(ids))
        .group_by(MarkSheet.attempt_id)
        .subquery()
    )
    query = select(MarkSheet.attempt_id, MarkSheet.run, MarkSheet.marks).join(
        newest, (newest.c.attempt_id == MarkSheet.attempt_id) & (newest.c.run == MarkSheet.run)
    )
    return {row.attempt_id: row for row in db.session.execute(query)}


def _store(marked, sheets, now, reason):
    rows = []
    for attempt_id, (sitting_id, marks, score) in marked.items():
        before = sheets.get(attempt_id)
        if before is not None and json.dumps(before.marks) == json.dumps(marks):
            continue
        rows.append({"sitting_id": sitting_id, "attempt_id": attempt_id, "run": before.run + 1 if before else 1, "marks": marks,
                     "score": score, "reason": reason if before else "", "made_at": now})  # fmt: skip
    if rows:
        db.session.execute(insert(MarkSheet), rows)
    if marked:
        change = update(Attempt).where(Attempt.id == bindparam("attempt")).values(score=bindparam("points"), marked_at=now)
        values = [{"attempt": attempt_id, "points": score} for attempt_id, (_, _, score) in marked.items()]
        db.session.connection().execute(change, values)
    for sitting_id in {sitting_id for sitting_id, _, _ in marked.values()}:
        scores = {str(attempt_id): str(score) for attempt_id, (own, _, score) in marked.items() if own == sitting_id}
        record("exam.mark", object_type="sittings", object_id=sitting_id, actor="system", attempts=scores)


def unmarked(limit=BATCH, after=0):
    """Return ids of attempts that are handed in but not marked, from `after` on."""
    query = (
        select(Attempt.id)
        .where(Attempt.id > after, Attempt.state == "handed_in", Attempt.marked_at.is_(None))
        .order_by(Attempt.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def mark_waiting(*, now):
    """Mark everything that is handed in and not marked, a transaction for each batch; return how many. Opens units of work."""
    count, last = 0, 0
    while ids := unmarked(after=last):
        with unit_of_work():
            count += len(mark_attempts(ids, now=now))
        last = ids[-1]
    return count
