"""The sections of a draft and their fixed questions."""

from sqlalchemy import func, select

from app.bank.models import Question, QuestionVersion
from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale
from app.papers import queries, rules
from app.papers.errors import NotPickable, NotYourBank, TooManyQuestions, TooManySections
from app.papers.models import PaperItem, PaperSection
from app.papers.service.papers import create_paper, require_draft, touch

MOST_SECTIONS = 20
SETTINGS = ("kind", "title", "points_each", "rule", "drawn", "draw")


def settings_of(section):
    """Return a section's settings, as `add_section` and `edit_section` take them."""
    return {name: getattr(section, name) for name in SETTINGS}


def stamp_of_section(section):
    """Return a stamp of what the section's form shows; the form sends it back (R25)."""
    return rules.digest(settings_of(section))


def add_section(paper, settings, *, person):
    """Add a section at the end; return it. settings: see `settings_of`. Raises PaperFrozen, NotYourBank, TooManySections."""
    require_draft(paper)
    if len(paper.sections) >= MOST_SECTIONS:
        raise TooManySections(most=MOST_SECTIONS)
    _require_banks(person, settings["draw"], before=None)
    section = PaperSection(position=len(paper.sections) + 1, **settings)
    paper.sections.append(section)
    _note_change(paper, "paper.section", added=settings["title"])
    return section


def edit_section(section, settings, *, person, seen):
    """Change a section's settings. `seen`: the stamp of what the person saw. Raises PaperFrozen, Stale, NotYourBank."""
    require_draft(section.paper)
    if seen != stamp_of_section(section):
        raise Stale
    _require_banks(person, settings["draw"], before=section.draw)
    for name in SETTINGS:
        setattr(section, name, settings[name])
    _note_change(section.paper, "paper.section", changed=settings["title"])


def _require_banks(person, draw, *, before):
    """A draw may use the banks the person may read, and those that were in it before (R50)."""
    if draw:
        allowed = {bank.id for bank in queries.banks_for(person)} | set((before or {}).get("bank_ids", ()))
        if not set(draw["bank_ids"]) <= allowed:
            raise NotYourBank


def _note_change(paper, action, **what):
    touch(paper)
    db.session.flush()
    record(action, paper, **what)


def move_section(section, step):
    """Move a section up (-1) or down (1); at the end of the list nothing happens."""
    require_draft(section.paper)
    _moved(section.paper.sections, section, step)
    _note_change(section.paper, "paper.section", moved=section.title)


def _moved(rows, row, step):
    ordered = list(rows)
    place = ordered.index(row)
    target = min(max(place + step, 0), len(ordered) - 1)
    ordered.insert(target, ordered.pop(place))
    for position, one in enumerate(ordered, 1):
        one.position = position


def remove_section(section):
    """Take a section out of its draft; its questions stay in the bank."""
    paper = section.paper
    require_draft(paper)
    paper.sections.remove(section)
    for position, one in enumerate(paper.sections, 1):
        one.position = position
    _note_change(paper, "paper.section", removed=section.title)


def add_questions(section, question_ids, *, person):
    """Add approved questions to a fixed section in their newest wording; return how many were new to it.

    Those that stand in the section already are passed over, so that a second click does no harm.
    Raises PaperFrozen, NotPickable, TooManyQuestions.
    """
    require_draft(section.paper)
    wanted = list(dict.fromkeys(question_ids)) if not section.drawn else []
    there = _question_ids(section)
    new = [question_id for question_id in wanted if question_id not in there]
    query = queries.pickable(person, section).where(Question.id.in_(new))
    found = {question.id: question.current_version_id for question in db.session.scalars(query)}
    if set(new) - set(found) or not wanted:
        raise NotPickable
    if _size(section.paper_id) + len(new) > rules.MOST_QUESTIONS:
        raise TooManyQuestions(most=rules.MOST_QUESTIONS)
    for position, question_id in enumerate(new, len(section.items) + 1):
        section.items.append(PaperItem(position=position, question_version_id=found[question_id]))
    _note_change(section.paper, "paper.questions", section=section.title, added=new)
    return len(new)


def _question_ids(section):
    query = select(QuestionVersion.question_id).join(PaperItem, PaperItem.question_version_id == QuestionVersion.id)
    return set(db.session.scalars(query.where(PaperItem.section_id == section.id)))


def _size(paper_id):
    query = select(func.count()).select_from(PaperItem).join(PaperSection, PaperSection.id == PaperItem.section_id)
    return db.session.scalar(query.where(PaperSection.paper_id == paper_id))


def move_item(item, step):
    """Move a question up (-1) or down (1) inside its section."""
    require_draft(item.section.paper)
    _moved(item.section.items, item, step)
    touch(item.section.paper)


def remove_item(item):
    """Take a question out of its section; it stays in the bank."""
    section = item.section
    require_draft(section.paper)
    version_id = item.question_version_id
    section.items.remove(item)
    for position, one in enumerate(section.items, 1):
        one.position = position
    _note_change(section.paper, "paper.questions", section=section.title, removed=version_id)


def renew_items(section):
    """Put the newest wording of each question in place of the one taken before; return how many changed."""
    require_draft(section.paper)
    query = select(QuestionVersion.id, Question.current_version_id).join(Question, Question.id == QuestionVersion.question_id)
    newest = dict(
        db.session.execute(query.where(QuestionVersion.id.in_([item.question_version_id for item in section.items]))).all()
    )
    changed = [item for item in section.items if newest[item.question_version_id] != item.question_version_id]
    for item in changed:
        item.question_version_id = newest[item.question_version_id]
    _note_change(section.paper, "paper.questions", section=section.title, renewed=len(changed))
    return len(changed)


def assemble(unit, title, instructions, bank_ids, plan, rule, *, author, now):
    """Make a paper with one drawn section for each kind: `plan` is [(kind, count, points each), …]. Returns the paper."""
    paper = create_paper(unit, title, instructions, author=author, now=now)
    for kind, count, points in plan:
        settings = {
            "kind": kind, "title": rules.SECTION_TITLES[kind], "points_each": points, "drawn": True,
            "rule": rule if kind == "multiple_choice" else "all_or_nothing",
            "draw": {"bank_ids": sorted(bank_ids), "topic_ids": [], "difficulty": None, "count": count},
        }  # fmt: skip
        add_section(paper, settings, person=author)
    return paper
