"""When each exam page was last heard of, for the invigilator's board: a hint, noted in memory and stored every few seconds.

Saves and polls pass the writer anyway; noting them there costs a dictionary entry. A crash loses seconds of hints and no answer.
"""

import threading
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Presence
from app.exams.rules.verdicts import STORED

log = structlog.get_logger()

STORE_EVERY = timedelta(seconds=10)
CHUNK = 500


class Recorder:
    """Collects signs of life in one process and stores them in the background, all at once."""

    def __init__(self, app):
        self._app, self._heard, self._lock = app, {}, threading.Lock()
        self._stored_at = None

    def note(self, attempt_id, moment):
        """Remember that a page spoke at `moment`."""
        self._heard[attempt_id] = moment
        if self._stored_at is None:
            self._stored_at = moment
        elif moment - self._stored_at >= STORE_EVERY and not self._app.testing and self._lock.acquire(blocking=False):
            self._stored_at = moment
            threading.Thread(target=self._store_and_release, name="presence", daemon=True).start()

    def _store_and_release(self):
        try:
            with self._app.app_context():
                self.store()
        except Exception:
            log.exception("presence was not stored")
        finally:
            self._lock.release()

    def store(self):
        """Store what was heard since the last time. Opens a unit of work."""
        heard, self._heard = self._heard, {}
        if heard:
            with unit_of_work():
                keep(heard)


def keep(heard):
    """Write {attempt id: moment}; an older moment never replaces a newer one. Inside a unit of work."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Presence)
    newer = insert.on_conflict_do_update(
        index_elements=["attempt_id"], set_={"seen_at": insert.excluded.seen_at}, where=insert.excluded.seen_at > Presence.seen_at
    )
    ids = sorted(heard)
    for start in range(0, len(ids), CHUNK):
        known = db.session.scalars(select(Attempt.id).where(Attempt.id.in_(ids[start : start + CHUNK]))).all()
        if known:
            db.session.execute(newer, [{"attempt_id": attempt_id, "seen_at": heard[attempt_id]} for attempt_id in sorted(known)])


class Listening:
    """The writer of answers, with an ear for who speaks to it."""

    def __init__(self, writer, recorder):
        self._writer, self._recorder = writer, recorder

    def save(self, request):
        """Store a request as the writer does; note that the live page of this attempt spoke."""
        outcome = self._writer.save(request)
        if outcome.verdict in STORED:
            self._recorder.note(request.attempt_id, request.arrived_at)
        return outcome

    def __getattr__(self, name):
        return getattr(self._writer, name)


def init_app(app):
    """Listen to the app's writer of answers."""
    recorder = app.extensions["presence"] = Recorder(app)
    app.extensions["save_writer"] = Listening(app.extensions["save_writer"], recorder)
