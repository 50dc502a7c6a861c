"""The two indexed reads behind an exam page, through the driver: the attempt with its owner's sign-in, and what is saved."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import text

from app.core.db import db, utc_stamp


class Taking(NamedTuple):
    """An attempt as its page needs it."""

    id: int
    sitting_id: int
    state: str
    generation: int
    started_at: datetime | None
    due_at: datetime | None
    seed: int
    items: list
    title: str
    sitting_state: str
    shuffle_options: bool
    earliest_minutes: int
    person_id: int
    person_name: str
    unit_name: str
    text_size: str
    locale: str
    left_count: int


COLUMNS = """a.id, a.sitting_id, a.state, a.generation, a.started_at, a.due_at, a.seed, a.items, s.title, s.state, s.shuffle_options,
s.earliest_hand_in_minutes, p.id, p.name, coalesce(nullif(u.short_name, ''), u.name), p.text_size, p.locale,
(SELECT count(*) FROM incidents i WHERE i.attempt_id = a.id AND i.kind = 'left_page')"""
SOURCE = (
    "FROM attempts a JOIN sittings s ON s.id = a.sitting_id JOIN people p ON p.id = a.person_id JOIN units u ON u.id = p.unit_id"
)
SIGNED_IN = text(
    f"""SELECT {COLUMNS} {SOURCE} JOIN sign_ins n ON n.person_id = p.id
WHERE a.id = :attempt AND n.token_hash = :token AND n.revoked_at IS NULL AND n.created_at > :created AND n.last_seen_at > :seen
AND p.is_active AND p.password_issued_until IS NULL"""  # noqa: S608 - no value is put into it
)
OWN = text(f"SELECT {COLUMNS} {SOURCE} WHERE a.id = :attempt AND a.person_id = :person")  # noqa: S608
SAVED = text("SELECT position, seq, answer, flag, generation FROM responses WHERE attempt_id = :attempt")


def of_signed_in(attempt_id, token_hash, *, created_after, seen_after):
    """Return the Taking of an attempt whose owner is signed in with this very sign-in, surely fresh; else None."""
    values = {"attempt": attempt_id, "token": token_hash, "created": _stored(created_after), "seen": _stored(seen_after)}
    return _taking(db.session.execute(SIGNED_IN, values).first())


def of_person(attempt_id, person_id):
    """Return the Taking of a person's own attempt, or None."""
    return _taking(db.session.execute(OWN, {"attempt": attempt_id, "person": person_id}).first())


def saved_answers(attempt_id):
    """Return {position: {"seq", "answer", "flag", "generation"}} of what the server holds."""
    return {
        position: {"seq": seq, "answer": json.loads(answer), "flag": bool(flag), "generation": generation}
        for position, seq, answer, flag, generation in db.session.execute(SAVED, {"attempt": attempt_id})
    }


def _taking(row):
    if row is None:
        return None
    values = list(row)
    values[4], values[5] = _moment(row[4]), _moment(row[5])
    values[7] = json.loads(row[7]) if isinstance(row[7], str) else row[7]
    return Taking(*values)


def _moment(value):
    """Raw SQL gives text in SQLite, aware datetimes in PostgreSQL."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _stored(moment):
    return utc_stamp(moment) if db.engine.dialect.name == "sqlite" else moment
