"""The statements of the save path for PostgreSQL: ordinary saves in one statement; for all others the attempts' rows are locked in
the order of their ids, then comes one statement per table.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.pq import ExecStatus

from app.exams.saves.requests import AnswerRow, AttemptRow, BadRequest
from app.exams.saves.sqlite import MOST_EVIDENCE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BY_KEY = {
    "plan_cache_mode": "force_generic_plan",  # planning costs more than running
    "jit": "off",
    # a few rows found by their keys; a planner without fresh statistics would read whole tables for them
    **dict.fromkeys(("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"), "off"),
}
SETTINGS = {
    "synchronous_commit": "on",
    "lock_timeout": "5s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "20s",
    **BY_KEY,
}
DURABLE = {"on", "remote_apply"}
REFUSALS = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)  # of this one request, not of the database

ATTEMPTS = """SELECT a.id, a.sitting_id, a.state, a.generation, a.started_at, a.due_at, a.closed_by, s.state, s.earliest_hand_in_minutes
FROM attempts a JOIN sittings s ON s.id = a.sitting_id WHERE a.id = ANY(%s::int[])"""
# An ordinary save, whole: the guards of `verdicts.verdict` for Verdict.SAVED stand in its WHERE. $1: requests, $2: answers, $3: grace in seconds.
PLAIN = """WITH held AS MATERIALIZED (SELECT a.id, a.sitting_id, a.state, a.generation, {started_at} AS started_at, {due_at} AS due_at, a.closed_by,
s.state AS sitting_state, s.earliest_hand_in_minutes,
a.state = 'in_progress' AND s.state <> 'cancelled' AND a.generation = q.generation AND q.arrived_at < a.due_at + make_interval(secs => $3::float8) AS is_plain
FROM json_to_recordset($1::json) AS q (id int, generation int, arrived_at timestamptz) JOIN attempts a ON a.id = q.id
JOIN sittings s ON s.id = a.sitting_id ORDER BY a.id FOR NO KEY UPDATE OF a),
stored AS (INSERT INTO responses (attempt_id, position, seq, answer, flag, saved_at, generation)
SELECT r.* FROM json_to_recordset($2::json)
AS r (attempt_id int, position int, seq int, answer text, flag bool, saved_at timestamptz, generation int)
JOIN held ON held.id = r.attempt_id WHERE held.is_plain
ON CONFLICT (attempt_id, position) DO UPDATE SET seq = excluded.seq, answer = excluded.answer, flag = excluded.flag,
saved_at = excluded.saved_at, generation = excluded.generation WHERE excluded.seq > responses.seq)
SELECT id, sitting_id, state, generation, started_at, due_at, closed_by, sitting_state, earliest_hand_in_minutes FROM held WHERE is_plain"""
for _name in ("started_at", "due_at"):
    PLAIN = PLAIN.replace("{" + _name + "}", f"(extract(epoch FROM a.{_name}) * 1000000)::bigint")
PLAIN_NAME = b"plain_saves"
ASKED = ("id", "generation", "arrived_at")
LOCKED = ATTEMPTS + " ORDER BY a.id FOR NO KEY UPDATE OF a"  # FOR KEY SHARE of foreign keys does not wait for it
ANSWERS = """INSERT INTO responses (attempt_id, position, seq, answer, flag, saved_at, generation)
SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::bool[], %s::timestamptz[], %s::int[])
ON CONFLICT (attempt_id, position) DO UPDATE SET seq = excluded.seq, answer = excluded.answer, flag = excluded.flag,
saved_at = excluded.saved_at, generation = excluded.generation WHERE excluded.seq > responses.seq"""
EVIDENCE = """INSERT INTO late_responses (sitting_id, attempt_id, position, seq, generation, answer, arrived_at, age_ms, why, device)
SELECT r.* FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::text[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[])
AS r (sitting_id, attempt_id, position, seq, generation, answer, arrived_at, age_ms, why, device)
WHERE (SELECT count(*) FROM late_responses l WHERE l.attempt_id = r.attempt_id) < %s
ON CONFLICT (attempt_id, position, seq, generation) DO NOTHING"""
INCIDENTS_IN = """INSERT INTO incidents (sitting_id, attempt_id, kind, seconds, at)
SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[], %s::timestamptz[])"""
CLOSE = """UPDATE attempts SET state = 'handed_in', submitted_at = c.at, closed_by = c.closed_by, receipt_code = c.code
FROM unnest(%s::int[], %s::timestamptz[], %s::text[], %s::text[]) AS c (id, at, closed_by, code)
WHERE attempts.id = c.id AND attempts.state = 'in_progress'"""
UNMARK = "UPDATE attempts SET marked_at = NULL WHERE id = ANY(%s::int[]) AND state = 'handed_in'"
SEQUENCES = "SELECT position, seq FROM responses WHERE attempt_id = %s"
INCIDENTS = "SELECT kind, seconds, at FROM incidents WHERE attempt_id = %s"


class Store:
    """One raw connection, outside the app's pool."""

    def __init__(self, url):
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self._db = psycopg.connect(url, autocommit=True, connect_timeout=5, prepare_threshold=0, options=options)
        if self._db.execute("SHOW synchronous_commit").fetchone()[0] not in DURABLE:
            raise RuntimeError("PostgreSQL would acknowledge before it syncs: saves are refused (R12)")
        prepared = self._db.pgconn.prepare(PLAIN_NAME, PLAIN.encode())
        if prepared.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(prepared)

    @contextmanager
    def transaction(self, writes):
        """Commit what happens inside, or roll it back."""
        try:
            with self._db.transaction() if writes else self._reading():
                yield
        except REFUSALS as error:
            raise BadRequest from error

    @contextmanager
    def _reading(self):
        yield

    def save_plain(self, requests, grace):
        """Store ordinary saves, one for each attempt, in one statement that commits by itself; return {id: AttemptRow} of those stored.

        The others wrote nothing: they are not ordinary (over, taken over, late) and want a transaction of their own.
        """
        asked = sorted((request.attempt_id, request.generation, request.arrived_at.isoformat()) for request in requests)
        answers = sorted(row for request in requests for row in _newest(request))
        values = (_records(ASKED, asked), _records(AnswerRow._fields, answers), str(grace.total_seconds()).encode())
        rows = self._db.pgconn.exec_prepared(PLAIN_NAME, values)
        if rows.status != ExecStatus.TUPLES_OK:
            error = psycopg.errors.error_from_result(rows)
            if isinstance(error, REFUSALS):
                raise BadRequest from error
            raise error
        found = [_attempt_row(rows, place) for place in range(rows.ntuples)]
        return {row.id: row for row in found}

    def attempts(self, writing, asking):
        """Return {id: AttemptRow}; those that will be written are locked until the commit, in the order of their ids."""
        rows = self._db.execute(LOCKED, (writing,)).fetchall() if writing else []
        if asking:
            rows += self._db.execute(ATTEMPTS, (asking,)).fetchall()
        return {row[0]: AttemptRow(*row) for row in rows}

    def sequences(self, attempt_id):
        """Return {position: stored sequence}."""
        return dict(self._db.execute(SEQUENCES, (attempt_id,)).fetchall())

    def incidents(self, attempt_id):
        """Return [(kind, seconds, at)] of an attempt."""
        return self._db.execute(INCIDENTS, (attempt_id,)).fetchall()

    def write(self, batch):
        """Store what a decided Batch collected. Its keys are unique; sorted, two writers cannot wait for each other."""
        run = self._db.execute
        if batch.answers:
            run(ANSWERS, _columns(sorted(batch.answers.values())))
        if batch.evidence:
            unique = {row[1:5]: row for row in batch.evidence}
            run(EVIDENCE, [*_columns(sorted(unique.values())), MOST_EVIDENCE])
        if batch.incidents:
            run(INCIDENTS_IN, _columns(batch.incidents))
        if batch.closing:
            run(CLOSE, _columns((attempt_id, *values) for attempt_id, values in sorted(batch.closing.items())))
        if batch.unmark:
            run(UNMARK, (sorted(batch.unmark),))

    def close(self):
        self._db.close()


def _newest(request):
    """Return the rows of a request's answers, one for each position."""
    rows, arrived_at = {}, request.arrived_at.isoformat()
    for position, seq, answer, flag, _age in sorted(request.changes, key=lambda change: change[1]):
        rows[position] = AnswerRow(request.attempt_id, position, seq, answer, flag, arrived_at, request.generation)
    return rows.values()


def _records(names, rows):
    """Return rows as the JSON that json_to_recordset reads."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False).encode()


def _attempt_row(rows, place):
    """Return the AttemptRow of one row of PLAIN, whose values came as text."""
    values = [rows.get_value(place, column) for column in range(len(AttemptRow._fields))]
    return AttemptRow(*[value if value is None else parse(value) for value, parse in zip(values, PARSERS, strict=True)])


def _moment(text):
    return EPOCH + timedelta(microseconds=int(text))


def _columns(rows):
    return [list(column) for column in zip(*rows, strict=True)]


PARSERS = (int, int, bytes.decode, int, _moment, _moment, bytes.decode, bytes.decode, int)  # of AttemptRow's fields
