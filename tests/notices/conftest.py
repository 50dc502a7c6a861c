"""A bureau with units, two administrators, liaisons, and a batch of notices; a real SMTP server that can misbehave."""

import socket
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.notices.models import Notice
from app.notices.service import drafting, issuing
from app.people.models import Person
from tests.notices import document_samples as samples

SOURCE = "sitting:1"


@dataclass
class Bureau:
    """The people and units of a test."""

    root: object
    units: list
    drafter: object
    approver: object
    liaisons: list


@pytest.fixture
def bureau(make):
    """Three units with a liaison each, and two administrators."""
    root = make.bureau()
    units = [make.unit(name, parent=root) for name in ("示例一中党总支", "示例二小党支部", "示例三中党总支")]
    liaisons = [
        make.person(f"联络员{n}", unit=unit, roles=["liaison"], email=f"unit{n}@example.org") for n, unit in enumerate(units, 1)
    ]
    drafter, approver = (make.person(name, unit=root, roles=["administrator"]) for name in ("温书言", "何以安"))
    return Bureau(root, units, drafter, approver, liaisons)


def person(row):
    """The row as it is now: fixtures were loaded in an earlier unit of work."""
    return db.session.get(Person, row.id)


def draft(bureau, now=None, sign_in=timedelta(days=3)):
    """Draft the overall notice and one for each unit."""
    now = now or clock.now()
    overall = samples.overall_notice(samples.make_facts(number_text="", dated=None, sign_due=None))
    drafts = [drafting.Draft("overall", "overall", overall, tuple(unit.id for unit in bureau.units), needs_signature=False)]
    for unit in bureau.units:
        document = replace(
            samples.unit_notice(samples.unit_facts(number_text="", dated=None, sign_due=None)), addressee=unit.name
        )
        drafts.append(drafting.Draft(f"unit:{unit.id}", "unit", document, (unit.id,)))
    with unit_of_work():
        drafting.draft_batch(
            SOURCE, drafts, owner_unit=bureau.root, person=person(bureau.drafter), sign_by_at=now + sign_in, now=now
        )


def approve(bureau, who=None):
    with unit_of_work():
        return drafting.approve(SOURCE, person=person(who or bureau.approver), now=clock.now())


def issue(bureau, make_now=True):
    with unit_of_work():
        issuing.issue(SOURCE, person=person(bureau.drafter), now=clock.now())
    if make_now:
        jobs.run_all_due()


def notices():
    db.session.rollback()
    return list(db.session.scalars(select(Notice).order_by(Notice.number_seq, Notice.id)))


class Mailbox:
    """An SMTP handler that keeps what it accepts; `answers` are given to the next messages instead of acceptance."""

    def __init__(self):
        self.letters = []
        self.answers = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else None
        if answer == "accept and drop":
            self.letters.append(envelope)
            server.transport.close()
            return "250 never heard"
        if answer == "drop":
            server.transport.close()
            return "451 never heard"
        if answer:
            return answer
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox(app):
    """A running SMTP server on loopback, named in the app's settings."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", smtp_timeout_seconds=2)
    yield box
    app.extensions["settings"] = before
    controller.stop()
