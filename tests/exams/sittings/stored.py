"""What is in the database after a deed through a page."""

import re

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.exams.models import Attempt, Candidate, Sitting


def sittings():
    db.session.rollback()
    return db.session.scalars(select(Sitting).order_by(Sitting.id)).all()


def names():
    db.session.rollback()
    return sorted(row.person.name for row in db.session.scalars(select(Candidate)))


def acts():
    db.session.rollback()
    return [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]


def publish(browser, plan):
    answer = browser.post("/sittings/new", data=plan | {"act": "publish"})
    assert answer.status_code == 303, answer.text
    return sittings()[-1]


def rows():
    db.session.rollback()
    return {row.person.name: row for row in db.session.scalars(select(Candidate))}


def audit(action):
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def attempt_of(person):
    db.session.rollback()
    return db.session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def stands(page):
    """Return {name: words of where they stand} of a list or board."""
    found = {}
    for line in re.findall(r"<tr.*?</tr>", page, re.DOTALL)[1:]:
        name = re.search(r'class="title nowrap">\s*(\S+?)\s*[<]', line).group(1)
        cell = re.search(r'data-label="状态">(.*?)</td>', line, re.DOTALL).group(1)
        found[name] = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
    return found
