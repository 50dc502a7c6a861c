"""What a paper holds at this moment, as plain values: its sections with their questions, or the pools they draw from."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

APPROVED = "approved"


@dataclass(frozen=True)
class Entry:
    """One question as it stands in a paper or a pool. `twin` is equal for two questions with the same words."""

    version_id: int
    question_id: int
    kind: str
    level: int  # 1 easy, 2 medium, 3 hard
    twin: str
    state: str = APPROVED
    current_version_id: int | None = None
    body: dict | None = field(default=None, compare=False, hash=False)
    number: int = 0  # in its bank
    item_id: int | None = None

    @property
    def is_outdated(self):
        """True when the question has been edited since it was put in."""
        return self.current_version_id not in (None, self.version_id)

    @property
    def key_size(self):
        return len((self.body or {}).get("key") or ())


@dataclass(frozen=True)
class SectionContents:
    """One section with its fixed questions, or with the pool of its draw (questions fixed elsewhere and twins left out)."""

    id: int
    index: int  # 1 …
    title: str
    kind: str
    points_each: Decimal
    rule: str
    draw: dict | None
    entries: tuple = ()
    pool: tuple = ()
    set_aside: int = 0  # questions that match the draw but stand in the paper already

    @property
    def count(self):
        """How many questions a taker gets from this section."""
        return self.draw["count"] if self.draw else len(self.entries)

    @property
    def points(self):
        return self.points_each * self.count

    @property
    def supply(self):
        """Return {level: how many questions there are to draw from}."""
        return dict(Counter(entry.level for entry in self.pool))

    @property
    def levels(self):
        """Return the pool as the draw takes it: [[version_id, level], …]."""
        return sorted([entry.version_id, entry.level] for entry in self.pool)


def without_repeats(sections):
    """Return the sections with clean pools: nothing that is fixed somewhere in the paper, and no two with the same words.

    A twin in two pools becomes the same question in both, so that comparing ids is enough when drawing.
    """
    fixed = {entry.twin for section in sections for entry in section.entries}
    chosen = {}
    for section in sections:
        for entry in section.pool:
            known = chosen.setdefault((entry.kind, entry.twin), entry)
            if entry.version_id < known.version_id:
                chosen[entry.kind, entry.twin] = entry
    return [_cleaned(section, fixed, chosen) for section in sections]


def _cleaned(section, fixed, chosen):
    if not section.draw:
        return section
    kept = {chosen[entry.kind, entry.twin] for entry in section.pool if entry.twin not in fixed}
    aside = sum(entry.twin in fixed for entry in section.pool)
    return replace(section, pool=tuple(sorted(kept, key=lambda entry: entry.version_id)), set_aside=aside)
