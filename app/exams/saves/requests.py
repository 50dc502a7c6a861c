"""What a request thread hands to the writer, and what it gets back."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.exams.rules.verdicts import Verdict


class WriteFailed(Exception):
    """The transaction failed or took too long; the request may be sent again and again (R16, R23)."""


class BadRequest(Exception):
    """This one request cannot be stored, whatever the state of the disk."""


class Outcome(NamedTuple):
    """What became of one request, as committed."""

    verdict: Verdict
    acked: int = 0  # the highest sequence that need not be sent again; 0: nothing was acknowledged
    due_at: datetime | None = None
    hand_in_from: datetime | None = None  # of a hand-in that came too early
    over: bool = False  # the attempt is handed in, or its time is over


@dataclass(slots=True)
class SaveRequest:
    """One request on its way to the disk."""

    attempt_id: int
    generation: int
    arrived_at: datetime
    changes: list
    events: list
    final: bool = False
    device: str = ""
    outcome: Outcome | None = None
    error: BaseException | None = None
    _done: object = field(default_factory=threading.Lock)

    def __post_init__(self):
        self._done.acquire()

    @property
    def writes(self):
        """True when this request stores something; otherwise it only asks for the time and the state."""
        return bool(self.changes or self.events or self.final)

    @property
    def is_plain(self):
        """True when it only brings answers."""
        return bool(self.changes) and not self.events and not self.final

    def finish(self, outcome=None, error=None):
        """Wake the waiting thread. Called once, after the commit or when it failed."""
        self.outcome, self.error = outcome, error
        self._done.release()

    def wait(self, seconds):
        """Wait for the writer; True when it is done."""
        return self._done.acquire(timeout=seconds)


class AttemptRow(NamedTuple):
    """An attempt and what its sitting says, as the transaction of the save sees them."""

    id: int
    sitting_id: int
    state: str
    generation: int
    started_at: datetime | None
    due_at: datetime | None
    closed_by: str | None
    sitting_state: str
    earliest_minutes: int


class LateRow(NamedTuple):
    """One answer kept as evidence, in the order of the table's columns."""

    sitting_id: int
    attempt_id: int
    position: int
    seq: int
    generation: int
    answer: str
    arrived_at: datetime
    age_ms: int
    why: str
    device: str


class AnswerRow(NamedTuple):
    attempt_id: int
    position: int
    seq: int
    answer: str
    flag: bool
    saved_at: datetime
    generation: int


class IncidentRow(NamedTuple):
    sitting_id: int
    attempt_id: int
    kind: str
    seconds: int
    at: datetime
