"""Structured logs: one JSON line an event, with the request's id; never passwords, codes, tokens, answers, keys (R75)."""

import logging
import re
import sys

import structlog
from flask import g, has_request_context

HIDDEN = {"password", "code", "token", "answer", "answers", "key", "phone", "secret"}
PHONE = re.compile(r"\b1\d{10}\b")


def init_app(app):
    """Send the app's log lines to standard error as JSON."""
    level = getattr(logging, app.extensions["settings"].log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[_request, _hide, structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )  # fmt: skip


def _request(logger, name, event):
    if has_request_context():
        event["request"] = g.get("request_id", "")
    return event


def _hide(logger, name, event):
    for field, value in event.items():
        if field in HIDDEN:
            event[field] = "…"
        elif isinstance(value, str):
            event[field] = PHONE.sub("1**********", value)
    return event
