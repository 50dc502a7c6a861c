"""Sessions: the browser's signed cookie carries a random token; the table holds its hash (R44). Revocable at once (R45)."""

import hashlib
import secrets
from datetime import timedelta

from flask import abort, current_app, redirect, request, session, url_for
from flask_login import login_user
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.people.models import Person, SignIn

TOUCH_EVERY = timedelta(minutes=5)  # how stale last_seen_at may be: a read must not cost a write each time


def init_app(app):
    """Let Flask-Login find the person of a request, and send strangers to the sign-in page."""
    manager = app.login_manager
    manager.user_loader(load)
    manager.session_protection = None
    manager.unauthorized_handler(_to_sign_in)


def token_hash(token):
    """Return what the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def load(token):
    """Return the person of a live sign-in, or None: revoked, too old, idle too long, or disabled (R45)."""
    row = db.session.scalars(select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None))).one_or_none()
    if row is None or not row.person.is_active or not _is_fresh(row, clock.now()):
        return None
    person = row.person
    person.sign_in_token, person.current_sign_in = token, row
    return person


def _is_fresh(row, now):
    settings = current_app.extensions["settings"]
    idle = settings.idle_minutes_staff if row.person.is_staff else settings.idle_minutes_trainee
    return now - row.created_at < timedelta(hours=settings.session_hours) and now - row.last_seen_at < timedelta(minutes=idle) + TOUCH_EVERY


def start(person, *, now):
    """Sign the person in on this browser: a fresh session, a new row. Inside a unit of work; call `enter` after it."""
    token = secrets.token_urlsafe(32)
    row = SignIn(token_hash=token_hash(token), person_id=person.id, created_at=now, last_seen_at=now, confirmed_at=now,
                 address=(request.remote_addr or "")[:45], device=(request.user_agent.string or "")[:200])  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return token


def enter(person, token):
    """Put the token into a fresh cookie, once the sign-in is stored."""
    kept = {name: session[name] for name in ("locale", "text_size") if name in session}
    session.clear()
    session.update(kept)
    person.sign_in_token = token
    login_user(person)


def touch(row, now):
    """Note that the sign-in is in use; at most every few minutes. Inside a unit of work."""
    db.session.execute(update(SignIn).where(SignIn.id == row.id, SignIn.last_seen_at < now).values(last_seen_at=now))


def needs_touch(row, now):
    """True when `last_seen_at` is stale enough to be written."""
    return now - row.last_seen_at >= TOUCH_EVERY


def revoke(person_id, *, now, keep_id=None, only_id=None):
    """End the person's sign-ins: all, all but one, or one. Inside a unit of work."""
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    if keep_id is not None:
        query = query.where(SignIn.id != keep_id)
    if only_id is not None:
        query = query.where(SignIn.id == only_id)
    return db.session.execute(query.values(revoked_at=now)).rowcount


def _to_sign_in():
    if request.headers.get("HX-Request") or request.is_json:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else url_for("people.sign_in")
    return redirect(url_for("people.sign_in", next=wanted))


__all__ = ["Person", "enter", "init_app", "load", "needs_touch", "revoke", "start", "token_hash", "touch"]
