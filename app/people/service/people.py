"""What administrators do to a person: add, change, move, issue a one-time password, stop, take back.

Each is on the audit chain with what it was before and after. All inside a unit of work.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale
from app.people import rules, sessions, throttle
from app.people.errors import AboveYou, AccountTaken, NotYourself, PhoneTaken
from app.people.models import Person, Post
from app.people.service.own import phone_taken
from app.people.service.units import changed

FIELDS = ("name", "account", "phone", "email", "position", "unit_id")


def add_person(values, *, now):
    """Add a person who cannot sign in yet: no password until one is issued. values: by FIELDS. Raises AccountTaken, PhoneTaken."""
    _check_names(values, None)
    person = Person(**values, is_active=True, created_at=now, updated_at=now, text_size="std", locale="zh_Hans_CN")
    db.session.add(person)
    _flush(person)
    open_post(person, now)
    record("person.add", person, after=facts(person))
    return person


def change_person(actor, person, values, *, version, now):
    """Change a person who was seen at `version`; a new unit or position closes the post and opens the next.

    Raises Stale, AboveYou, AccountTaken, PhoneTaken.
    """
    if person.version != version:
        raise Stale
    must_reach(actor, person)
    _check_names(values, person.id)
    before = facts(person)
    for name in FIELDS:
        setattr(person, name, values[name])
    after = facts(person)
    if before == after:
        return
    person.updated_at = now
    _flush(person)
    if (before["unit_id"], before["position"]) != (after["unit_id"], after["position"]):
        close_posts(person, now)
        open_post(person, now)
    if before["unit_id"] != after["unit_id"]:
        _end_roles_of(person, before["unit_id"], now)
    record("person.change", person, before=changed(before, after), after=changed(after, before))


def must_reach(actor, person):
    """Raise AboveYou when `person` holds a role outside the units `actor` grants roles for (R50).

    Otherwise whoever administers one school could issue a password to a colleague who administers the bureau, and sign in with it.
    """
    if actor is None:
        return  # a command on the server
    reach = actor.scope_paths("grant.write")
    if any(not grant.unit.path.startswith(tuple(reach)) for grant in person.grants):
        raise AboveYou


def issue_password(actor, person, new_hash, *, now, days):
    """Store the hash of a random one-time password, valid for `days`; ends all sign-ins and the lockout (R40)."""
    must_reach(actor, person)
    until = now + timedelta(days=days)
    db.session.execute(
        update(Person).where(Person.id == person.id).values(password_hash=new_hash, password_issued_until=until, updated_at=now)
    )  # fmt: skip
    throttle.clear(throttle.account_key(person, None))
    ended = sessions.revoke(person.id, now=now)
    record("password.issue", person, actor=actor or "command", until=clock.machine_time(until), sign_ins_ended=ended)
    return until


def deactivate(actor, person, reason, *, now):
    """Close an account: no sign-in any more, posts end today. Raises NotYourself, AboveYou."""
    if actor.id == person.id:
        raise NotYourself
    must_reach(actor, person)
    person.is_active, person.updated_at = False, now
    close_posts(person, now)
    _end_roles_of(person, person.unit_id, now)
    record("person.deactivate", person, reason=reason, sign_ins_ended=sessions.revoke(person.id, now=now))


def reactivate(actor, person, reason, *, now):
    """Open a closed account again, with a new post."""
    must_reach(actor, person)
    person.is_active, person.updated_at = True, now
    open_post(person, now)
    record("person.reactivate", person, reason=reason)


def unlock(person):
    """End a lockout before its time (R41)."""
    throttle.clear(throttle.account_key(person, None))
    record("person.unlock", person)


def open_post(person, now):
    """Begin a post at the person's unit today."""
    db.session.add(
        Post(person_id=person.id, unit_id=person.unit_id, position=person.position, started_on=clock.local(now).date())
    )


def close_posts(person, now):
    """End the person's present posts today."""
    db.session.execute(
        update(Post).where(Post.person_id == person.id, Post.ended_on.is_(None)).values(ended_on=clock.local(now).date())
    )


def _end_roles_of(person, unit_id, now):
    """End the roles that speak for the unit a person leaves: a former liaison must not sign for it (R37)."""
    for grant in person.grants:
        if grant.unit_id == unit_id and grant.role in rules.ENDS_WITH_POST:
            grant.revoked_at = now
            record("grant.revoke", person, before={"role": grant.role, "unit": grant.unit.code})


def facts(person):
    """What the audit chain keeps of a person; the phone masked (R75)."""
    return {name: getattr(person, name) for name in FIELDS} | {"phone": rules.masked_phone(person.phone)}


def _check_names(values, person_id):
    if values["phone"] and phone_taken(values["phone"], person_id):
        raise PhoneTaken
    others = select(Person.id).where(Person.id != (person_id or 0))
    account = values["account"]
    taken = others.where((Person.account == account) | ((Person.phone == account) if rules.is_mobile(account) else False))
    if db.session.scalar(taken.limit(1)) is not None:
        raise AccountTaken(account=account)


def _flush(person):
    try:
        db.session.flush()
    except IntegrityError:
        raise AccountTaken(account=person.account) from None
