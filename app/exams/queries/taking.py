"""The one indexed read behind an exam page, through the driver: the attempt, its owner's sign-in, and what is saved.

No ORM here: at the start of a sitting everybody opens this page in the same minute (design/hotpath.md).
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from app.core.db import db, utc_stamp


class Taking(NamedTuple):
    """An attempt as its page needs it. `saved_json`: {position: {seq, answer, flag, generation}} as text; `acked`: the highest seq."""

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
    acked: int
    saved_json: str

    @property
    def saved(self):
        """What the server holds: {position: {"seq", "answer", "flag", "generation"}}."""
        return {int(position): held for position, held in json.loads(self.saved_json).items()}


COLUMNS = """a.id, a.sitting_id, a.state, a.generation, a.started_at, a.due_at, a.seed, a.items, s.title, s.state,
s.shuffle_options, s.earliest_hand_in_minutes, p.id, p.name, coalesce(nullif(u.short_name, ''), u.name), p.text_size, p.locale,
(SELECT count(*) FROM incidents i WHERE i.attempt_id = a.id AND i.kind = 'left_page'),
(SELECT coalesce(max(r.seq), 0) FROM responses r WHERE r.attempt_id = a.id), {saved}
FROM attempts a JOIN sittings s ON s.id = a.sitting_id JOIN people p ON p.id = a.person_id JOIN units u ON u.id = p.unit_id"""
SAVED = {
    "sqlite": """(SELECT json_group_object(r.position, json_object('seq', r.seq, 'answer', json(r.answer),
'flag', json(CASE WHEN r.flag THEN 'true' ELSE 'false' END), 'generation', r.generation)) FROM responses r WHERE r.attempt_id = a.id)""",
    "postgresql": """coalesce((SELECT json_object_agg(r.position, json_build_object('seq', r.seq, 'answer', r.answer::json,
'flag', r.flag, 'generation', r.generation))::text FROM responses r WHERE r.attempt_id = a.id), '{}')""",
}
OWN = " WHERE a.id = {attempt} AND a.person_id = {person}"
SIGNED_IN = """ JOIN sign_ins n ON n.person_id = p.id WHERE a.id = {attempt} AND n.token_hash = {token} AND n.revoked_at IS NULL
AND n.created_at > {created} AND n.last_seen_at > {seen} AND p.is_active AND p.password_issued_until IS NULL"""


class Reader:
    """Runs the read on connections of one kind of database: "sqlite" or "postgresql"."""

    def __init__(self, dialect):
        self._is_sqlite = dialect == "sqlite"
        columns = "SELECT " + COLUMNS.replace("{saved}", SAVED[dialect])
        self._own, self._signed_in = self._bound(columns + OWN), self._bound(columns + SIGNED_IN)

    def _bound(self, sql):
        """Return the statement with its {names} as this driver writes them."""
        for name in ("attempt", "person", "token", "created", "seen"):
            sql = sql.replace("{" + name + "}", f":{name}" if self._is_sqlite else f"%({name})s")
        return sql

    def of_signed_in(self, connection, attempt_id, token_hash, *, created_after, seen_after):
        """Return the Taking of an attempt whose owner is signed in with this very sign-in, surely fresh; else None.

        connection: the driver's own.
        """
        values = {"attempt": attempt_id, "token": token_hash, "created": created_after, "seen": seen_after}
        if self._is_sqlite:
            values |= {"created": utc_stamp(created_after), "seen": utc_stamp(seen_after)}
        return self._read(connection, self._signed_in, values)

    def of_person(self, connection, attempt_id, person_id):
        """Return the Taking of a person's own attempt, or None."""
        return self._read(connection, self._own, {"attempt": attempt_id, "person": person_id})

    def _read(self, connection, sql, values):
        row = connection.execute(sql, values).fetchone()
        if row is None:
            return None
        if self._is_sqlite:
            return Taking(*row[:4], _moment(row[4]), _moment(row[5]), row[6], json.loads(row[7]), *row[8:])
        return Taking(*row)


def _moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


READERS = {dialect: Reader(dialect) for dialect in SAVED}


def of_person(attempt_id, person_id):
    """Return the Taking of a person's own attempt, or None; on the connection of the present session."""
    connection = db.session.connection()
    return READERS[connection.dialect.name].of_person(connection.connection.driver_connection, attempt_id, person_id)
