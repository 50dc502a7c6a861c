"""When a taker sees what: score, own answers, key, each by its own policy of the sitting (R32, R52)."""

from datetime import timedelta

POLICIES = ("handed_in", "closed", "confirmed", "never")


def is_released(policy, *, handed_in, closed, confirmed):
    """Return whether `policy` (handed_in, closed, confirmed or never) lets a taker see it now.

    handed_in: the person's own paper is; closed: nobody can sit any more; confirmed: a named person confirmed the results.
    """
    return handed_in and {"handed_in": True, "closed": closed, "confirmed": confirmed, "never": False}[policy]


def is_closed(now, closes_at, most_extra_minutes, grace, running):
    """True when nobody can work on the sitting any more, whoever has extra time. running: attempts still in progress."""
    return not running and now >= closes_at + timedelta(minutes=most_extra_minutes) + grace
