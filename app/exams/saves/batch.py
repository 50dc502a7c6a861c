"""Decides a batch of requests against the attempts' rows and collects what is to be written. No SQL here, and no clock."""

from datetime import timedelta

from app.exams.rules import exam_clock
from app.exams.rules.verdicts import CLOSING, EVIDENCE, STORED, Verdict, verdict
from app.exams.saves.requests import AnswerRow, IncidentRow, LateRow, Outcome

OVER = CLOSING | {Verdict.CLOSED, Verdict.COUNTED, Verdict.LATE}
SAME_EVENT = timedelta(seconds=3)  # a resent event differs by the network's delay


class Batch:
    """The requests of one transaction. `decide` fills the lists of rows; `outcomes` belong to `requests`, one each."""

    def __init__(self, requests, *, grace, late, receipt):
        self.requests, self.grace, self.late, self.receipt = requests, grace, late, receipt
        self.answers, self.evidence, self.incidents = {}, [], []
        self.closing, self.unmark = {}, set()
        self.outcomes = []

    def decide(self, store):
        """Read the rows through `store` and decide each request in the order of arrival."""
        writing = sorted({request.attempt_id for request in self.requests if request.writes})
        asking = sorted({request.attempt_id for request in self.requests} - set(writing))
        rows = store.attempts(writing, asking)
        self.outcomes = [self._decide(request, rows, store) for request in self.requests]

    def outcome_of_plain(self, request, row):
        """Return the Outcome of an ordinary save that is stored; None without a row, or if the rules find it anything but ordinary."""
        outcome = row and self._decide(request, {row.id: row}, None)
        return outcome if outcome and outcome.verdict is Verdict.SAVED else None

    def _decide(self, request, rows, store):
        row = rows.get(request.attempt_id)
        if row is None or row.due_at is None:
            return Outcome(Verdict.CLOSED, over=True)
        found = verdict(
            row,
            generation=request.generation,
            arrived_at=request.arrived_at,
            final=request.final,
            grace=self.grace,
            late=self.late,
        )
        if found in STORED:
            self._store(request, row, store)
        elif found in EVIDENCE:
            self._keep_evidence(request, row, found)
        elif request.final and self._is_repeat(request, row, store):
            found = Verdict.HANDED_IN
        if found in CLOSING and row.state == "in_progress":
            rows[row.id] = self._close(request, row, found)
        elif found is Verdict.COUNTED and request.changes:
            self.unmark.add(row.id)
        return self._outcome(request, row, found, store)

    def _store(self, request, row, store):
        for position, seq, answer, flag, _age in request.changes:
            held = self.answers.get((row.id, position))
            if held is None or held.seq < seq:
                self.answers[row.id, position] = AnswerRow(
                    row.id, position, seq, answer, flag, request.arrived_at, row.generation
                )
        if request.events:
            self._store_events(request, row, store.incidents(row.id))

    def _store_events(self, request, row, known):
        for kind, age_ms, seconds in request.events:
            at = request.arrived_at - timedelta(milliseconds=age_ms)
            if row.started_at <= at and not any((kind, seconds) == old[:2] and abs(at - old[2]) < SAME_EVENT for old in known):
                known.append((kind, seconds, at))
                self.incidents.append(IncidentRow(row.sitting_id, row.id, kind, seconds, at))

    def _keep_evidence(self, request, row, found):
        why = "late" if found is Verdict.LATE else "replaced"
        for position, seq, answer, _flag, age_ms in request.changes:
            self.evidence.append(
                LateRow(
                    row.sitting_id,
                    row.id,
                    position,
                    seq,
                    request.generation,
                    answer,
                    request.arrived_at,
                    age_ms,
                    why,
                    request.device,
                )
            )

    def _is_repeat(self, request, row, store):
        """True when a person's hand-in came before with just these answers: its acknowledgement was lost."""
        if request.generation != row.generation or row.closed_by != "self":
            return False
        stored = store.sequences(row.id) | {
            position: held.seq for (attempt, position), held in self.answers.items() if attempt == row.id
        }
        return all(stored.get(position, 0) >= seq for position, seq, *_ in request.changes)

    def _close(self, request, row, found):
        own = found is Verdict.HANDED_IN
        finished = request.arrived_at if own else row.due_at
        closed = row._replace(state="handed_in", closed_by="self" if own else "server")
        self.closing[row.id] = (finished, closed.closed_by, self.receipt(row.id, finished))
        return closed

    def _outcome(self, request, row, found, store):
        acked = max((change.seq for change in request.changes), default=0)
        if not request.writes and found is Verdict.SAVED:
            acked = max(store.sequences(row.id).values(), default=0)
        elif found is Verdict.CLOSED:
            acked = 0
        opens = exam_clock.hand_in_from(row.started_at, row.due_at, row.earliest_minutes) if found is Verdict.TOO_EARLY else None
        over = row.state == "handed_in" or found in OVER or exam_clock.is_over(request.arrived_at, row.due_at, self.grace)
        return Outcome(found, acked, row.due_at, opens, over)
