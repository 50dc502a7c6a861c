"""Rows by their ids, within the person's scope; 404 for those that are not there or not theirs (R49, R53)."""

from flask import abort
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.bank import seals
from app.bank.models import Bank, ImportBatch, Question
from app.bank.queries import banks, questions
from app.core import clock
from app.core.db import db, in_unit_of_work


def get_bank(bank_id, permission="bank.read"):
    """Return a bank, locked inside a unit of work. Raises 404, or BankSealed for somebody who sits a test from it (R54)."""
    bank = _one(banks.banks_for(current_user, permission).where(Bank.id == bank_id), Bank)
    seals.refuse_sealed(current_user, bank, clock.now())
    return bank


def get_question(question_id, permission="bank.read"):
    """Return a question with its bank and present version, locked inside a unit of work. Raises 404 or BankSealed."""
    query = questions.questions_for(current_user, permission).where(Question.id == question_id)
    question = _one(query.options(joinedload(Question.current)), Question)
    seals.refuse_sealed(current_user, question.bank, clock.now())
    return question


def get_import(import_id):
    """Return one of the person's own imports, into a bank that they may still import into. Raises 404 or BankSealed."""
    banks_open = banks.banks_for(current_user, "bank.import").with_only_columns(Bank.id).order_by(None)
    query = select(ImportBatch).options(joinedload(ImportBatch.bank))
    mine = query.where(
        ImportBatch.id == import_id, ImportBatch.created_by_id == current_user.id, ImportBatch.bank_id.in_(banks_open)
    )
    batch = _one(mine, ImportBatch)
    seals.refuse_sealed(current_user, batch.bank, clock.now())
    return batch


def _one(query, model):
    query = query.execution_options(populate_existing=True)
    return db.session.scalars(query.with_for_update(of=model) if in_unit_of_work() else query).one_or_none() or abort(404)
