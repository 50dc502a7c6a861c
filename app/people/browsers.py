"""Known browsers (R41): a signed cookie names the accounts that were signed in here, so that strangers' failures do not lock them out."""

import secrets

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "__Host-zz-known"
KEEP_SECONDS = 180 * 24 * 3600
MOST_PEOPLE = 8  # a shared computer forgets the account that was used longest ago


def knows(person):
    """Return this browser's id when `person` was signed in here before, else None."""
    browser_id, people = _read()
    return browser_id if person is not None and person.id in people else None


def remember(person):
    """Add `person` to the accounts this browser knows; the cookie goes out with the answer."""
    browser_id, people = _read()
    kept = [person.id, *(other for other in people if other != person.id)][:MOST_PEOPLE]
    g.known_browser = _signer().dumps([browser_id or secrets.token_hex(16), kept])


def add_cookie(response):
    """After-request hook: send the changed cookie."""
    value = g.pop("known_browser", None)
    if value:
        response.set_cookie(COOKIE, value, max_age=KEEP_SECONDS, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _read():
    try:
        browser_id, people = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None, []
    return browser_id, people


def _signer():
    return URLSafeSerializer(current_app.extensions["settings"].key("links"), salt="known-browser")
