"""The statements of the save path for SQLite: one connection per writer, WAL with full sync, BEGIN IMMEDIATE behind the app's gate."""

import json
import sqlite3
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from app.core.db import prepare_sqlite, utc_stamp
from app.exams.saves.requests import AttemptRow, BadRequest

FULL = 2  # PRAGMA synchronous

ATTEMPTS = """SELECT a.id, a.sitting_id, a.state, a.generation, a.started_at, a.due_at, a.closed_by, s.state, s.earliest_hand_in_minutes
FROM attempts a JOIN sittings s ON s.id = a.sitting_id WHERE a.id IN (SELECT value FROM json_each(?))"""
ANSWER = """INSERT INTO responses (attempt_id, position, seq, answer, flag, saved_at, generation) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (attempt_id, position) DO UPDATE SET seq = excluded.seq, answer = excluded.answer, flag = excluded.flag,
saved_at = excluded.saved_at, generation = excluded.generation WHERE excluded.seq > responses.seq"""
EVIDENCE = """INSERT INTO late_responses (sitting_id, attempt_id, position, seq, generation, answer, arrived_at, age_ms, why, device)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE (SELECT count(*) FROM late_responses WHERE attempt_id = ?2) < ?11
ON CONFLICT (attempt_id, position, seq, generation) DO NOTHING"""
INCIDENT = "INSERT INTO incidents (sitting_id, attempt_id, kind, seconds, at) VALUES (?, ?, ?, ?, ?)"
CLOSE = """UPDATE attempts SET state = 'handed_in', submitted_at = ?, closed_by = ?, receipt_code = ? WHERE id = ? AND state = 'in_progress'"""
UNMARK = "UPDATE attempts SET marked_at = NULL WHERE id = ? AND state = 'handed_in'"
SEQUENCES = "SELECT position, seq FROM responses WHERE attempt_id = ?"
INCIDENTS = "SELECT kind, seconds, at FROM incidents WHERE attempt_id = ?"
MOST_EVIDENCE = 3000  # rows of one attempt
MOST_INCIDENTS = 1000


class Store:
    """One raw connection. `gate()` lets one write transaction of the machine through at a time."""

    def __init__(self, path, gate):
        self._gate = gate
        self._db = sqlite3.connect(path)
        prepare_sqlite(self._db)
        if self._db.execute("PRAGMA synchronous").fetchone()[0] != FULL:
            raise RuntimeError("SQLite would not sync every commit: saves are refused (R12)")

    @contextmanager
    def transaction(self, writes):
        """Commit what happens inside, or roll it back. Reads alone wait for nobody."""
        with self._gate() if writes else nullcontext():
            self._db.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield
                self._db.execute("COMMIT")
            except (
                sqlite3.IntegrityError,
                sqlite3.DataError,
                sqlite3.InterfaceError,
                sqlite3.ProgrammingError,
                OverflowError,
            ) as error:
                self._roll_back()
                raise BadRequest from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self):
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def attempts(self, writing, asking):
        """Return {id: AttemptRow}. Under BEGIN IMMEDIATE nobody else can change them before the commit."""
        rows = self._db.execute(ATTEMPTS, (json.dumps(writing + asking),))
        return {row[0]: AttemptRow(*row[:4], _moment(row[4]), _moment(row[5]), *row[6:]) for row in rows}

    def sequences(self, attempt_id):
        """Return {position: stored sequence}."""
        return dict(self._db.execute(SEQUENCES, (attempt_id,)).fetchall())

    def incidents(self, attempt_id):
        """Return [(kind, seconds, at)] of an attempt."""
        return [(kind, seconds, _moment(at)) for kind, seconds, at in self._db.execute(INCIDENTS, (attempt_id,))]

    def write(self, batch):
        """Store what a decided Batch collected."""
        run = self._db.executemany
        if batch.answers:
            run(ANSWER, [(*row[:5], utc_stamp(row[5]), row[6]) for row in batch.answers.values()])
        if batch.evidence:
            run(EVIDENCE, [(*row[:6], utc_stamp(row[6]), *row[7:], MOST_EVIDENCE) for row in batch.evidence])
        if batch.incidents:
            run(INCIDENT, [(*row[:4], utc_stamp(row[4])) for row in batch.incidents])
        if batch.closing:
            run(
                CLOSE,
                [(utc_stamp(at), closed_by, code, attempt_id) for attempt_id, (at, closed_by, code) in batch.closing.items()],
            )
        if batch.unmark:
            run(UNMARK, [(attempt_id,) for attempt_id in batch.unmark])

    def close(self):
        self._db.close()


def _moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
