"""Questions of a bank: the filtered list, one question with its versions, its neighbours."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.bank import kinds, rules
from app.bank.models import Bank, Question, QuestionVersion, Topic
from app.bank.queries.banks import banks_for
from app.core.db import db
from app.core.fields import clean
from app.core.pages import like


@dataclass(frozen=True)
class Filter:
    """What a list of questions is narrowed to; None and "" mean everything."""

    kind: str | None = None
    topic: int | None = None
    level: int | None = None
    state: str | None = None
    q: str = ""

    @classmethod
    def of(cls, args):
        """Return the Filter that an address names; what it cannot mean is left out."""
        kind, state, level = args.get("kind"), args.get("state"), args.get("level", type=int)
        return cls(
            kind if kind in kinds.NAMES else None,
            args.get("topic", type=int),
            level if level in rules.LEVELS else None,
            state if state in rules.STATES else None,
            clean(args.get("q", ""))[: rules.SEARCH_LONGEST],
        )

    def args(self, **changed):
        """Return the address' arguments, with some changed, without the empty ones."""
        values = {"kind": self.kind, "topic": self.topic, "level": self.level, "state": self.state, "q": self.q} | changed
        return {name: value for name, value in values.items() if value not in (None, "")}


def listed(bank, narrowed):
    """Return the select of a bank's questions that a Filter lets through, by number."""
    query = select(Question).join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
    query = query.options(joinedload(Question.current)).where(Question.bank_id == bank.id, *_conditions(narrowed))
    return query.order_by(Question.number)


def _conditions(narrowed):
    columns = {"kind": Question.kind, "topic": Question.topic_id, "level": Question.difficulty, "state": Question.state}
    conditions = [column == getattr(narrowed, name) for name, column in columns.items() if getattr(narrowed, name) is not None]
    if narrowed.q:
        pattern = like(narrowed.q)
        conditions.append(
            or_(Question.search_text.ilike(pattern, escape="\\"), QuestionVersion.source.ilike(pattern, escape="\\"))
        )
    return conditions


def counts(bank):
    """Return {"kind": {…: n}, "level": …, "state": …} of a bank: one query."""
    found = {"kind": {}, "level": {}, "state": {}}
    query = select(Question.kind, Question.difficulty, Question.state, func.count()).where(Question.bank_id == bank.id)
    for kind, level, state, count in db.session.execute(query.group_by(Question.kind, Question.difficulty, Question.state)):
        for name, value in (("kind", kind), ("level", level), ("state", state)):
            found[name][value] = found[name].get(value, 0) + count
    return found


def questions_for(person, permission="bank.read"):
    """Return a select of the questions of all banks for which `person` holds `permission`."""
    banks = banks_for(person, permission).with_only_columns(Bank.id).order_by(None)
    return select(Question).options(joinedload(Question.bank)).where(Question.bank_id.in_(banks))


def chosen(person, permission, bank_id, ids):
    """Return the questions of one bank with these ids, within the person's scope, in order; locked inside a unit of work."""
    query = questions_for(person, permission).where(Question.bank_id == bank_id, Question.id.in_(ids))
    query = query.options(joinedload(Question.current)).order_by(Question.number).execution_options(populate_existing=True)
    return db.session.scalars(query.with_for_update(of=Question)).all()


def versions_of(question_id):
    """Return all versions of a question with their authors, the newest first."""
    query = (
        select(QuestionVersion).options(joinedload(QuestionVersion.created_by)).where(QuestionVersion.question_id == question_id)
    )
    return db.session.scalars(query.order_by(QuestionVersion.number.desc())).all()


def neighbours(question):
    """Return (id of the question before, id of the one after) in its bank, None at the ends."""
    before = select(Question.id).where(Question.bank_id == question.bank_id, Question.number < question.number)
    after = select(Question.id).where(Question.bank_id == question.bank_id, Question.number > question.number)
    return (
        db.session.scalar(before.order_by(Question.number.desc()).limit(1)),
        db.session.scalar(after.order_by(Question.number).limit(1)),
    )


def topic_named(bank_id, name):
    """Return the topic of that name, or None."""
    return db.session.scalars(select(Topic).where(Topic.bank_id == bank_id, Topic.name == name)).one_or_none()
