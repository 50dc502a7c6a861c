"""One question: written as version 1, changed as a further version. Earlier versions stay as they were (R29)."""

from app.bank import lint, rules
from app.bank.errors import NotSound
from app.bank.models import Question, QuestionVersion, Topic
from app.bank.queries.questions import topic_named
from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale


def require_sound(kind, body):
    """Raise NotSound, with its sentences, for a body that cannot be used as it is; warnings pass."""
    wrong = lint.errors(kind, body)
    if wrong:
        raise NotSound(details=wrong)


def topic_of(bank, name):
    """Return the topic of that name in a bank, making it if there is none; None for no name."""
    if not name:
        return None
    topic = topic_named(bank.id, name)
    if topic is None:
        topic = Topic(bank_id=bank.id, name=name)
        db.session.add(topic)
        db.session.flush()
    return topic


def create_question(bank, draft, *, author, now):
    """Store a new question with its version 1 and return it; `bank` has to be locked. Raises NotSound."""
    require_sound(draft.kind, draft.body)
    bank.last_number += 1
    question = Question(bank_id=bank.id, number=bank.last_number, state=rules.REVIEW if draft.review else rules.APPROVED)
    _dress(question, bank, draft, now)
    db.session.add(question)
    db.session.flush()
    question.current_version_id = _add_version(question, 1, draft, author, now).id
    db.session.flush()
    record("question.create", question, actor=author, after={"bank": bank.id, "number": question.number, "state": question.state})
    return question


def edit_question(question, draft, *, seen, author, now):
    """Change a locked question: new words become the next version, topic and difficulty change in place. Return it.

    seen: the `version` of the row that the person saw. Raises Stale, NotSound.
    """
    if seen != question.version:
        raise Stale
    require_sound(draft.kind, draft.body)
    old = question.current
    if (old.kind, old.body, old.source) != (draft.kind, draft.body, draft.source):
        question.current_version_id = _add_version(question, old.number + 1, draft, author, now).id
    before = {"version": old.number, "state": question.state}
    if draft.review and question.state == rules.APPROVED:
        question.state = rules.REVIEW
    _dress(question, question.bank, draft, now)
    db.session.flush()
    db.session.refresh(question)
    record(
        "question.edit",
        question,
        actor=author,
        before=before,
        after={"version": question.current.number, "state": question.state},
    )
    return question


def _dress(question, bank, draft, now):
    topic = topic_of(bank, draft.topic)
    question.kind, question.difficulty, question.updated_at = draft.kind, draft.level, now
    question.topic_id = topic.id if topic else None
    question.fingerprint, question.search_text = rules.fingerprint(draft.body), rules.search_text(draft.body)


def _add_version(question, number, draft, author, now):
    version = QuestionVersion(
        question_id=question.id, number=number, kind=draft.kind, body=draft.body, source=draft.source,
        created_by_id=author.id if author else None, created_at=now, note=draft.note,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version
