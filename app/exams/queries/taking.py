"""The one indexed read behind an exam page, through the driver: the attempt, its owner's sign-in, and what is saved.

No ORM here: at the start of a sitting everybody opens this page in the same minute (design/hotpath.md).
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import psycopg
from psycopg.pq import ExecStatus

from app.core.db import db, utc_stamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unread:
    """The items of an attempt whose page is kept: they never change, so only their number matters."""

    __slots__ = ("count",)

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count


class Taking(NamedTuple):
    """An attempt as its page needs it. `saved_json`: {position: {seq, answer, flag, generation}} as text; `acked`: the highest seq."""

    id: int
    sitting_id: int
    state: str
    generation: int
    started_at: datetime | None
    due_at: datetime | None
    seed: int
    items: list | Unread
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


# {moment(x)}, {saved}: as each database says it. {attempt}, {person} …: values.
READ = """SELECT a.id, a.sitting_id, a.state, a.generation, {moment(a.started_at)}, {moment(a.due_at)}, a.seed, {items}, s.title, s.state,
s.shuffle_options, s.earliest_hand_in_minutes, p.id, p.name, coalesce(nullif(u.short_name, ''), u.name), p.text_size, p.locale,
(SELECT count(*) FROM incidents i WHERE i.attempt_id = a.id AND i.kind = 'left_page'),
(SELECT coalesce(max(r.seq), 0) FROM responses r WHERE r.attempt_id = a.id),
(SELECT {saved} FROM responses r WHERE r.attempt_id = a.id)
FROM attempts a JOIN sittings s ON s.id = a.sitting_id JOIN people p ON p.id = a.person_id JOIN units u ON u.id = p.unit_id"""
OWN = READ + " WHERE a.id = {attempt} AND a.person_id = {person}"
FRESH = """ JOIN sign_ins n ON n.person_id = p.id WHERE n.revoked_at IS NULL AND n.created_at > {created} AND n.last_seen_at > {seen}
AND p.is_active AND p.password_issued_until IS NULL"""
PLACE = re.compile(r"\{(\w+)(?:\(([\w.]+)\))?\}")


class Asking(NamedTuple):
    """One question of the crowd: an attempt, the hash of the token of whoever asks, and how many items it has, if they need not be read."""

    attempt_id: int
    token_hash: str
    known: int | None = None


class SqliteReader:
    """Reads on a connection of sqlite3."""

    SAVED = """json_group_object(r.position, json_object('seq', r.seq, 'answer', json(r.answer),
'flag', json(CASE WHEN r.flag THEN 'true' ELSE 'false' END), 'generation', r.generation))"""

    def __init__(self):
        signed_in = (
            READ.replace("{items}", "CASE WHEN {wanted} THEN a.items END")
            + FRESH
            + " AND a.id = {attempt} AND n.token_hash = {token}"
        )
        self._own, self._signed_in = (PLACE.sub(self._said, sql) for sql in (OWN.replace("{items}", "a.items"), signed_in))

    def _said(self, place):
        name, column = place.groups()
        return column or (self.SAVED if name == "saved" else f":{name}")

    def prepare(self, connection):
        """Nothing to do: sqlite3 keeps its statements by itself."""

    def of_signed_in(self, connection, crowd, *, created_after, seen_after):
        """Return for each Asking the Taking, if its owner is signed in with this very sign-in and surely fresh; else None.

        connection: the driver's own, prepared.
        """
        fresh = {"created": utc_stamp(created_after), "seen": utc_stamp(seen_after)}
        return [
            self._read(
                connection, self._signed_in, fresh | {"attempt": attempt_id, "token": token, "wanted": known is None}, known
            )
            for attempt_id, token, known in crowd
        ]

    def of_person(self, connection, attempt_id, person_id):
        """Return the Taking of a person's own attempt, or None."""
        return self._read(connection, self._own, {"attempt": attempt_id, "person": person_id})

    @staticmethod
    def _read(connection, sql, values, known=None):
        row = connection.execute(sql, values).fetchone()
        if row is None:
            return None
        items = json.loads(row[7]) if known is None else Unread(known)
        return Taking(*row[:4], _from_text(row[4]), _from_text(row[5]), row[6], items, *row[8:])


