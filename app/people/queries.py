"""Reads of this part."""

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import timedelta
from app.core.db import db
from app.people import rules
from app.people.models import Person, Post, SignIn


def find_by_name(typed):
    """Return the person whose account or phone was typed at sign-in, or None; an account goes before a phone."""
    name = rules.sign_in_name(typed)
    found = db.session.scalars(select(Person).where(or_(Person.account == name, Person.phone == rules.phone_digits(name)))).all()
    return min(found, key=lambda person: person.account != name, default=None)


def posts_of(person_id):
    """All posts of a person, the present ones first, then the newest."""
    rows = db.session.scalars(select(Post).options(joinedload(Post.unit)).where(Post.person_id == person_id)).all()
    return sorted(rows, key=lambda post: (post.ended_on is None, post.started_on, post.id), reverse=True)


def live_sign_ins(person_id, *, now):
    """The sign-ins of a person that may still be in use, the latest used first."""
    oldest = now - timedelta(hours=current_app.extensions["settings"].session_hours)
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None), SignIn.created_at > oldest)
    return db.session.scalars(query.order_by(SignIn.last_seen_at.desc()).limit(50)).all()


def sign_ins_of(person_id):
    """The latest thousand sign-ins of a person."""
    return db.session.scalars(select(SignIn).where(SignIn.person_id == person_id).order_by(SignIn.created_at.desc()).limit(1000)).all()
