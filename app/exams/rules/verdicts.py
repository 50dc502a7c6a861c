"""What becomes of a request to save, given the attempt's row as its transaction sees it (R4–R6, R8, R18)."""

from enum import StrEnum

from app.exams.rules import exam_clock


class Verdict(StrEnum):
    SAVED = "saved"  # stored; the person works on
    TOO_EARLY = "too_early"  # stored, but handing in is not possible yet
    HANDED_IN = "handed_in"  # stored, and the attempt closes by the person's own act
    TIME_UP = "time_up"  # stored, and the attempt closes because its time is over
    COUNTED = "counted"  # arrived in time, committed after the automatic close: stored, marked again (R8)
    LATE = "late"  # kept as evidence
    REPLACED = "replaced"  # another device took over: kept as evidence
    CLOSED = "closed"  # handed in before, or much too late: nothing is stored


STORED = frozenset({Verdict.SAVED, Verdict.TOO_EARLY, Verdict.HANDED_IN, Verdict.TIME_UP, Verdict.COUNTED})
CLOSING = frozenset({Verdict.HANDED_IN, Verdict.TIME_UP})
EVIDENCE = frozenset({Verdict.LATE, Verdict.REPLACED})


def verdict(row, *, generation, arrived_at, final, grace, late):
    """Return the Verdict on one request.

    row: state, closed_by, generation, started_at, due_at of the attempt; sitting_state and earliest_minutes of its sitting.
    generation: of the device that sends; grace and late: time spans after the due time.
    """
    own_hand_in = row.state == "handed_in" and row.closed_by == "self"
    if row.sitting_state == "cancelled":
        return Verdict.CLOSED
    if generation != row.generation:
        return Verdict.REPLACED
    if own_hand_in:
        return Verdict.CLOSED
    if not exam_clock.counts(arrived_at, row.due_at, grace):
        return Verdict.LATE if exam_clock.is_evidence(arrived_at, row.due_at, grace, late) else Verdict.CLOSED
    if row.state == "handed_in":
        return Verdict.COUNTED
    return _hand_in(row, arrived_at) if final else Verdict.SAVED


def _hand_in(row, arrived_at):
    if not exam_clock.accepts_work(arrived_at, row.due_at):
        return Verdict.TIME_UP
    opens = exam_clock.hand_in_from(row.started_at, row.due_at, row.earliest_minutes)
    return Verdict.HANDED_IN if arrived_at >= opens else Verdict.TOO_EARLY
