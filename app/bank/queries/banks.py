"""Banks within a person's scope, and what is in them, counted."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.bank.models import Bank, ImportBatch, Question, Topic
from app.core.db import db
from app.people.models import Unit
from app.people.scope import units_for


def banks_for(person, permission="bank.read"):
    """Return a select of the banks for which `person` holds `permission`, by name."""
    return select(Bank).options(joinedload(Bank.unit)).where(Bank.unit_id.in_(units_for(person, permission))).order_by(Bank.name)


def home_units(person, permission):
    """Return the units for which a person was given `permission`: where their banks can belong."""
    return db.session.scalars(select(Unit).where(Unit.path.in_(person.scope_paths(permission))).order_by(Unit.path)).all()


def counts(bank_ids):
    """Return {bank id: {(kind, state): questions}} in one query."""
    found = {bank_id: {} for bank_id in bank_ids}
    query = select(Question.bank_id, Question.kind, Question.state, func.count()).where(Question.bank_id.in_(bank_ids))
    for bank_id, kind, state, count in db.session.execute(query.group_by(Question.bank_id, Question.kind, Question.state)):
        found[bank_id][kind, state] = count
    return found


def last_changes(bank_ids):
    """Return {bank id: when a question of it was changed last}."""
    query = (
        select(Question.bank_id, func.max(Question.updated_at)).where(Question.bank_id.in_(bank_ids)).group_by(Question.bank_id)
    )
    return dict(db.session.execute(query).all())


def topics_of(bank_id):
    """Return [(Topic, questions that are not retired)] by name; topics that nothing uses are left out."""
    query = (
        select(Topic, func.count(Question.id)).join(Question, Question.topic_id == Topic.id)
        .where(Topic.bank_id == bank_id).group_by(Topic.id).order_by(Topic.name)
    )  # fmt: skip
    return db.session.execute(query).all()


def topic_names(bank_id):
    """Return the names of all topics of a bank, for choosing one while typing."""
    return db.session.scalars(select(Topic.name).where(Topic.bank_id == bank_id).order_by(Topic.name)).all()


def open_imports(bank_id, person):
    """Return the person's imports into this bank that are not finished, the newest first."""
    mine = ImportBatch.created_by_id == person.id
    query = select(ImportBatch).where(ImportBatch.bank_id == bank_id, mine, ImportBatch.state == "open")
    return db.session.scalars(query.order_by(ImportBatch.updated_at.desc(), ImportBatch.id.desc()).limit(10)).all()
