"""Papers as a whole: make, name, copy, throw away. Every change of a draft passes `require_draft` on a locked row."""

from sqlalchemy.orm.attributes import flag_modified

from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale
from app.papers import rules
from app.papers.errors import PaperFrozen
from app.papers.models import Paper, PaperItem, PaperSection

COPY_SUFFIX = "（副本）"
LONGEST_TITLE = 200


def create_paper(unit, title, instructions, *, author, now):
    """Make an empty draft that belongs to `unit`; return it."""
    paper = Paper(unit_id=unit.id, title=title, instructions=instructions, state="draft", created_by_id=author.id, created_at=now)
    db.session.add(paper)
    db.session.flush()
    record("paper.create", paper, after={"title": title})
    return paper


def require_draft(paper):
    """Raise PaperFrozen unless the paper may still be changed (R29). Its row has to be locked."""
    if paper.state != "draft":
        raise PaperFrozen


def touch(paper):
    """Raise the paper's version although only its sections change, so that two writers at once cannot both win (R25)."""
    flag_modified(paper, "title")


def stamp_of_paper(paper):
    """Return a stamp of what the paper's own form shows; the form sends it back (R25)."""
    return rules.digest([paper.title, paper.instructions])


def edit_paper(paper, title, instructions, *, seen):
    """Change title and instructions. `seen`: the stamp of what the person saw. Raises PaperFrozen, Stale."""
    require_draft(paper)
    if seen != stamp_of_paper(paper):
        raise Stale
    before = {"title": paper.title}
    paper.title, paper.instructions = title, instructions
    record("paper.edit", paper, before=before, after={"title": title})


def copy_paper(paper, *, author, now):
    """Return a new draft with the sections and questions of `paper`, frozen or not."""
    title = paper.title[: LONGEST_TITLE - len(COPY_SUFFIX)] + COPY_SUFFIX
    copy = Paper(
        unit_id=paper.unit_id,
        title=title,
        instructions=paper.instructions,
        state="draft",
        created_by_id=author.id,
        created_at=now,
    )
    copy.sections = [_copy_of(section) for section in paper.sections]
    db.session.add(copy)
    db.session.flush()
    record("paper.copy", copy, after={"title": title, "copied_from": paper.id})
    return copy


def _copy_of(section):
    names = ("position", "title", "kind", "points_each", "rule", "drawn", "draw")
    copy = PaperSection(**{name: getattr(section, name) for name in names})
    copy.items = [PaperItem(position=item.position, question_version_id=item.question_version_id) for item in section.items]
    return copy


def delete_draft(paper):
    """Throw a draft away. Raises PaperFrozen."""
    require_draft(paper)
    record("paper.delete", paper, before={"title": paper.title})
    db.session.delete(paper)
