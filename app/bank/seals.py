"""Banks that a person may not look into now. Parts to the right say when: `exams` seals a bank for those who sit a test from it (R54)."""

from app.bank.errors import BankSealed

_RULES = []


def seals(fn):
    """Register `fn(person, bank_ids, now) -> set of bank ids` that are sealed for the person."""
    _RULES.append(fn)
    return fn


def sealed_for(person, bank_ids, now):
    """Return those of `bank_ids` that the person may not look into now."""
    return set().union(*(rule(person, bank_ids, now) for rule in _RULES))


def refuse_sealed(person, bank, now):
    """Raise BankSealed when the person may not look into the bank now."""
    if sealed_for(person, [bank.id], now):
        raise BankSealed
