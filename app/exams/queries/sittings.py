"""Reads of the staff's pages of sittings: the list, one of them, its candidates with where each stands now."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.bank.models import Question, QuestionVersion
from app.core.db import db
from app.core.pages import like
from app.exams import times
from app.exams.models import Attempt, Candidate, Presence, Response, Sitting
from app.exams.queries.receipts import late_counts
from app.papers.models import PaperItem, PaperSection
from app.people.models import Person, Unit
from app.people.scope import units_for

WAITING, WORKING, DONE, LEAVE = "waiting", "working", "done", "leave"
STANDS = (WORKING, WAITING, DONE, LEAVE)
SILENCE = timedelta(seconds=80)  # the page speaks up every 30 s: after two missed calls somebody counts as offline


def sittings_for(person, permission="sitting.read"):
    """Return a select of the sittings for whose unit `person` holds `permission`."""
    return select(Sitting).where(Sitting.unit_id.in_(units_for(person, permission)))


def in_phase(phase, now):
    """Return the SQL condition for one of rules.sittings.PHASES."""
    if phase not in ("upcoming", "open", "closed"):
        return Sitting.state == phase
    window = {
        "upcoming": Sitting.opens_at > now,
        "open": and_(Sitting.opens_at <= now, Sitting.closes_at > now),
        "closed": Sitting.closes_at <= now,
    }[phase]
    return and_(Sitting.state == "published", window)


def listed(person, *, phase=None, words="", now):
    """Return the select of the list of sittings, the latest start first; cancelled ones only when asked for."""
    query = sittings_for(person).options(joinedload(Sitting.paper), joinedload(Sitting.unit))
    query = query.where(in_phase(phase, now) if phase else Sitting.state != "cancelled")
    if words:
        query = query.where(Sitting.title.ilike(like(words), escape="\\"))
    return query.order_by(Sitting.opens_at.desc(), Sitting.id.desc())


def counts_by_phase(person, phases, now):
    """Return {phase: how many sittings}: one query."""
    columns = [func.count(case((in_phase(phase, now), 1))).label(phase) for phase in phases]
    row = db.session.execute(select(*columns).where(Sitting.unit_id.in_(units_for(person, "sitting.read")))).one()
    return dict(row._mapping)


def latest_attempt():
    """Return a subquery of (candidate_id, number): the attempt that tells where a candidate stands now."""
    begun = select(Attempt.candidate_id, func.max(Attempt.number).label("number")).where(Attempt.state != "ready")
    return begun.group_by(Attempt.candidate_id).subquery()


def stand(now):
    """Return the SQL expression of where a candidate stands. An attempt past its due time and grace counts as handed in (R8)."""
    over = Attempt.due_at <= now - times.grace()
    return case(
        (and_(Attempt.state == "in_progress", ~over), WORKING),
        (Attempt.id.is_not(None), DONE),
        (Candidate.on_leave, LEAVE),
        else_=WAITING,
    )


def figures(sitting_ids, now):
    """Return {sitting id: {"all", "waiting", "working", "done", "leave"}}: one query for any number of sittings."""
    latest = latest_attempt()
    where = stand(now)
    query = (
        select(Candidate.sitting_id, where, func.count())
        .outerjoin(latest, latest.c.candidate_id == Candidate.id)
        .outerjoin(Attempt, and_(Attempt.candidate_id == Candidate.id, Attempt.number == latest.c.number))
        .where(Candidate.sitting_id.in_(sitting_ids))
        .group_by(Candidate.sitting_id, where)
    )
    found = {sitting_id: dict.fromkeys(("all", *STANDS), 0) for sitting_id in sitting_ids}
    for sitting_id, name, count in db.session.execute(query) if sitting_ids else ():
        found[sitting_id][name] += count
        found[sitting_id]["all"] += count
    return found


def drawn(sitting_id):
    """Return how many candidates have an attempt drawn for them."""
    query = select(func.count(Attempt.candidate_id.distinct())).where(Attempt.sitting_id == sitting_id)
    return db.session.scalar(query)


@dataclass(frozen=True)
class Row:
    """One candidate's line on the list and on the board."""

    candidate_id: int
    person_id: int
    name: str
    account: str
    unit: str
    position: str
    stand: str
    attempt_id: int | None
    started_at: datetime | None
    due_at: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    seen_at: datetime | None
    answered: int = 0
    late: int = 0  # questions with an answer that came after the deadline: more time makes those count that it reaches (R6, R9)

    def silent_minutes(self, now):
        """Return for how many minutes nothing was heard of somebody at work; None while they are in touch."""
        last = max((moment for moment in (self.seen_at, self.started_at) if moment), default=None)
        if self.stand != WORKING or last is None or now - last < SILENCE:
            return None
        return max(1, int((now - last).total_seconds() // 60))


def candidates(sitting_id, *, now, state=None, words=""):
    """Return the select of a sitting's candidates by urgency: offline, at work, not in yet, handed in, on leave; then by unit and name."""
    latest, where = latest_attempt(), stand(now)
    heard_at = func.coalesce(Presence.seen_at, Attempt.started_at)
    query = (
        select(Candidate.id, Person.id, Person.name, Person.account, Unit.name, Unit.short_name, Candidate.position)
        .add_columns(
            where, Attempt.id, Attempt.started_at, Attempt.due_at, Attempt.submitted_at, Attempt.closed_by, Presence.seen_at
        )
        .join(Person, Person.id == Candidate.person_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .outerjoin(latest, latest.c.candidate_id == Candidate.id)
        .outerjoin(Attempt, and_(Attempt.candidate_id == Candidate.id, Attempt.number == latest.c.number))
        .outerjoin(Presence, Presence.attempt_id == Attempt.id)
        .where(Candidate.sitting_id == sitting_id)
    )
    if state:
        query = query.where(where == state)
    if words:
        pattern = like(words)
        query = query.where(or_(*(column.ilike(pattern, escape="\\") for column in (Person.name, Person.account, Unit.name))))
    silent_first = case((heard_at < now - SILENCE, 0), else_=1)
    urgency = case({name: place for place, name in enumerate(STANDS)}, value=where)
    return query.order_by(urgency, silent_first, Unit.sort, Unit.id, Person.name, Candidate.id)


def rows(records):
    """Return the Rows of one page of `candidates`, with how many questions each has answered, in time and too late."""
    ids = [record[8] for record in records if record[8]]
    answered, late = answered_counts(ids), late_counts(ids)
    return [
        Row(*record[:4], record[5] or record[4], *record[6:], answered.get(record[8], 0), late.get(record[8], 0))
        for record in records
    ]


def answered_counts(attempt_ids):
    """Return {attempt id: how many questions hold an answer}; blanks that were emptied again do not count."""
    if not attempt_ids:
        return {}
    mine, opens_blank = Response.attempt_id.in_(attempt_ids), Response.answer.like('[""%')
    plain = (
        select(Response.attempt_id, func.count()).where(mine, Response.answer != "[]", ~opens_blank).group_by(Response.attempt_id)
    )
    counts = dict.fromkeys(attempt_ids, 0) | dict(db.session.execute(plain).all())
    for attempt_id, answer in db.session.execute(select(Response.attempt_id, Response.answer).where(mine, opens_blank)):
        counts[attempt_id] += any(json.loads(answer))
    return counts


def candidate_of(sitting_id, candidate_id):
    """Return a select of one candidate of a sitting, with person, unit and sitting."""
    query = select(Candidate).where(Candidate.sitting_id == sitting_id, Candidate.id == candidate_id)
    return query.options(joinedload(Candidate.person), joinedload(Candidate.unit))


def sits(person_id, sitting_id):
    """True when the person is a candidate of the sitting."""
    query = select(Candidate.id).where(Candidate.sitting_id == sitting_id, Candidate.person_id == person_id)
    return db.session.scalar(query) is not None


def papers_sat_by(person_id, paper_ids, now):
    """Return those papers that the person still is to sit, or sits now (R54)."""
    query = (
        select(Sitting.paper_id)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .where(Candidate.person_id == person_id, Sitting.paper_id.in_(paper_ids))
        .where(Sitting.state == "published", Sitting.closes_at > now, Candidate.on_leave.is_(False))
    )
    return set(db.session.scalars(query))


def banks_sat_by(person_id, bank_ids, now):
    """Return those banks that a test draws from which the person still is to sit, or sits now (R54)."""
    papers = (
        select(Sitting.paper_id)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .where(
            Candidate.person_id == person_id, Sitting.state == "published", Sitting.closes_at > now, Candidate.on_leave.is_(False)
        )
    )
    drawn = db.session.scalars(select(PaperSection.draw).where(PaperSection.paper_id.in_(papers), PaperSection.drawn))
    banks = {bank_id for draw in drawn for bank_id in draw["bank_ids"]}
    chosen = (
        select(Question.bank_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(PaperItem, PaperItem.question_version_id == QuestionVersion.id)
        .join(PaperSection, PaperSection.id == PaperItem.section_id)
        .where(PaperSection.paper_id.in_(papers), Question.bank_id.in_(bank_ids))
    )
    return (banks | set(db.session.scalars(chosen.distinct()))) & set(bank_ids)
