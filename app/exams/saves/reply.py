"""What the browser is told of a save: how far it is stored, how much time is left, until when."""

import json

from app.core import clock
from app.exams.rules.exam_clock import ms_left

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def fields(outcome, arrived_at, now, state="in_progress", notice=None):
    """Return the fields of a 200 answer to a stored request."""
    return {
        "acked": outcome.acked,
        "ms_left": ms_left(now, outcome.due_at),
        "state": state,
        "saved_at": f"{clock.local(arrived_at):%H:%M:%S}",
        "due": clock.show_clock(outcome.due_at),
        "notice": notice,
    }
