"""When a request came in: stamped once, by the nearest trusted proxy where there is one, else at its first sight here (R4)."""

from datetime import datetime, timedelta

from app.core import clock

STAMP = "zhize.arrived_at"  # in the WSGI environment
COUNTED = "zhize.counted"  # the rate limit has seen this request
LONGEST_QUEUE = timedelta(minutes=1)  # how long a proxy may have held a request


def arrival(environ, trusts_proxy):
    """Return the time of arrival. `X-Request-Start: t=<seconds since 1970>` counts only from our own proxy."""
    known = environ.get(STAMP)
    if known is not None:
        return known
    now = clock.now()
    stamp = environ.get("HTTP_X_REQUEST_START") if trusts_proxy else None
    if stamp:
        try:
            stamped = datetime.fromtimestamp(float(stamp.removeprefix("t=")), now.tzinfo)
        except (ValueError, OverflowError, OSError):
            return now
        if now - LONGEST_QUEUE <= stamped <= now:
            return stamped
    return now
