"""Papers that a person may not look into now. Parts to the right say when: `exams` seals a paper for those who sit it (R54)."""

from app.papers.errors import Sealed

_RULES = []


def seals(fn):
    """Register `fn(person, paper_ids, now) -> set of paper ids` that are sealed for the person."""
    _RULES.append(fn)
    return fn


def sealed_for(person, paper_ids, now):
    """Return those of `paper_ids` that the person may not look into now."""
    return set().union(*(rule(person, paper_ids, now) for rule in _RULES))


def refuse_sealed(person, paper, now):
    """Raise Sealed when the person may not look into the paper now."""
    if sealed_for(person, [paper.id], now):
        raise Sealed
