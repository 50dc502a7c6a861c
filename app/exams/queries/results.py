"""Reads for results: who scored what, by unit and topic; a fixed number of queries for any number of people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.bank.models import Question, QuestionVersion, Topic
from app.core.db import db
from app.exams.models import Attempt, Candidate, MarkSheet, Result, Sitting
from app.exams.queries.versions import section_of
from app.exams.rules import results as rules
from app.people.models import Person, Unit
from app.people.scope import under


@dataclass(frozen=True)
class Row:
    """One candidate's line. `group_id` and `group` are the directly subordinate unit; a branch counts with its school."""

    candidate_id: int
    person_id: int
    name: str
    account: str
    position: str
    unit: str
    group_id: int
    group: str
    group_sort: int
    outcome: str
    score: Decimal | None
    attempt_id: int | None
    submitted_at: datetime | None
    started_at: datetime | None


def sittings(person, permission="result.read"):
    """Return a select of the sittings whose results the person may read, newest first."""
    return (
        select(Sitting)
        .join(Unit, Unit.id == Sitting.unit_id)
        .where(Sitting.state.in_(("published", "confirmed")), under(Unit.path, person.scope_paths(permission)))
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
    )


def rows(sitting, *, is_over, within=None):
    """Return a Row per candidate, by unit and name. A confirmed sitting gives its frozen outcomes.

    is_over: the sitting has closed. within: unit paths to keep to (a liaison's), None for all.
    """
    query = (
        select(
            Candidate,
            Person.name,
            Person.account,
            Unit,
            Attempt.id.label("attempt_id"),
            Attempt.score,
            Attempt.submitted_at,
            Attempt.started_at,
        )
        .join(Person, Person.id == Candidate.person_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .outerjoin(Attempt, Attempt.id == best_attempt())
        .where(Candidate.sitting_id == sitting.id)
    )
    if within is not None:
        query = query.where(under(Unit.path, within))
    groups = subordinates(sitting)
    frozen = _frozen(sitting) if sitting.state == "confirmed" else {}
    found = [_row(sitting, record, groups, frozen, is_over) for record in db.session.execute(query)]
    return sorted(found, key=lambda row: (row.group_sort, row.group_id, row.name, row.candidate_id))


def best_attempt():
    """Return the scalar subquery of a candidate's best handed-in attempt: the highest score, then the earlier one."""
    other = aliased(Attempt)
    return (
        select(other.id)
        .where(other.candidate_id == Candidate.id, other.state == "handed_in", other.score.is_not(None))
        .order_by(other.score.desc(), other.number)
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
    )


def subordinates(sitting):
    """Return {unit id: Unit} of the units one level below the sitting's unit, and that unit itself for people directly in it."""
    holder = aliased(Unit)
    query = select(Unit).join(holder, (Unit.parent_id == holder.id) | (Unit.id == holder.id)).where(holder.id == sitting.unit_id)
    return {unit.id: unit for unit in db.session.scalars(query)}


def _group(unit, groups):
    """Return the subordinate unit that a candidate's unit lies in: the deepest of `groups` on its path."""
    for unit_id in reversed([int(part) for part in unit.path.strip("/").split("/")]):
        if unit_id in groups:
            return groups[unit_id]
    return unit


def _row(sitting, record, groups, frozen, is_over):
    candidate, unit = record.Candidate, record.Unit
    group = _group(unit, groups)
    kept = frozen.get(candidate.id)
    found = kept.outcome if kept else rules.outcome(record.score, sitting.pass_mark, on_leave=candidate.on_leave, is_over=is_over)
    return Row(
        candidate_id=candidate.id, person_id=candidate.person_id, name=record.name, account=record.account, position=candidate.position,
        unit=unit.name, group_id=group.id, group=group.name, group_sort=group.sort, outcome=found, score=kept.score if kept else record.score,
        attempt_id=kept.attempt_id if kept else record.attempt_id, submitted_at=record.submitted_at, started_at=record.started_at,
    )  # fmt: skip


def _frozen(sitting):
    return {row.candidate_id: row for row in db.session.scalars(select(Result).where(Result.sitting_id == sitting.id))}


def unfinished(sitting):
    """Return (attempts still open, handed in but not marked): both must be 0 before results are confirmed."""
    counts = select(
        func.count(Attempt.id).filter(Attempt.state == "in_progress"),
        func.count(Attempt.id).filter(Attempt.state == "handed_in", Attempt.marked_at.is_(None)),
    ).where(Attempt.sitting_id == sitting.id)
    return tuple(db.session.execute(counts).one())


def newest_marks(attempt_ids):
    """Return {attempt id: marks} of the newest sheet of each attempt."""
    newest = (
        select(MarkSheet.attempt_id, func.max(MarkSheet.run).label("run"))
        .where(MarkSheet.attempt_id.in_(attempt_ids))
        .group_by(MarkSheet.attempt_id)
        .subquery()
    )
    query = select(MarkSheet.attempt_id, MarkSheet.marks).join(
        newest, (newest.c.attempt_id == MarkSheet.attempt_id) & (newest.c.run == MarkSheet.run)
    )
    return dict(db.session.execute(query).all())


def topic_marks(found):
    """Return (person id, topic, points, max points) for every marked item of the Rows' attempts that has a topic."""
    attempts = {row.attempt_id: row.person_id for row in found if row.attempt_id}
    items = dict(db.session.execute(select(Attempt.id, Attempt.items).where(Attempt.id.in_(attempts))).all())
    topics = _topics({version_id for drawn in items.values() for version_id, _ in drawn})
    most = {
        section_id: section_of(section_id).points
        for section_id in {section_id for drawn in items.values() for _, section_id in drawn}
    }
    marks = []
    for attempt_id, sheet in newest_marks(list(attempts)).items():
        for (version_id, section_id), mark in zip(items[attempt_id], sheet, strict=True):
            if version_id in topics:
                marks.append((attempts[attempt_id], topics[version_id], Decimal(mark[0]), most[section_id]))
    return marks


def _topics(version_ids):
    query = (
        select(QuestionVersion.id, Topic.name)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Topic, Topic.id == Question.topic_id)
    )
    return dict(db.session.execute(query.where(QuestionVersion.id.in_(version_ids))).all())


def own_results(person):
    """Return a select of (Sitting, Attempt or None) of everything the person was or is to sit, newest first."""
    return (
        select(Sitting, Attempt, Candidate)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .outerjoin(Attempt, Attempt.id == best_attempt())
        .where(Candidate.person_id == person.id, Sitting.state.in_(("published", "confirmed")))
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
    )


def sittings_with_people_of(paths):
    """Return a select of the ids of sittings that have candidates under these unit paths."""
    return select(Candidate.sitting_id).join(Unit, Unit.id == Candidate.unit_id).where(under(Unit.path, paths))


def shows_score(sitting, attempt):
    """True when the release policy lets the taker see the score now."""
    if attempt is None:
        return False
    return sitting.release_score == "handed_in" or (sitting.release_score == "confirmed" and sitting.state == "confirmed")
