"""The start page: which of its states a person meets, and the small delay that spreads a crowd (R11)."""

from datetime import timedelta
from hashlib import blake2b

LONGEST_JITTER_MS = 2000


def jitter(sitting_id, person_id):
    """Return the person's own delay of the start, 0–2 s; the same on every request."""
    digest = blake2b(f"{sitting_id}|{person_id}".encode(), digest_size=4).digest()
    return timedelta(milliseconds=int.from_bytes(digest, "big") % (LONGEST_JITTER_MS + 1))


def given_back(started_at, opens_at, closes_at, delay):
    """Return when the sitting closes for somebody who started at `started_at`: who waited for the start gets the delay back."""
    waited = opens_at <= started_at < opens_at + timedelta(milliseconds=2 * LONGEST_JITTER_MS)
    return closes_at + delay if waited else closes_at


def state(now, sitting, attempts, running):
    """Return early, open, in_progress, late, closed or handed_in.

    sitting: state, opens_at, latest_entry_at, closes_at, attempts_allowed. attempts: how many were begun;
    running: one of them can still be worked on.
    """
    if running:
        return "in_progress"
    may_begin = sitting.state == "published" and attempts < sitting.attempts_allowed
    if may_begin and now < sitting.opens_at:
        return "early"
    if may_begin and now < min(sitting.latest_entry_at, sitting.closes_at):
        return "open"
    if attempts:
        return "handed_in"
    return "late" if sitting.state == "published" and now < sitting.closes_at else "closed"
