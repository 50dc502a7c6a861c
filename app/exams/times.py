"""The time spans and keys that the settings give to exams, read from the running app."""

from datetime import timedelta

from flask import current_app

from app.exams.rules import receipts


def _settings():
    return current_app.extensions["settings"]


def grace():
    """How long after the due time an answer may still be on its way (R5)."""
    return timedelta(seconds=_settings().grace_seconds)


def late():
    """How long after the due time answers are kept as evidence (R6)."""
    return timedelta(minutes=_settings().late_minutes)


def receipt_code(attempt_id, submitted_at):
    """Return the receipt number of an attempt handed in at `submitted_at`."""
    return receipts.receipt_code(_settings().key("receipts"), attempt_id, submitted_at)
