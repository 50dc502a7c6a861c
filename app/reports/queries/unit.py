"""The home page of a unit: what to sign, what to confirm, how the unit's people stand in the present test."""

from sqlalchemy import select

from app.core.db import db
from app.exams.models import Candidate, Result, Sitting
from app.exams.queries.results import sittings_with_people_of
from app.notices.models import Notice, NoticeCopy, Receipt
from app.notices.queries import own_copies
from app.people.models import Person, Unit
from app.people.scope import under

LISTED = 30


def copies_to_sign(person):
    """Return the unit's copies that wait for a signature, the most urgent first."""
    query = own_copies(person).outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
    waiting = query.where(Receipt.id.is_(None), NoticeCopy.needs_signature, Notice.state == "issued")
    return list(db.session.scalars(waiting.order_by(None).order_by(Notice.sign_by_at, NoticeCopy.id).limit(LISTED)))


def present_sitting(person, now):
    """Return the test with people of the unit that opened last, else the next to open; None without either."""
    ours = select(Sitting).where(
        Sitting.id.in_(sittings_with_people_of(person.scope_paths("unit.home"))), Sitting.state.in_(("published", "confirmed"))
    )
    last = db.session.scalars(
        ours.where(Sitting.opens_at <= now).order_by(Sitting.opens_at.desc(), Sitting.id.desc()).limit(1)
    ).one_or_none()
    return last or db.session.scalars(ours.order_by(Sitting.opens_at, Sitting.id).limit(1)).one_or_none()


def concerned(person, sitting):
    """Return [(name, position, outcome, score)] of the unit's people who failed or were absent; only of a confirmed test."""
    if sitting.state != "confirmed":
        return []
    query = (
        select(Person.name, Candidate.position, Result.outcome, Result.score)
        .join(Candidate, Candidate.id == Result.candidate_id)
        .join(Person, Person.id == Result.person_id)
        .join(Unit, Unit.id == Result.unit_id)
        .where(
            Result.sitting_id == sitting.id,
            Result.outcome.in_(("failed", "absent")),
            under(Unit.path, person.scope_paths("unit.home")),
        )
        .order_by(Result.outcome.desc(), Person.name)
    )
    return list(db.session.execute(query.limit(LISTED)))
