"""What the home pages conclude from counts: a unit's standing, the nearest test, how long until something. Pure functions of plain values."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal

from app.exams.rules.results import tenth

MISSED_SHOWN = timedelta(days=7)  # so long a missed test stays on the home page
SOON = timedelta(days=14)  # what is listed as coming


@dataclass(frozen=True)
class Standing:
    """How the people of a unit stand in one test. `waiting`: neither handed in nor absent yet."""

    due: int = 0
    took: int = 0
    passed: int = 0
    failed: int = 0
    absent: int = 0
    on_leave: int = 0
    waiting: int = 0

    def __add__(self, other):
        return Standing(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def rate(self):
        """Per cent of those present who passed, one decimal; None when nobody was present."""
        return tenth(Decimal(100 * self.passed) / self.took) if self.took else None


@dataclass(frozen=True)
class Copy:
    """A unit's copy of its notice: until when it is to be signed, and whether it is."""

    sign_by_at: datetime | None
    signed: bool

    def is_late(self, now):
        return not self.signed and self.sign_by_at is not None and self.sign_by_at <= now


def stage(state, opens_at, over, now):
    """Return the stage of a published sitting: before, open, over, confirmed."""
    if state == "confirmed":
        return "confirmed"
    if over:
        return "over"
    return "before" if now < opens_at else "open"


def unit_word(standing, copy, stage, now):
    """Return (word, number) of a unit on the board; words: none, before, sitting, all_in, late, to_sign, signed, absent, failed, passed, leave.

    standing: of its people. copy: of its issued notice, or None.
    """
    if not standing.due:
        return "none", 0
    if stage == "before":
        return "before", 0
    if stage == "open":
        return ("sitting", standing.waiting) if standing.waiting else ("all_in", 0)
    if copy is not None:
        return ("signed" if copy.signed else "late" if copy.is_late(now) else "to_sign"), 0
    if standing.absent:
        return "absent", standing.absent
    if standing.failed:
        return "failed", standing.failed
    return ("passed", 0) if standing.took else ("leave", 0)


NEEDS_LOOKING = {"late", "to_sign", "absent", "failed"}  # the words behind the filter "needs attention"


@dataclass(frozen=True)
class Seat:
    """One test that a person is to sit. state: early, open, in_progress, late, closed, handed_in, on_leave."""

    sitting_id: int
    state: str
    opens_at: datetime
    closes_at: datetime


RANK = {"in_progress": 0, "open": 1, "late": 2, "early": 3, "closed": 4, "on_leave": 5}


def nearest(seats, now):
    """Return the seat that a home page shows large: one under way, then open, then the next to open, then one just missed; or None.

    A test handed in is not due any more; one missed is forgotten after a week.
    """
    shown = [
        seat
        for seat in seats
        if seat.state in RANK and not (seat.state in ("closed", "on_leave") and now - seat.closes_at > MISSED_SHOWN)
    ]
    return min(
        shown,
        key=lambda seat: (
            RANK[seat.state],
            -seat.closes_at.timestamp() if seat.state == "closed" else seat.opens_at.timestamp(),
            seat.sitting_id,
        ),
        default=None,
    )


def until(span):
    """Return (unit, number) for a time to go: minutes under an hour, hours under a day, else days; rounded up, at least one."""
    minutes = max(1, -(-span // timedelta(minutes=1)))
    if minutes < 60:
        return "minutes", minutes
    return ("hours", -(-minutes // 60)) if minutes < 24 * 60 else ("days", minutes // (24 * 60))


def since(span):
    """Return (unit, number) for a time gone by: rounded down, at least one minute."""
    minutes = max(1, span // timedelta(minutes=1))
    if minutes < 60:
        return "minutes", minutes
    return ("hours", minutes // 60) if minutes < 48 * 60 else ("days", minutes // (24 * 60))
