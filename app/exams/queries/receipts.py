"""What a taker's receipt says: the attempt as handed in, by oneself or by the clock, whether or not the job has come by."""

import json

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import db
from app.exams import times
from app.exams.models import Attempt, LateResponse, Response
from app.exams.queries import review
from app.exams.rules import exam_clock
from app.exams.rules.receipts import shown_code


def own_attempt(attempt_id, person_id):
    """Return the person's own Attempt with its sitting, or None."""
    query = select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person_id).options(joinedload(Attempt.sitting))
    return db.session.scalars(query).one_or_none()


def is_running(attempt, now):
    """True while the person can still work on it; a due attempt is over for every reader (R8)."""
    return attempt.state == "in_progress" and not exam_clock.is_over(now, attempt.due_at, times.grace())


def finish_of(attempt):
    """Return (when it was handed in, by whom: self or server, receipt number); the same before and after the closing job."""
    if attempt.state == "handed_in":
        return attempt.submitted_at, attempt.closed_by, attempt.receipt_code
    return attempt.due_at, "server", times.receipt_code(attempt.id, attempt.due_at)


def receipt(attempt, now):
    """Return the context of exams/show_receipt.html."""
    at, closed_by, code = finish_of(attempt)
    answered, late = counts(attempt.id)
    released = review.released(attempt.sitting, attempt, now)
    return {
        "receipt": {"code": shown_code(code), "received": f"{clock.local(at):%H:%M:%S}", "day": clock.show_date(at), "answered": answered,
                    "total": len(attempt.items), "closed_by": closed_by, "late": late},
        "results": _when_results(attempt.sitting, released),
        "result_url": url_for("exams.show_result", attempt_id=attempt.id) if released.anything else None,
    }  # fmt: skip


def counts(attempt_id):
    """Return (answered questions, questions with an answer that came too late) of an attempt."""
    answers = db.session.scalars(select(Response.answer).where(Response.attempt_id == attempt_id))
    return sum(any(json.loads(answer)) for answer in answers), late_counts([attempt_id]).get(attempt_id, 0)


def late_counts(attempt_ids):
    """Return {attempt id: how many questions have an answer that came after the deadline, as it stands now, and its grace}."""
    query = select(LateResponse.attempt_id, LateResponse.position, LateResponse.arrived_at, Attempt.due_at)
    query = query.join(Attempt, Attempt.id == LateResponse.attempt_id)
    places: dict = {}
    if attempt_ids:
        for attempt_id, position, arrived_at, due_at in db.session.execute(
            query.where(LateResponse.attempt_id.in_(attempt_ids), LateResponse.why == "late")
        ):
            if not exam_clock.counts(arrived_at, due_at, times.grace()):
                places.setdefault(attempt_id, set()).add(position)
    return {attempt_id: len(found) for attempt_id, found in places.items()}


def _when_results(sitting, released):
    if released.score:
        return _("Your result is ready.")
    if sitting.release_score == "never":
        return _("Results are announced by your unit.")
    return _("The result can be seen here once the organiser has confirmed it.")
