"""Acts on several questions at once: approve, retire, put under a topic, give a difficulty."""

from dataclasses import dataclass

from app.bank import rules
from app.bank.errors import NothingChosen, TooManyChosen
from app.bank.service.questions import topic_of
from app.core.audit import record


@dataclass(frozen=True)
class Done:
    """How many questions were changed, and how many were left because the person wrote their present version."""

    changed: int
    own: int = 0


def _require_some(questions):
    if not questions:
        raise NothingChosen
    if len(questions) > rules.MOST_AT_ONCE:
        raise TooManyChosen(most=rules.MOST_AT_ONCE)


def approve(questions, *, reviewer, now):
    """Let locked questions be used for tests; those that the reviewer wrote are left (R54). Return Done. Raises NothingChosen."""
    _require_some(questions)
    waiting = [question for question in questions if question.state != rules.APPROVED]
    others = [question for question in waiting if rules.may_approve(reviewer.id, question.current.created_by_id)]
    _move(others, rules.APPROVED, now)
    if others:
        record("question.approve", actor=reviewer, object_type="banks", object_id=others[0].bank_id, after=_numbers(others))
    return Done(len(others), len(waiting) - len(others))


def retire(questions, *, author, now):
    """Take locked questions out of use; papers that hold them keep them. Return Done. Raises NothingChosen."""
    _require_some(questions)
    in_use = [question for question in questions if question.state != rules.RETIRED]
    _move(in_use, rules.RETIRED, now)
    if in_use:
        record("question.retire", actor=author, object_type="banks", object_id=in_use[0].bank_id, after=_numbers(in_use))
    return Done(len(in_use))


def set_topic(questions, name, *, author, now):
    """Put locked questions of one bank under a topic, made if there is none; "" takes the topic away. Return Done."""
    _require_some(questions)
    topic = topic_of(questions[0].bank, name)
    for question in questions:
        question.topic_id, question.updated_at = topic.id if topic else None, now
    record(
        "question.sort",
        actor=author,
        object_type="banks",
        object_id=questions[0].bank_id,
        after=_numbers(questions) | {"topic": name},
    )
    return Done(len(questions))


def set_level(questions, level, *, author, now):
    """Give locked questions of one bank a difficulty (1 to 3). Return Done."""
    _require_some(questions)
    for question in questions:
        question.difficulty, question.updated_at = level, now
    record(
        "question.sort",
        actor=author,
        object_type="banks",
        object_id=questions[0].bank_id,
        after=_numbers(questions) | {"level": level},
    )
    return Done(len(questions))


def _move(questions, state, now):
    for question in questions:
        question.state, question.updated_at = state, now


def _numbers(questions):
    return {"numbers": [question.number for question in questions]}
