"""What becomes of a save: in time or late, from the live device or an older one, before or after a hand-in."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.exams.rules.verdicts import Verdict, verdict

START = datetime(2026, 4, 10, 2, 30, tzinfo=UTC)
DUE = START + timedelta(minutes=60)
GRACE, LATE = timedelta(seconds=30), timedelta(minutes=30)
MS = timedelta(milliseconds=1)


def attempt(**values):
    row = {
        "state": "in_progress",
        "closed_by": None,
        "generation": 2,
        "started_at": START,
        "due_at": DUE,
        "sitting_state": "published",
        "earliest_minutes": 0,
    }
    return SimpleNamespace(**(row | values))


def judge(row, at, generation=2, final=False):
    return verdict(row, generation=generation, arrived_at=at, final=final, grace=GRACE, late=LATE)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - MS, Verdict.SAVED), (DUE, Verdict.SAVED), (DUE + timedelta(seconds=29), Verdict.SAVED), (DUE + GRACE - MS, Verdict.SAVED),
        (DUE + GRACE, Verdict.LATE), (DUE + timedelta(seconds=31), Verdict.LATE), (DUE + LATE - MS, Verdict.LATE),
        (DUE + LATE, Verdict.CLOSED), (DUE + LATE + MS, Verdict.CLOSED),
    ],
)  # fmt: skip
def test_by_arrival_a_save_counts_is_evidence_or_is_refused(at, expected):  # R4, R5, R6
    assert judge(attempt(), at) is expected


def test_the_same_bounds_hold_after_the_automatic_close():  # R8
    closed = attempt(state="handed_in", closed_by="server")
    assert judge(closed, DUE + GRACE - MS) is Verdict.COUNTED
    assert judge(closed, DUE + GRACE) is Verdict.LATE
    assert judge(closed, DUE + LATE) is Verdict.CLOSED


def test_after_ones_own_hand_in_nothing_counts():  # R8
    closed = attempt(state="handed_in", closed_by="self")
    for at in (START, DUE - MS, DUE + GRACE):
        assert judge(closed, at) is Verdict.CLOSED


def test_an_older_device_is_never_counted():  # R18
    for row in (attempt(), attempt(state="handed_in", closed_by="server"), attempt(state="handed_in", closed_by="self")):
        assert judge(row, START, generation=1) is Verdict.REPLACED


def test_a_hand_in_waits_for_its_time_but_a_forced_one_never_does():  # R3
    row = attempt(earliest_minutes=30)
    opens = START + timedelta(minutes=30)
    assert judge(row, opens - MS, final=True) is Verdict.TOO_EARLY
    assert judge(row, opens, final=True) is Verdict.HANDED_IN
    assert judge(attempt(earliest_minutes=600), DUE - MS, final=True) is Verdict.TOO_EARLY
    assert judge(attempt(earliest_minutes=600), DUE, final=True) is Verdict.TIME_UP


def test_a_cancelled_sitting_takes_nothing():
    assert judge(attempt(sitting_state="cancelled"), START) is Verdict.CLOSED
