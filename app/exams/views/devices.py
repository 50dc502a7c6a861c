"""Which browser an attempt lives in (R18): the live one holds a signed cookie of the present generation."""

from flask import current_app, request

from app.core.shell import LOCALES
from app.exams import tokens

KEPT_SECONDS = 3 * 24 * 3600


def claims_of(taking, locale, filled=0):
    """Return what a page of this attempt proves."""
    place = LOCALES.index(locale) if locale in LOCALES else 0
    return tokens.Claims(
        taking.id, taking.person_id, taking.generation, tokens.milliseconds(taking.due_at), len(taking.items), place, filled
    )


def token_of(taking, locale, filled=0):
    """Return the token of a page of this attempt."""
    return current_app.extensions["attempt_keys"].sign(claims_of(taking, locale, filled))


def is_live(taking):
    """True when this browser is the one the attempt was started in, or taken over to, last."""
    claims = current_app.extensions["attempt_keys"].read(request.cookies.get(_name(taking.id)))
    return claims is not None and claims[:3] == (taking.id, taking.person_id, taking.generation)


def remember(response, attempt):
    """Make this browser the live one of an attempt that was just started or taken over."""
    claims = tokens.Claims(
        attempt.id, attempt.person_id, attempt.generation, tokens.milliseconds(attempt.due_at), len(attempt.items), 0
    )
    token = current_app.extensions["attempt_keys"].sign(claims)
    response.set_cookie(_name(attempt.id), token, max_age=KEPT_SECONDS, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def _name(attempt_id):
    return f"__Host-attempt-{attempt_id}"
