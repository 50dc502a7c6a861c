"""Rate limits shared by all processes (R79): one row per counted thing and window, raised by a single statement.

Addresses stand for whole schools, so views count what goes wrong, or use generous limits; accounts have their own lockout
(`people.throttle`). Why a table and not a limiter's memory: docs/decisions/0003-rate-limits.md.
"""

import hashlib
import threading
from datetime import datetime, timedelta
from functools import wraps

from flask import request
from sqlalchemy import BigInteger, String, case, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, UTCDateTime, db, in_unit_of_work, unit_of_work
from app.core.errors import TooMany
from app.core.jobs import periodic

KEEP = timedelta(days=1)  # no window is longer
_pausing = threading.BoundedSemaphore(2)  # threads of one process that may be held back at a time


class RateWindow(Model):
    """How often one thing happened in its present window. The key is a digest: no address or name is kept."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    hits: Mapped[int] = mapped_column(BigInteger)


def hit(key, limit, per_seconds):
    """Count one more of `key`; return None while at most `limit` fell into the window, else the seconds until it ends.

    Atomic for any number of processes. Opens a unit of work of its own unless one is open.
    """
    if in_unit_of_work():
        return _hit(key, limit, per_seconds)
    with unit_of_work():
        return _hit(key, limit, per_seconds)


def _hit(key, limit, per_seconds):
    now = clock.now()
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(RateWindow)
    over = RateWindow.started_at <= now - timedelta(seconds=per_seconds)
    moment = literal(now, UTCDateTime)
    row = db.session.execute(
        insert.values(key=_digest(key), started_at=now, hits=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "hits": case((over, 1), else_=RateWindow.hits + 1),
                "started_at": case((over, moment), else_=RateWindow.started_at),
            },
        )
        .returning(RateWindow.hits, RateWindow.started_at)
    ).one()
    if row.hits <= limit:
        return None
    ends = row.started_at + timedelta(seconds=per_seconds)
    return max(1, int((ends - now).total_seconds()) + 1)


def is_exceeded(key, limit, per_seconds):
    """True when more than `limit` of `key` fell into its present window; counts nothing."""
    since = clock.now() - timedelta(seconds=per_seconds)
    hits = db.session.scalar(select(RateWindow.hits).where(RateWindow.key == _digest(key), RateWindow.started_at > since))
    return hits is not None and hits > limit


def _digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def limit(name, times, per_seconds):
    """Make a view answer 429 with Retry-After once an address called it more than `times` in `per_seconds`."""

    def wrap(view):
        @wraps(view)
        def limited(*args, **kwargs):
            wait = hit(f"{name}:{request.remote_addr}", times, per_seconds)
            if wait:
                raise TooMany(retry_after=wait)
            return view(*args, **kwargs)

        return limited

    return wrap


def hold_back(seconds=1):
    """Make this request wait; when too many of the process wait already, refuse it with 429 instead of tying up a thread."""
    if not _pausing.acquire(blocking=False):
        raise TooMany(retry_after=seconds)
    try:
        threading.Event().wait(seconds)
    finally:
        _pausing.release()


@periodic("limits.forget", timedelta(hours=1))
def forget_old_windows():
    """Delete windows that ended long ago."""
    with unit_of_work() as session:
        session.execute(delete(RateWindow).where(RateWindow.started_at < clock.now() - KEEP))
