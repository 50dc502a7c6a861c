"""Many questions at once: all or nothing in the caller's unit of work, numbered in a row, none that the bank has already."""

from dataclasses import dataclass, field

from sqlalchemy import insert, select, update

from app.bank import rules
from app.bank.models import Bank, Question, QuestionVersion, Topic
from app.bank.queries.likeness import known
from app.bank.service.questions import require_sound
from app.core.audit import record
from app.core.db import db


@dataclass
class Stored:
    """What came of it: the first and last number given (None without any), and what was left: [(place in the list, Known)]."""

    count: int = 0
    first: int | None = None
    last: int | None = None
    skipped: list = field(default_factory=list)


@dataclass(frozen=True)
class Repeated:
    """A draft that says the same as an earlier one of the same list."""

    place: int


def store_questions(bank_id, drafts, *, author, now, again=frozenset(), filename=""):
    """Store Drafts as approved questions, or as ones for review where they say so; return Stored.

    again: places in the list that are stored although the bank has the same question. The rest of what the bank has, or the
    list repeats, is skipped, so that the same list can be stored twice without doubling (R62). Raises NotSound.
    """
    bank = db.session.scalars(
        select(Bank).where(Bank.id == bank_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    for draft in drafts:
        require_sound(draft.kind, draft.body)
    prints = [rules.fingerprint(draft.body) for draft in drafts]
    chosen, skipped = _without_doubles(known(bank.id, prints), prints, again)
    stored = Stored(len(chosen), skipped=skipped)
    if chosen:
        stored.first, stored.last = bank.last_number + 1, bank.last_number + len(chosen)
        _insert(bank, [(drafts[place], prints[place]) for place in chosen], author, now)
        bank.last_number = stored.last
    after = {"stored": stored.count, "skipped": len(skipped), "first": stored.first, "last": stored.last, "file": filename}
    record("bank.import", bank, actor=author or "system", after=after)
    return stored


def _without_doubles(in_bank, prints, again):
    chosen, skipped, seen = [], [], dict[str, int]()
    for place, print_ in enumerate(prints):
        if place in again:
            chosen.append(place)
        elif print_ in in_bank:
            skipped.append((place, in_bank[print_]))
        elif print_ in seen:
            skipped.append((place, Repeated(seen[print_])))
        else:
            chosen.append(place)
        seen.setdefault(print_, place)
    return chosen, skipped


def _insert(bank, chosen, author, now):
    """Insert questions and their first versions in bulk; rows are found again by the numbers just given."""
    topics = _topics(bank, {draft.topic for draft, _ in chosen if draft.topic})
    first = bank.last_number + 1
    db.session.execute(
        insert(Question), [_question(bank, first + i, draft, print_, topics, now) for i, (draft, print_) in enumerate(chosen)]
    )
    wanted = (Question.bank_id == bank.id, Question.number >= first)
    ids = dict(db.session.execute(select(Question.number, Question.id).where(*wanted)).all())
    author_id = author.id if author else None
    db.session.execute(
        insert(QuestionVersion),
        [
            {"question_id": ids[first + i], "number": 1, "kind": draft.kind, "body": draft.body, "source": draft.source,
             "created_by_id": author_id, "created_at": now, "note": draft.note}
            for i, (draft, _) in enumerate(chosen)
        ],
    )  # fmt: skip
    newest = (
        select(QuestionVersion.id)
        .where(QuestionVersion.question_id == Question.id, QuestionVersion.number == 1)
        .scalar_subquery()
    )
    db.session.execute(
        update(Question).where(*wanted).values(current_version_id=newest).execution_options(synchronize_session=False)
    )


def _question(bank, number, draft, print_, topics, now):
    return {
        "bank_id": bank.id, "number": number, "kind": draft.kind, "topic_id": topics.get(draft.topic), "difficulty": draft.level,
        "state": rules.REVIEW if draft.review else rules.APPROVED, "fingerprint": print_, "search_text": rules.search_text(draft.body),
        "updated_at": now, "version": 1,
    }  # fmt: skip


def _topics(bank, names):
    """Return {name: id}; missing ones are made."""
    query = select(Topic.name, Topic.id).where(Topic.bank_id == bank.id)
    have = dict(db.session.execute(query).all())
    new = sorted(names - have.keys())
    if new:
        db.session.execute(insert(Topic), [{"bank_id": bank.id, "name": name} for name in new])
        have = dict(db.session.execute(query).all())
    return have
