"""Reads of papers: lists within a person's scope, what a paper holds, what there is to draw from."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.bank.models import Bank, Question, QuestionVersion, Topic
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.pages import like
from app.papers.contents import APPROVED, Entry, SectionContents, without_repeats
from app.papers.models import Paper, PaperItem, PaperSection
from app.people.models import Unit
from app.people.scope import units_for


def papers_for(person, permission="paper.read"):
    """Return a select of the papers under which `person` holds `permission`."""
    return select(Paper).where(Paper.unit_id.in_(units_for(person, permission)))


def listed(person, *, state=None, words=""):
    """Return the select of the list of papers, the newest first; `words` are looked for in the title."""
    query = papers_for(person).options(joinedload(Paper.unit)).order_by(Paper.created_at.desc(), Paper.id.desc())
    if state:
        query = query.where(Paper.state == state)
    return query.where(Paper.title.ilike(like(words), escape="\\")) if words else query


def counts_by_state(person):
    """Return {"draft": n, "frozen": n}."""
    query = select(Paper.state, func.count()).where(Paper.unit_id.in_(units_for(person, "paper.read"))).group_by(Paper.state)
    return dict(db.session.execute(query).all())


def section_sizes(papers):
    """Return {paper id: (questions, points)} of draft papers, from their sections as they stand."""
    items = select(PaperItem.section_id, func.count().label("n")).group_by(PaperItem.section_id).subquery()
    query = (
        select(
            PaperSection.paper_id, PaperSection.points_each, PaperSection.drawn, PaperSection.draw, func.coalesce(items.c.n, 0)
        )
        .outerjoin(items, items.c.section_id == PaperSection.id)
        .where(PaperSection.paper_id.in_([paper.id for paper in papers]))
    )
    sizes = {paper.id: (0, 0) for paper in papers}
    for paper_id, points, drawn, draw, fixed in db.session.execute(query):
        count = draw["count"] if drawn else fixed
        questions, sum_of_points = sizes[paper_id]
        sizes[paper_id] = (questions + count, sum_of_points + count * points)
    return sizes


def contents(paper):
    """Return what a paper holds as a list of SectionContents, in order; a frozen paper keeps its own pools."""
    sections = db.session.scalars(
        select(PaperSection).where(PaperSection.paper_id == paper.id).order_by(PaperSection.position)
    ).all()
    fixed = _fixed_entries(paper.id)
    return without_repeats([_section_contents(section, index, fixed) for index, section in enumerate(sections, 1)])


def _section_contents(section, index, fixed):
    values = {name: getattr(section, name) for name in ("id", "title", "kind", "points_each", "rule")} | {"index": index}
    if not section.drawn:
        return SectionContents(**values, draw=None, entries=tuple(fixed.get(section.id, ())))
    if section.pool is not None:
        pool = tuple(Entry(version_id, version_id, section.kind, level, str(version_id)) for version_id, level in section.pool)
    else:
        pool = tuple(pool_of(section.kind, section.draw, with_bodies=":" in section.rule))
    return SectionContents(**values, draw=section.draw, pool=pool)


def _fixed_entries(paper_id):
    """Return {section id: [Entry, …]} of a paper's fixed questions with their words: one query."""
    version, question = QuestionVersion, Question
    query = (
        select(version.id, question.id, version.kind, question.difficulty, question.fingerprint)  # in the order of Entry's fields
        .add_columns(
            question.state, question.current_version_id, version.body, question.number, PaperItem.id, PaperItem.section_id
        )
        .join(version, version.id == PaperItem.question_version_id)
        .join(question, question.id == version.question_id)
        .join(PaperSection, PaperSection.id == PaperItem.section_id)
        .where(PaperSection.paper_id == paper_id)
        .order_by(PaperItem.section_id, PaperItem.position, PaperItem.id)
    )
    found = {}
    for row in db.session.execute(query.select_from(PaperItem)):
        found.setdefault(row[-1], []).append(Entry(*row[:-1]))
    return found


