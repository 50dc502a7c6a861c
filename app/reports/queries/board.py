"""The board of units: the present test of a reader's scope, and how each unit stands in it."""

from dataclasses import dataclass

from sqlalchemy import case, func, literal, select

from app.core.db import db
from app.exams.models import Attempt, Candidate, Result, Sitting
from app.exams.queries.best import best_attempts, effective_state
from app.exams.queries.results import sittings, subordinates
from app.exams.service.reporting import source_of
from app.notices.models import Notice, NoticeCopy, Receipt
from app.people.models import Unit, UnitKind
from app.people.scope import under
from app.reports.rules import Copy, Standing
from app.trainings.rules import group_of


def present_sitting(person, now):
    """Return the test that opened last, else the one that opens next; None without either."""
    query = sittings(person)
    last = db.session.scalars(query.where(Sitting.opens_at <= now).limit(1)).one_or_none()
    return last or db.session.scalars(query.order_by(None).order_by(Sitting.opens_at, Sitting.id).limit(1)).one_or_none()


def earlier_rate(person, sitting):
    """Return the pass rate of the test confirmed before this one, as text such as "88.9", or None."""
    query = sittings(person).where(Sitting.state == "confirmed", Sitting.opens_at < sitting.opens_at).limit(1)
    earlier = db.session.scalars(query).one_or_none()
    rate = (earlier.snapshot or {}).get("rate") if earlier else None
    return rate if rate not in (None, "None") else None


def standings(sitting, *, over, now, within=None):
    """Return {unit id of the candidates: Standing}. Confirmed tests count their frozen outcomes.

    over: nobody can work on it any more. within: unit paths to keep to; None: all.
    """
    confirmed = sitting.state == "confirmed"
    query = _frozen(sitting) if confirmed else _live(sitting, over, now)
    if within is not None:
        query = query.join(Unit, Unit.id == (Result if confirmed else Candidate).unit_id).where(under(Unit.path, within))
    return {
        row.unit_id: Standing(row.due, row.took, row.passed, row.failed, row.absent, row.on_leave, row.waiting)
        for row in db.session.execute(query)
    }


def _count(condition, name):
    return func.count(case((condition, 1))).label(name)


def _frozen(sitting):
    return (
        select(
            Result.unit_id,
            func.count().label("due"),
            _count(Result.score.is_not(None), "took"),
            *(_count(Result.outcome == name, name) for name in ("passed", "failed", "absent", "on_leave")),
            literal(0).label("waiting"),
        )
        .where(Result.sitting_id == sitting.id)
        .group_by(Result.unit_id)
    )


def _live(sitting, over, now):
    """A paper handed in counts as taken once it has a score; until then it only waits no more."""
    best = best_attempts(sitting.id).subquery()
    handed = (
        select(Attempt.candidate_id)
        .where(Attempt.sitting_id == sitting.id, effective_state(now) == "handed_in")
        .distinct()
        .subquery()
    )
    scored, gone = best.c.score.is_not(None), handed.c.candidate_id.is_not(None)
    missing = ~scored & ~gone & ~Candidate.on_leave
    return (
        select(
            Candidate.unit_id,
            func.count().label("due"),
            _count(scored, "took"),
            _count(scored & (best.c.score >= sitting.pass_mark), "passed"),
            _count(scored & (best.c.score < sitting.pass_mark), "failed"),
            _count(missing, "absent") if over else literal(0).label("absent"),
            _count(~scored & ~gone & Candidate.on_leave, "on_leave"),
            literal(0).label("waiting") if over else _count(missing, "waiting"),
        )
        .outerjoin(best, best.c.candidate_id == Candidate.id)
        .outerjoin(handed, handed.c.candidate_id == Candidate.id)
        .where(Candidate.sitting_id == sitting.id)
        .group_by(Candidate.unit_id)
    )


def by_group(sitting, found):
    """Return {unit id: Standing} of the units one level below the sitting's unit; a branch counts with its school."""
    groups, sums = subordinates(sitting), {}
    paths = dict(db.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(found))).all())
    for unit_id, standing in found.items():
        group = group_of(paths[unit_id], groups)
        sums[group] = sums.get(group, Standing()) + standing
    return groups, sums


def copies(sitting):
    """Return {unit id: Copy} of the issued notices of this test that are to be signed."""
    query = (
        select(NoticeCopy.unit_id, Notice.sign_by_at, Receipt.id)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(Notice.source == source_of(sitting), Notice.state == "issued", NoticeCopy.needs_signature)
    )
    return {unit_id: Copy(sign_by_at, receipt is not None) for unit_id, sign_by_at, receipt in db.session.execute(query)}


@dataclass(frozen=True)
class Line:
    """One unit of the board."""

    unit: Unit
    standing: Standing
    copy: Copy | None


def board(sitting, *, over, now):
    """Return [(UnitKind, [Line])] of all units one level below the sitting's unit that are in use or take part, by kind and place."""
    groups, sums = by_group(sitting, standings(sitting, over=over, now=now))
    signed = copies(sitting)
    shown = [unit for unit in groups.values() if unit.id in sums or (unit.is_active and unit.id != sitting.unit_id)]
    order = {kind.value: place for place, kind in enumerate(UnitKind)}
    found = {}
    for unit in sorted(shown, key=lambda unit: (order.get(unit.kind, 99), unit.sort, unit.name)):
        found.setdefault(UnitKind(unit.kind), []).append(Line(unit, sums.get(unit.id, Standing()), signed.get(unit.id)))
    return list(found.items())
