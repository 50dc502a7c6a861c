"""Sessions: the browser's signed cookie carries a random token; the table holds its hash (R44). Revocable at once (R45)."""

import hashlib
import re
import secrets
from datetime import timedelta

import structlog
from flask import abort, current_app, redirect, request, session, url_for
from flask_login import current_user, login_user
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Person, SignIn
from app.people.writes import rows_met

log = structlog.get_logger()
TOUCH_EVERY = timedelta(minutes=5)  # how stale last_seen_at may be: a read must not cost a write each time
SAVING = re.compile(r"/attempts/\d+/responses$")  # the save path never depends on the session and never writes to it (R15)
WITHOUT_SESSION = {"static", "assets.other_version", "exams.offline_worker", "core.alive", "core.ready", "core.csp_report"}
ALLOWED_BEFORE_REPLACING = {
    "people.replace_password",
    "people.sign_in",
    "people.sign_out",
    "people.set_preferences",
    "people.time_left",
    "people.stay",
}
OPEN_ANYWAY: list = []  # functions(person, now) -> True while an idle person must not be signed out


def init_app(app):
    """Let Flask-Login find the person of a request, and send strangers to the sign-in page."""
    manager = app.login_manager
    manager.user_loader(load)
    manager.session_protection = None
    manager.unauthorized_handler(_to_sign_in)
    app.before_request(_keep_alive)
    app.before_request(_ask_to_replace)


def stays_open(fn):
    """Register `fn(person, now)`: while it is true, idle time does not end the person's sign-in (R45: an attempt is running)."""
    OPEN_ANYWAY.append(fn)
    return fn


def token_hash(token):
    """Return what the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def load(token):
    """Return the person of a live sign-in, or None: revoked, too old, idle too long, or disabled (R45)."""
    row = (
        db.session.scalars(
            select(SignIn)
            .where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None))
            .options(joinedload(SignIn.person).joinedload(Person.grants))  # one read for every request of a signed-in person
        )
        .unique()
        .one_or_none()
    )
    now = clock.now()
    if row is None or not row.person.is_active or _must_have_been_replaced(row.person, now) or seconds_left(row, now) <= 0:
        return None
    person = row.person
    person.sign_in_token, person.current_sign_in = token, row  # type: ignore[assignment]
    return person


def _must_have_been_replaced(person, now):
    return person.password_issued_until is not None and person.password_issued_until <= now


def seconds_left(row, now):
    """Seconds until a sign-in ends for good, or by idleness if nothing more is done; 0 or less when it is over."""
    ends = row.created_at + timedelta(hours=current_app.extensions["settings"].session_hours)
    idle_ends = row.last_seen_at + idle_time(row.person) + TOUCH_EVERY
    if idle_ends <= now and any(fn(row.person, now) for fn in OPEN_ANYWAY):
        idle_ends = ends
    return int((min(ends, idle_ends) - now).total_seconds())


def seconds_left_here():
    """Seconds until the sign-in of this request ends if nothing more is done."""
    return seconds_left(current_user.current_sign_in, clock.now())


def idle_time(person):
    """How long this person may do nothing: staff less than trainees."""
    settings = current_app.extensions["settings"]
    return timedelta(minutes=settings.idle_minutes_staff if person.is_staff else settings.idle_minutes_trainee)


def start(person, *, now):
    """Sign the person in on this browser: a fresh session, a new row. Inside a unit of work; call `enter` after it."""
    token = secrets.token_urlsafe(32)
    row = SignIn(token_hash=token_hash(token), person_id=person.id, created_at=now, last_seen_at=now, confirmed_at=now,
                 address=(request.remote_addr or "")[:45], device=(request.user_agent.string or "")[:200])  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return token


def enter(person, token):
    """Put the token into a fresh cookie, once the sign-in is stored.

    The same person signing in again after the time was over keeps the form token: what was typed on a page left open can still be
    sent (R85).
    """
    form_token = session.get("csrf_token") if _was_here(person) else None
    forget()
    if form_token:
        session["csrf_token"] = form_token
    person.sign_in_token = token
    login_user(person)


def _was_here(person):
    """True when the cookie still holds an earlier sign-in of this person; after signing out it does not."""
    before = session.get("_user_id")
    query = select(SignIn.id).where(SignIn.token_hash == token_hash(before or ""), SignIn.person_id == person.id)
    return bool(before) and db.session.scalar(query) is not None


def forget():
    """Empty this browser's cookie but for the language and text size chosen here."""
    kept = {name: session[name] for name in ("locale", "text_size") if name in session}
    session.clear()
    session.update(kept)


def confirm(row, *, now):
    """Note that the password was given again; the sign-in gets a new token (R44, R46), which is returned. Inside a unit of work."""
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(SignIn).where(SignIn.id == row.id).values(confirmed_at=now, last_seen_at=now, token_hash=token_hash(token))
    )
    return token


def enter_again(person, token):
    """Put the renewed token of a confirmed sign-in into the cookie; everything else in it stays."""
    session["_user_id"] = person.sign_in_token = token


def touch(row, now):
    """Note that the sign-in is in use. Inside a unit of work."""
    db.session.execute(update(SignIn).where(SignIn.id == row.id, SignIn.last_seen_at < now).values(last_seen_at=now))


def needs_touch(row, now):
    """True when `last_seen_at` is stale enough to be written."""
    return now - row.last_seen_at >= TOUCH_EVERY


def _keep_alive():
    """Before each request: write `last_seen_at` when it is stale. A full disk must not turn a read into an error."""
    if request.endpoint in WITHOUT_SESSION or request.endpoint == "people.time_left" or SAVING.search(request.path):
        return
    now = clock.now()
    if not current_user.is_authenticated or not needs_touch(current_user.current_sign_in, now):
        return
    try:
        with unit_of_work():
            touch(current_user.current_sign_in, now)
    except OperationalError:
        log.warning("sign-in not touched", person=current_user.id)


def _ask_to_replace():
    """Before each request: whoever came in with an issued password first chooses an own one (R40)."""
    if request.endpoint in WITHOUT_SESSION or request.endpoint in ALLOWED_BEFORE_REPLACING or SAVING.search(request.path):
        return None
    if not current_user.is_authenticated or current_user.password_issued_until is None:
        return None
    if request.headers.get("HX-Request") or request.is_json:
        abort(403)
    return redirect(url_for("people.replace_password", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def revoke(person_id, *, now, keep_id=None, only_id=None):
    """End the person's sign-ins: all, all but one, or one. Inside a unit of work."""
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    if keep_id is not None:
        query = query.where(SignIn.id != keep_id)
    if only_id is not None:
        query = query.where(SignIn.id == only_id)
    return rows_met(query.values(revoked_at=now))


def _to_sign_in():
    if request.headers.get("HX-Request") or request.is_json:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=None if wanted == "/" else wanted))
