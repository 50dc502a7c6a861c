"""The app's one writer of answers, and the key that signs attempt tokens; made once per app, started per process."""

from datetime import timedelta

from app.core.db import sqlite_path
from app.exams.rules.receipts import receipt_code
from app.exams.saves.writer import Writer
from app.exams.tokens import Keyring


def init_app(app):
    """Hang the writer and the keyring on the app."""
    settings = app.extensions["settings"]
    receipt_key = settings.key("receipts")
    app.extensions["attempt_keys"] = Keyring(settings.key("attempt"))
    app.extensions["save_writer"] = Writer(
        lambda: _store(settings, app.extensions["write_gate"]),
        grace=timedelta(seconds=settings.grace_seconds),
        late=timedelta(minutes=settings.late_minutes),
        receipt=lambda attempt_id, at: receipt_code(receipt_key, attempt_id, at),
    )


def _store(settings, gate):
    if settings.database.startswith("sqlite"):
        from app.exams.saves import sqlite

        return sqlite.Store(sqlite_path(settings.database), gate)
    from app.exams.saves import postgres

    return postgres.Store(settings.database.replace("postgresql+psycopg://", "postgresql://", 1))
