"""A taker's own result, as far as the release policy lets it be seen: what is not released is not in the returned values (R52)."""

import json
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.bank.models import QuestionVersion
from app.core import clock
from app.core.db import db
from app.exams import times
from app.exams.models import Adjustment, Attempt, Candidate, MarkSheet, Response, Sitting
from app.exams.queries import answers as reading
from app.exams.queries.versions import load_bodies, section_of
from app.exams.rules import exam_clock, release
from app.papers.models import PaperItem, PaperSection
from app.papers.rules import plain

STATES = {"correct": "full", "partial": "part", "wrong": "none", "blank": "none"}
TELLS_NO_KEY = {"not_answered", "all_right"}  # reasons that may be shown while the key is not released


class Released(NamedTuple):
    """What this taker may see of this attempt now."""

    score: bool
    answers: bool
    key: bool

    @property
    def anything(self):
        return self.score or self.answers


def released(sitting, attempt, now):
    """Return what is Released of an attempt. A key waits until nobody can sit any more, whatever the policy."""
    if sitting.state == "cancelled":
        return Released(False, False, False)
    handed_in = attempt.state == "handed_in" or exam_clock.is_over(now, attempt.due_at, times.grace())
    facts = {"handed_in": handed_in, "closed": is_closed(sitting, now), "confirmed": sitting.state == "confirmed"}
    answers = release.is_released(sitting.release_answers, **facts)
    key = answers and facts["closed"] and release.is_released(sitting.release_key, **facts)
    return Released(release.is_released(sitting.release_score, **facts), answers, key)


def is_closed(sitting, now):
    """True when nobody can sit any more: the window is over, extra time too, and no attempt runs."""
    if sitting.state == "confirmed":
        return True
    if now < sitting.closes_at:
        return False
    planned = (
        select(func.coalesce(func.max(Candidate.extra_minutes), 0)).where(Candidate.sitting_id == sitting.id).scalar_subquery()
    )
    given = select(func.coalesce(func.sum(Adjustment.minutes), 0)).where(Adjustment.sitting_id == sitting.id).scalar_subquery()
    running = (
        select(func.count())
        .where(Attempt.sitting_id == sitting.id, Attempt.state == "in_progress", Attempt.due_at > now - times.grace())
        .scalar_subquery()
    )
    extra, given_minutes, open_attempts = db.session.execute(select(planned, given, running)).one()
    return release.is_closed(now, sitting.closes_at, extra + given_minutes, times.grace(), open_attempts)


def result(attempt, now):
    """Return the context of exams/show_result.html for an attempt that is handed in."""
    sitting = attempt.sitting
    may = released(sitting, attempt, now)
    sheet = newest_sheet(attempt.id)
    saved = stored_answers(attempt.id)
    finished = attempt.submitted_at or attempt.due_at
    points_max = sum((section_of(section_id).points for _, section_id in attempt.items), Decimal(0))
    facts = {
        "points_max": plain(points_max),
        "handed_in": clock.show_time(finished),
        "answered": sum(any(a) for a in saved.values()),
        "total": len(attempt.items),
    }
    if may.score and sheet is not None:
        facts |= {"score": plain(sheet.score), "pass_mark": plain(sitting.pass_mark), "passed": sheet.score >= sitting.pass_mark}
    items = _items(attempt, saved, sheet, may, _hidden_keys(attempt, now)) if may.answers else []
    return {"result": facts, "items": items, "notice": _notice(sitting, may, sheet)}


def newest_sheet(attempt_id):
    """Return the MarkSheet that counts, or None while the attempt is not marked."""
    return db.session.scalars(
        select(MarkSheet).where(MarkSheet.attempt_id == attempt_id).order_by(MarkSheet.run.desc()).limit(1)
    ).one_or_none()


def stored_answers(attempt_id):
    """Return {position: answer as displayed} of an attempt."""
    query = select(Response.position, Response.answer).where(Response.attempt_id == attempt_id)
    return {position: json.loads(answer) for position, answer in db.session.execute(query)}


def _notice(sitting, may, sheet):
    if may.score and sheet is None:
        return _("The paper is being marked. Reload this page in a moment.")
    if not may.score and sitting.release_score != "never":
        return _("The score can be seen here once the organiser has confirmed the results.")
    if not may.anything:
        return _("Results are announced by your unit.")
    return None


class Item(NamedTuple):
    """One question of the review page; what is not released is None. state: full, part, none or open."""

    number: str  # "Question 3", in words
    worth: str  # kind and points, in words
    stem: str
    options: list
    answer: str  # in words
    state: str = "open"
    points_words: str = ""
    why: str | None = None
    key: str | None = None
    explanation: str | None = None


def _items(attempt, saved, sheet, may, hidden):
    bodies, worth = load_bodies([version_id for version_id, _ in attempt.items]), {}
    numbered, words = _("Question %(number)s", number="%(number)s"), _points_in_words()
    listed = []
    for position, (version_id, section_id) in enumerate(attempt.items, 1):
        shown = reading.Shown(attempt, version_id, *bodies[version_id])
        if section_id not in worth:
            worth[section_id] = _worth(shown.kind, section_of(section_id))
        mark = sheet.marks[position - 1] if sheet else None
        with_key = may.key and version_id not in hidden
        number = numbered % {"number": position}
        listed.append(_item(number, shown, worth[section_id], saved.get(position, []), mark, with_key, words))
    return listed


def _points_in_words():
    """Return a function from points to words that looks them up once for each number."""
    return cache(lambda points: _("%(points)s points", points=plain(points)))


def _worth(kind, section):
    return _("%(kind)s · %(points)s points", kind=kind.label, points=plain(section.points))


def _item(number, shown, worth, answer, mark, with_key, words):
    item = Item(number, worth, shown.stem, shown.options(answer, with_key), shown.answer_words(answer))
    if mark:
        points, state, code, params = mark
        why = shown.why(code, params) if with_key or code in TELLS_NO_KEY else None
        item = item._replace(state=STATES[state], points_words=words(points), why=why)
    if with_key:
        item = item._replace(key=shown.key_words(), explanation=shown.body.get("explanation") or "")
    return item


def _hidden_keys(attempt, now):
    """Return the versions whose questions stand in another sitting that this person may still sit (R52)."""
    other = (
        select(Sitting.paper_id)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .where(
            Candidate.person_id == attempt.person_id,
            Sitting.id != attempt.sitting_id,
            Sitting.state == "published",
            Sitting.closes_at > now,
        )
    )
    papers = set(db.session.scalars(other))
    if not papers:
        return set()
    own = [version_id for version_id, _ in attempt.items]
    theirs = _versions_of(papers)
    questions = (
        set(db.session.scalars(select(QuestionVersion.question_id).where(QuestionVersion.id.in_(theirs)))) if theirs else set()
    )
    query = select(QuestionVersion.id).where(QuestionVersion.id.in_(own), QuestionVersion.question_id.in_(questions))
    return set(db.session.scalars(query)) if questions else set()


def _versions_of(paper_ids):
    fixed = db.session.scalars(
        select(PaperItem.question_version_id)
        .join(PaperSection, PaperSection.id == PaperItem.section_id)
        .where(PaperSection.paper_id.in_(paper_ids))
    )
    pools = db.session.scalars(select(PaperSection.pool).where(PaperSection.paper_id.in_(paper_ids), PaperSection.drawn))
    return set(fixed) | {version_id for pool in pools for version_id, *_ in pool or []}
