"""Banks as a whole: make one, name it."""

import hashlib

from sqlalchemy import select

from app.bank.errors import BankNameTaken
from app.bank.models import Bank
from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale


def create_bank(unit, name, description, *, author, now):
    """Make an empty bank that belongs to `unit`; return it. author: a Person, or None for the app itself. Raises BankNameTaken."""
    _require_free(name)
    bank = Bank(
        unit_id=unit.id,
        name=name,
        description=description,
        last_number=0,
        created_by_id=author.id if author else None,
        created_at=now,
    )
    db.session.add(bank)
    db.session.flush()
    record("bank.create", bank, actor=author or "system", after={"name": name})
    return bank


def stamp_of_bank(bank):
    """Return a stamp of what the bank's own form shows; the form sends it back (R25)."""
    return hashlib.sha256(f"{bank.name}\n{bank.description}".encode()).hexdigest()[:16]


def edit_bank(bank, name, description, *, seen, author):
    """Change name and description. `seen`: the stamp of what the person saw. Raises Stale, BankNameTaken."""
    if seen != stamp_of_bank(bank):
        raise Stale
    if name != bank.name:
        _require_free(name)
    before = {"name": bank.name}
    bank.name, bank.description = name, description
    record("bank.edit", bank, actor=author, before=before, after={"name": name})


def _require_free(name):
    if db.session.scalar(select(Bank.id).where(Bank.name == name)) is not None:
        raise BankNameTaken
