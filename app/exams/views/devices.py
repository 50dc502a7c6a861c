"""Which browser an attempt lives in (R18): the live one holds a signed cookie of the present generation."""

from flask import current_app

from app.exams import tokens
from app.exams.page.facts import device_cookie

KEPT_SECONDS = 3 * 24 * 3600


def proof(attempt):
    """Return the cookie of the browser in which an attempt was just started or taken over to."""
    due_ms, count = tokens.milliseconds(attempt.due_at), len(attempt.items)
    claims = tokens.Claims(attempt.id, attempt.person_id, attempt.generation, due_ms, count, 0)
    return current_app.extensions["attempt_keys"].sign(claims)


def remember(response, attempt_id, cookie):
    """Make this browser the live one of the attempt; return the response."""
    response.set_cookie(device_cookie(attempt_id), cookie, KEPT_SECONDS, path="/", secure=True, httponly=True, samesite="Lax")
    return response