class PostgresReader:
    """Reads on a connection of psycopg; the one in the crowd by libpq's own calls, as psycopg's cursors cost more than the read."""

    SAVED = """coalesce(json_object_agg(r.position, json_build_object('seq', r.seq, 'answer', r.answer::json, 'flag', r.flag,
'generation', r.generation))::text, '{}')"""
    TYPES = {
        "attempts": "$1::int[]",
        "tokens": "$2::text[]",
        "known": "$3::int[]",
        "created": "$4::timestamptz",
        "seen": "$5::timestamptz",
    }
    NAME = b"taking_signed_in"

    def __init__(self):
        own = OWN.replace("{items}", "a.items")
        self._own = PLACE.sub(lambda place: self._said(place) or f"%({place[1]})s", own)
        crowd = (
            " JOIN unnest({attempts}, {tokens}, {known}) AS q (id, token, known) ON q.id = a.id WHERE n.token_hash = q.token AND"
        )
        signed_in = READ.replace("{items}", "CASE WHEN q.known IS NULL THEN a.items::text ELSE q.known::text END")
        signed_in = signed_in.replace("FROM attempts", ", n.token_hash FROM attempts") + FRESH.replace(" WHERE", crowd)
        self._signed_in = PLACE.sub(lambda place: self._said(place) or self.TYPES[place[1]], signed_in).encode()

    def _said(self, place):
        name, column = place.groups()
        return f"(extract(epoch FROM {column}) * 1000000)::bigint" if column else self.SAVED if name == "saved" else None

    def prepare(self, connection):
        """Prepare the statement of `of_signed_in` on a new connection."""
        _checked(connection.pgconn.prepare(self.NAME, self._signed_in), ExecStatus.COMMAND_OK)

    def of_signed_in(self, connection, crowd, *, created_after, seen_after):
        """As SqliteReader's, in one statement."""
        columns = [
            f"{{{','.join('NULL' if value is None else str(value) for value in column)}}}" for column in zip(*crowd, strict=True)
        ]
        values = [text.encode() for text in (*columns, created_after.isoformat(), seen_after.isoformat())]
        rows = connection.pgconn.exec_prepared(self.NAME, values)
        _checked(rows, ExecStatus.TUPLES_OK)
        found = dict(_taken(rows, row) for row in range(rows.ntuples))
        return [found.get(asking[:2]) for asking in crowd]

    def of_person(self, connection, attempt_id, person_id):
        """As SqliteReader's."""
        row = connection.execute(self._own, {"attempt": attempt_id, "person": person_id}).fetchone()
        return row and Taking(*row[:4], _from_micros(row[4]), _from_micros(row[5]), *row[6:])


def _taken(rows, row):
    """Return ((attempt id, token hash), Taking) of one row."""
    taking = Taking(*[parse(rows.get_value(row, place)) for place, parse in enumerate(PARSERS)])
    return (taking.id, rows.get_value(row, len(PARSERS)).decode()), taking


def _checked(result, wanted):
    if result.status != wanted:
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))


def _from_text(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _from_micros(count):
    return None if count is None else EPOCH + timedelta(microseconds=int(count))


def _items(text):
    """Return the items, or how many there are where only that was sent back."""
    return Unread(int(text)) if text.isdigit() else json.loads(text)


def _truth(text):
    return text == b"t"


PARSERS = (int, int, bytes.decode, int, _from_micros, _from_micros, int, _items, bytes.decode, bytes.decode, _truth, int, int, bytes.decode,
           bytes.decode, bytes.decode, bytes.decode, int, int, bytes.decode)  # fmt: skip
READERS = {"sqlite": SqliteReader(), "postgresql": PostgresReader()}


def of_person(attempt_id, person_id):
    """Return the Taking of a person's own attempt, or None; on the connection of the present session."""
    connection = db.session.connection()
    return READERS[connection.dialect.name].of_person(connection.connection.driver_connection, attempt_id, person_id)
