"""The one reader of the time (R1). Stored: aware UTC. Shown: Asia/Shanghai, whatever the server's TZ."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_lock = threading.Lock()
_latest = datetime.min.replace(tzinfo=UTC)
_set_to = None


def now():
    """Return the time as aware UTC; inside a process it never goes backwards."""
    global _latest
    if _set_to is not None:
        return _set_to
    moment = datetime.fromtimestamp(time.time(), UTC)
    with _lock:
        _latest = max(_latest, moment)
        return _latest


def set_for_tests(moment):
    """Stop the clock at `moment` (aware), or let it run again with None. Tests only."""
    global _set_to
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    _set_to = moment.astimezone(UTC) if moment else None


def local(moment):
    """Return an aware time as Shanghai time."""
    return moment.astimezone(SHANGHAI)


def from_local(naive):
    """Return the UTC instant of a naive Shanghai wall time, as people type it."""
    return naive.replace(tzinfo=SHANGHAI).astimezone(UTC)


def today():
    """Return today's date in Shanghai: days in reports start at its midnight."""
    return local(now()).date()


def day_start(day):
    """Return the UTC instant at which a Shanghai day starts."""
    return from_local(datetime(day.year, day.month, day.day))


def show_date(value):
    """`11月20日`, with the year when it is not this one. Takes a date or an aware time; '' for None."""
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    text = f"{day.month}月{day.day}日"
    return text if day.year == today().year else f"{day.year}年{text}"


def show_time(value):
    """`11月20日 10:32`, Shanghai time; '' for None."""
    return f"{show_date(value)} {local(value):%H:%M}" if value else ""


def show_clock(value):
    """`10:32`, Shanghai time; '' for None."""
    return f"{local(value):%H:%M}" if value else ""


def show_full_date(value):
    """`2026年4月1日`, as official documents write it."""
    day = local(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def machine_time(value):
    """`2026-11-20 10:32:05`, Shanghai time, for lists and exports; '' for None."""
    return f"{local(value):%Y-%m-%d %H:%M:%S}" if value else ""


def monotonic():
    """Seconds on a clock that only runs forward; for measuring, never for dates."""
    return time.monotonic()


__all__ = [
    "SHANGHAI",
    "date",
    "datetime",
    "timedelta",
    "day_start",
    "from_local",
    "local",
    "machine_time",
    "monotonic",
    "now",
    "set_for_tests",
    "show_clock",
    "show_date",
    "show_full_date",
    "show_time",
    "today",
]
