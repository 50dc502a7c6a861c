"""Confirming results: a named person freezes what every candidate reached; after that nothing moves by itself (R32)."""

from datetime import timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.core import audit
from app.core.audit import record
from app.core.db import db
from app.exams import errors
from app.exams.models import Candidate, Result, Sitting
from app.exams.queries import results as queries
from app.exams.rules import results as rules

audit.ACTIONS.update(
    {"result.confirm": _l("Results confirmed"), "result.export": _l("Results exported"), "exam.mark": _l("Attempts marked")}
)


def is_over(sitting, now):
    """True when nobody can work on the sitting any more: its close, the latest extra time and the grace have passed."""
    extra = db.session.scalar(select(db.func.max(Candidate.extra_minutes)).where(Candidate.sitting_id == sitting.id)) or 0
    grace = timedelta(seconds=current_app.extensions["settings"].grace_seconds)
    return now >= sitting.closes_at + timedelta(minutes=extra) + grace


def obstacles(sitting, now, person=None):
    """Return why the results cannot be confirmed now, as refusals; empty when they can."""
    found = []
    if sitting.state == "confirmed":
        found.append(errors.AlreadyConfirmed())
    if not is_over(sitting, now):
        found.append(errors.StillOpen())
    open_ones, unmarked = queries.unfinished(sitting)
    if open_ones:
        found.append(errors.AttemptsOpen(count=open_ones))
    if unmarked:
        found.append(errors.AttemptsUnmarked(count=unmarked))
    if person is not None and db.session.scalar(
        select(Candidate.id).where(Candidate.sitting_id == sitting.id, Candidate.person_id == person.id)
    ):
        found.append(errors.OwnResults())
    return found


def confirm(sitting_id, *, person, now):
    """Freeze every candidate's outcome in the person's name; return the Sitting. Raises the first of `obstacles`."""
    sitting = db.session.get(Sitting, sitting_id, with_for_update=True, populate_existing=True)
    for refusal in obstacles(sitting, now, person):
        raise refusal
    found = queries.rows(sitting, is_over=True)
    taken = db.session.execute(
        update(Sitting)
        .where(Sitting.id == sitting_id, Sitting.state == "published")
        .values(state="confirmed", confirmed_at=now, confirmed_by_id=person.id)
    ).rowcount
    if not taken:
        raise errors.AlreadyConfirmed
    units = dict(db.session.execute(select(Candidate.id, Candidate.unit_id).where(Candidate.sitting_id == sitting_id)).all())
    db.session.add_all(
        Result(sitting_id=sitting_id, candidate_id=row.candidate_id, person_id=row.person_id, unit_id=units[row.candidate_id], attempt_id=row.attempt_id,
               outcome=row.outcome, score=row.score, confirmed_at=now) for row in found
    )  # fmt: skip
    db.session.flush()
    figures = snapshot(found)
    db.session.execute(update(Sitting).where(Sitting.id == sitting_id).values(snapshot=figures))
    record("result.confirm", object_type="sittings", object_id=sitting_id, **figures)
    return sitting


def snapshot(found):
    """Return the frozen figures as JSON-able values."""
    whole = rules.summary((row.outcome, row.score) for row in found)
    return {name: str(value) if value is not None else None for name, value in vars(whole).items()} | {"rate": str(whole.rate)}
