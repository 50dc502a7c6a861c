"""Signing in and out, confirming who one is, and one's own password.

Hashing takes about 30 ms and never runs inside a unit of work, so these acts come in two or three steps,
each called by the view: count the try, check the password, store the outcome.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, or_, select, update

from app.core.audit import AuditEntry, record
from app.core.db import db
from app.people import browsers, passwords, queries, rules, sessions, throttle
from app.people.errors import IssuedPasswordExpired, SignInRefused
from app.people.models import Person, SignIn

NOBODY = "not signed in"


@dataclass
class Try:
    """One try at signing in: who it may be, the key it counts under, whether a right password would count."""

    name: str
    person: Person | None
    key: str
    allowed: bool
    known_browser: bool = False
    stored: str | None = None
    new_hash: str | None = None
    person_id: int | None = None


def begin(typed, *, now):
    """Count a try before its password is looked at (R41). Inside a unit of work."""
    person = queries.find_by_name(typed)
    browser_id = browsers.knows(person)
    key = throttle.browser_key(person, browser_id) if browser_id else throttle.account_key(person, rules.sign_in_name(typed))
    return Try(
        rules.sign_in_name(typed),
        person,
        key,
        throttle.count(key, now=now),
        bool(browser_id),
        person.password_hash if person else None,
        person_id=person.id if person else None,
    )


def check(attempt, password, *, now):
    """Check the password of a try, in the same time whatever is wrong (R42). Outside any unit of work; raises a refusal."""
    right = passwords.matches(attempt.stored, password)
    if not right or not attempt.allowed or not attempt.person.is_active:
        raise SignInRefused
    if has_expired(attempt.person, now):
        raise IssuedPasswordExpired
    if passwords.is_outdated(attempt.stored):
        attempt.new_hash = passwords.hash_password(password)


def has_expired(person, now):
    """True when the person's password was issued and its time is over (R40)."""
    return person.password_issued_until is not None and person.password_issued_until <= now


def succeed(attempt, *, now):
    """Store a successful sign-in; return (the session token, failures since the last sign-in). Inside a unit of work."""
    person = db.session.get_one(Person, attempt.person_id, populate_existing=True)
    if not person.is_active or person.password_hash != attempt.stored:
        raise SignInRefused
    throttle.clear(attempt.key)
    failures = _failures_since_last(person)
    if attempt.new_hash:
        db.session.execute(update(Person).where(Person.id == person.id).values(password_hash=attempt.new_hash))
    if person.password_issued_until is not None:
        _use_up(person, now)
    token = sessions.start(person, now=now)
    record("sign_in", person, actor=person, known_browser=attempt.known_browser)
    return token, failures


def _use_up(person, now):
    """A one-time password counts for one browser and a quarter of an hour from its first use (R40)."""
    sessions.revoke(person.id, now=now)
    until = min(person.password_issued_until, now + rules.TIME_TO_REPLACE)
    db.session.execute(update(Person).where(Person.id == person.id).values(password_issued_until=until))


def _failures_since_last(person):
    last = select(func.max(SignIn.created_at)).where(SignIn.person_id == person.id).scalar_subquery()
    failed = select(func.count()).where(
        AuditEntry.action == "sign_in_failed", AuditEntry.object_type == "people", AuditEntry.object_id == str(person.id)
    )
    return db.session.scalar(failed.where(or_(last.is_(None), AuditEntry.at > last)))


def fail(attempt):
    """Note a failed try on the audit chain. Names that belong to nobody are kept as a digest: they may be a mistyped password."""
    if attempt.person:
        record("sign_in_failed", attempt.person, actor=NOBODY, locked=not attempt.allowed)
    else:
        digest = sha256(attempt.name.encode()).hexdigest()[:12]
        record("sign_in_failed", actor=NOBODY, object_type="name", object_id=digest, locked=not attempt.allowed)


def leave(person, *, now):
    """End this browser's sign-in. Inside a unit of work."""
    sessions.revoke(person.id, now=now, only_id=person.current_sign_in.id)
    record("sign_out", person, actor=person)
