"""The start page of a sitting: who sits, when, in which state the person meets it."""

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.core import clock
from app.core.db import db
from app.exams import times
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.rules import entrance, exam_clock
from app.exams.service.attempts import attempts_of
from app.papers.rules import plain


def own_candidate(sitting_id, person_id, *, for_update=False):
    """Return the person's Candidate row of a sitting that was published, with the sitting and its paper; else None."""
    query = (
        select(Candidate)
        .join(Candidate.sitting)
        .where(Candidate.sitting_id == sitting_id, Candidate.person_id == person_id, Sitting.state != "draft")
        .options(contains_eager(Candidate.sitting).joinedload(Sitting.paper), joinedload(Candidate.unit))
    )
    return db.session.scalars(query.with_for_update(of=Candidate) if for_update else query).one_or_none()


def has_running_attempt(person_id, now):
    """True while the person works on some attempt, and long enough after it to see the receipt: idle time then ends no sign-in (R45)."""
    running = (Attempt.state == "in_progress") & (Attempt.due_at > now - times.late())
    just_done = (Attempt.state == "handed_in") & (Attempt.submitted_at > now - times.late())
    query = select(Attempt.id).where(Attempt.person_id == person_id, running | just_done)
    return db.session.scalar(query.limit(1)) is not None


def stand(candidate, now, extra):
    """Return {"state", …} of the start page, with what its state needs. extra: the candidate's extra minutes."""
    sitting, known = candidate.sitting, attempts_of(candidate.id)
    begun = [attempt for attempt in known if attempt.state != "ready"]
    running = next((attempt for attempt in begun if _runs(attempt, sitting, now)), None)
    state = entrance.state(now, sitting, len(begun), running is not None)
    delay = entrance.jitter(sitting.id, candidate.person_id)
    facts = {"state": state, "ms_to_open": 0}
    if state == "early":
        facts["ms_to_open"] = exam_clock.ms_left(now, sitting.opens_at + delay)
    if state in ("early", "open"):
        start = max(now, sitting.opens_at)
        minutes, due = exam_clock.minutes_if_started(start, sitting.minutes_allowed, sitting.closes_at, extra)
        facts |= {"minutes_now": minutes, "ends": clock.show_clock(due)}
    if running is not None:
        facts |= {"attempt_id": running.id, "minutes_left": exam_clock.ms_left(now, running.due_at) // 60_000}
    elif begun:
        facts["attempt_id"] = begun[-1].id
    return facts


def _runs(attempt, sitting, now):
    return (
        attempt.state == "in_progress"
        and sitting.state != "cancelled"
        and not exam_clock.is_over(now, attempt.due_at, times.grace())
    )


def sitting_facts(candidate, extra):
    """Return what the start page says of the sitting; the person's own minutes where there are extra ones."""
    sitting = candidate.sitting
    return {
        "id": sitting.id, "title": sitting.title, "question_count": sitting.paper.question_count, "points": plain(sitting.paper.total_points),
        "pass_mark": plain(sitting.pass_mark), "minutes": sitting.minutes_allowed + extra, "window": window(sitting),
        "latest_entry": _when(sitting.latest_entry_at, sitting.opens_at), "watch": True, "instructions": sitting.paper.instructions,
        "contact": current_app.extensions["settings"].support_contact,
    }  # fmt: skip


def window(sitting):
    """Return `今天 10:30–11:30`, with the days where they differ."""
    opens, closes = clock.local(sitting.opens_at), clock.local(sitting.closes_at)
    day = _("today") if opens.date() == clock.today() else clock.show_date(sitting.opens_at)
    until = f"{closes:%H:%M}" if opens.date() == closes.date() else clock.show_time(sitting.closes_at)
    return f"{day} {opens:%H:%M}–{until}"


def _when(moment, beside):
    same_day = clock.local(moment).date() == clock.local(beside).date()
    return clock.show_clock(moment) if same_day else clock.show_time(moment)
