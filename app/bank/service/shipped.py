"""The questions that come with the product: question_bank/<bank>/<topics>.txt → banks of one unit. Safe to run again."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from app.bank.imports.drafts import draft_of
from app.bank.models import Bank
from app.bank.recogniser import recognise
from app.bank.service.banks import create_bank
from app.bank.service.storing import store_questions
from app.core.db import db

FOLDER = Path(__file__).resolve().parents[3] / "question_bank"


@lru_cache(maxsize=1)
def shipped_drafts():
    """Return {bank name: [Draft, …]} of all shipped files. Raises ValueError, with file and line, for one that has a problem."""
    return {folder.name: _drafts(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}


def _drafts(folder):
    drafts = []
    for path in sorted(folder.glob("*.txt")):
        found = recognise(path.read_text(encoding="utf-8"))
        for problem in found.all_problems():
            raise ValueError(f"{folder.name}/{path.name}:{problem.line}: {problem.message}")
        lines = found.text.split("\n")
        drafts += [draft_of(question, lines) for question in found.questions]
    return drafts


def load_shipped(unit, now):
    """Bring the shipped questions into banks of `unit`, making what is missing, inside a unit of work.

    Returns {bank name: how many questions were new}. A bank of that name that another unit has is left alone.
    """
    counts = {}
    for name, drafts in shipped_drafts().items():
        bank = db.session.scalars(select(Bank).where(Bank.name == name)).one_or_none()
        if bank is None:
            bank = create_bank(unit, name, "", author=None, now=now)
        if bank.unit_id == unit.id:
            counts[name] = store_questions(bank.id, drafts, author=None, now=now, filename=f"question_bank/{name}").count
    return counts