def _drawable(kind, draw):
    """Return the conditions on questions that a draw may choose: approved, of its banks and topics."""
    conditions = [Question.bank_id.in_(draw.get("bank_ids") or []), *_usable(kind)]
    return [*conditions, Question.topic_id.in_(draw["topic_ids"])] if draw.get("topic_ids") else conditions


def _usable(kind):
    return Question.kind == kind, Question.state == APPROVED, Question.current_version_id.is_not(None)


def pool_of(kind, draw, *, with_bodies=False):
    """Return the Entries that a draw may choose from, whatever else stands in the paper."""
    columns = [Question.current_version_id, Question.id, Question.kind, Question.difficulty, Question.fingerprint]
    query = select(*columns).where(*_drawable(kind, draw)).order_by(Question.current_version_id)
    if not with_bodies:
        return [Entry(*row) for row in db.session.execute(query)]
    query = query.add_columns(QuestionVersion.body).join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
    return [Entry(*row[:5], body=row[5]) for row in db.session.execute(query)]


def supply(kind, draw):
    """Return {level: how many questions} that a draw may choose from."""
    query = select(Question.difficulty, func.count()).where(*_drawable(kind, draw)).group_by(Question.difficulty)
    return dict(db.session.execute(query).all())


def supply_by_kind(bank_ids):
    """Return {kind: how many approved questions} of some banks."""
    query = (
        select(Question.kind, func.count())
        .where(Question.bank_id.in_(bank_ids), Question.state == APPROVED)
        .group_by(Question.kind)
    )
    return dict(db.session.execute(query).all()) if bank_ids else {}


def banks_for(person):
    """Return the banks a person may draw from, by name."""
    return db.session.scalars(select(Bank).where(Bank.unit_id.in_(units_for(person, "bank.read"))).order_by(Bank.name)).all()


def topics_of(bank_ids):
    """Return the topics of some banks, by name."""
    return db.session.scalars(select(Topic).where(Topic.bank_id.in_(bank_ids)).order_by(Topic.name)).all() if bank_ids else []


def topic_names(topic_ids):
    """Return {topic id: name}."""
    return dict(db.session.execute(select(Topic.id, Topic.name).where(Topic.id.in_(topic_ids))).all()) if topic_ids else {}


def home_units(person, permission):
    """Return the units that a person holds `permission` for directly: where their papers can belong."""
    paths = person.scope_paths(permission)
    return db.session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.path)).all()


def pickable(person, section, *, bank_id=None, topic_id=None, level=None, words=""):
    """Return a select of approved questions of a section's kind that its paper does not hold yet, within the person's banks."""
    held = (
        select(QuestionVersion.question_id)
        .join(PaperItem, PaperItem.question_version_id == QuestionVersion.id)
        .join(PaperSection, PaperSection.id == PaperItem.section_id)
        .where(PaperSection.paper_id == section.paper_id)
    )
    banks = select(Bank.id).where(Bank.unit_id.in_(units_for(person, "bank.read")))
    query = select(Question).where(
        Question.kind == section.kind,
        Question.state == APPROVED,
        Question.current_version_id.is_not(None),
        Question.bank_id.in_(banks),
        Question.id.not_in(held),
    )
    if bank_id:
        query = query.where(Question.bank_id == bank_id)
    if topic_id:
        query = query.where(Question.topic_id == topic_id)
    if level:
        query = query.where(Question.difficulty == level)
    if words:
        query = query.where(Question.search_text.ilike(like(words), escape="\\"))
    return query.options(joinedload(Question.current)).order_by(Question.bank_id, Question.number)


def last_change(object_id, table=Paper.__tablename__):
    """Return the newest audit entry of a row: who changed it, when. For the comparison after a lost race (R25)."""
    query = select(AuditEntry).where(AuditEntry.object_type == table, AuditEntry.object_id == str(object_id))
    return db.session.scalars(query.order_by(AuditEntry.seq.desc()).limit(1)).one_or_none()
