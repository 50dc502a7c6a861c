"""What questions and sections hold, remembered in each process: versions never change, and neither do frozen sections.

Bounded by count; a paper of 100 questions needs 100 entries of about 2 kB.
"""

import threading
from collections import OrderedDict
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from app.bank import kinds
from app.bank.models import QuestionVersion
from app.core.db import db
from app.papers import rules as paper_rules
from app.papers.models import Paper, PaperItem, PaperSection

MOST_KEPT = 4000


class Kept:
    """A small map of the most recently used things; safe for several threads."""

    def __init__(self, most=MOST_KEPT):
        self._most, self._items, self._lock = most, OrderedDict(), threading.Lock()

    def get(self, key):
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
            return self._items.get(key)

    def put(self, key, value):
        with self._lock:
            self._items[key] = value
            while len(self._items) > self._most:
                self._items.popitem(last=False)
        return value

    def clear(self):
        with self._lock:
            self._items.clear()


class Section(NamedTuple):
    """A section as takers and markers need it."""

    id: int
    index: int  # type: ignore[assignment]  # 1 …
    title: str
    count: int  # type: ignore[assignment]
    kind: str
    points: Decimal
    rule: str

    @property
    def heading(self):
        """The printed heading, in the reader's language where it states the scoring rule."""
        words = None
        if self.kind == "multiple_choice":
            label, values = kinds.rule_label(self.rule)
            words = str(label) % values if values else str(label)
        return paper_rules.heading(self.index, self.title, self.count, self.points, words)


_bodies, _sections, _markers = Kept(), Kept(400), Kept()


def forget():
    """Empty the memory: for tests, which empty their tables and start again at id 1."""
    for kept in (_bodies, _sections, _markers):
        kept.clear()


def load_bodies(version_ids):
    """Return {version id: (kind name, body)}; those not remembered are read in one query."""
    found = {version_id: _bodies.get(version_id) for version_id in version_ids}
    missing = [version_id for version_id, known in found.items() if known is None]
    if missing:
        for version_id, kind, body in db.session.execute(
            select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.body).where(QuestionVersion.id.in_(missing))
        ):
            found[version_id] = _bodies.put(version_id, (kind, body))
    return found


def remembered(version_id):
    """Return (kind name, body) of a version without reading the database; None when it is not remembered."""
    return _bodies.get(version_id)


def section_of(section_id):
    """Return the Section of a frozen paper."""
    known = _sections.get(section_id)
    if known is None:
        load_sections(select(PaperSection.paper_id).where(PaperSection.id == section_id).scalar_subquery())
        known = _sections.get(section_id)
    return known


def load_sections(paper_id):
    """Read a paper's sections into the memory; return them in order. Those of drafts are not remembered."""
    counts = select(PaperItem.section_id, func.count().label("count")).group_by(PaperItem.section_id).subquery()
    query = (
        select(PaperSection, func.coalesce(counts.c.count, 0), Paper.state)
        .join(Paper, Paper.id == PaperSection.paper_id)
        .outerjoin(counts, counts.c.section_id == PaperSection.id)
        .where(PaperSection.paper_id == paper_id)
        .order_by(PaperSection.position)
    )
    sections = []
    for index, (row, fixed, state) in enumerate(db.session.execute(query), 1):
        count = row.draw["count"] if row.drawn else fixed
        section = Section(row.id, index, row.title, count, row.kind, row.points_each, row.rule)
        sections.append(_sections.put(row.id, section) if state == "frozen" else section)
    return sections


def marker_of(version_id, section_id):
    """Return (kind, body, marker) for one question in one section: a marker takes a normalised answer and returns its Mark."""
    known = _markers.get((version_id, section_id))
    if known is None:
        section = section_of(section_id)
        name, body = load_bodies([version_id])[version_id]
        kind = kinds.get(name)
        known = _markers.put((version_id, section_id), (kind, body, kind.compile_marker(body, section.points, section.rule)))
    return known
