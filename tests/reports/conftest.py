"""A bureau with two schools, staff, liaisons and members, and short ways to move a test on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.service import results
from app.notices.models import Notice, NoticeCopy, Receipt
from app.people.models import UnitKind
from tests.factories import Person

MONDAY = "2026-04-20 15:30"


class World:
    """The people and units of these tests, and what happens to them."""

    def __init__(self, make):
        self.make = make
        self.root = make.bureau()
        self.school = make.unit("示例一中", parent=self.root, kind=UnitKind.HIGH_SCHOOL)
        self.branch = make.unit("示例一中第二党支部", parent=self.school, kind=UnitKind.BRANCH)
        self.nursery = make.unit("示例幼儿园", parent=self.root, kind=UnitKind.KINDERGARTEN)
        self.admin = make.person("温书言", unit=self.root, roles=["administrator"])
        self.second = make.person("何以安", unit=self.root, roles=["administrator"])
        self.trainer = make.person("方若谷", unit=self.root, roles=["trainer"])
        self.auditor = make.person("许景明", unit=self.root, roles=["auditor"])
        self.liaison = make.person("林知远", unit=self.school, roles=["liaison"])
        self.members = [
            make.person("周映雪", unit=self.school),
            make.person("陈望舒", unit=self.branch),
            make.person("宋清和", unit=self.nursery),
        ]

    def sitting(self, title=None, **fields):
        """A test that opened five minutes ago and closes in an hour, for all members."""
        values = {"people": self.members, "window": timedelta(hours=1)} | fields
        sitting = self.make.sitting(unit=self.root, **values)
        if title:
            self.change(sitting, title=title)
        return sitting

    def hand_in(self, sitting, person, score):
        """The person handed in now and got this many points of 16."""
        attempt = self.make.attempt(sitting, person)
        with unit_of_work():
            row = db.session.get(Attempt, attempt.id)
            row.state, row.submitted_at, row.closed_by, row.score, row.marked_at = (
                "handed_in",
                clock.now(),
                "self",
                Decimal(score),
                clock.now(),
            )

    def confirm(self, sitting):
        with unit_of_work():
            results.confirm(sitting.id, person=db.session.get(Person, self.admin.id), now=clock.now())

    def notice(self, sitting, unit, *, state="issued", sign_in=timedelta(days=3), signed=False, by=None):
        """A notice of the test to one unit; returns the copy's id."""
        now = clock.now()
        with unit_of_work() as session:
            notice = Notice(kind="unit", source=f"sitting:{sitting.id}", slot=f"unit:{unit.id}", owner_unit_id=self.root.id, title=f"关于测试的通报（{unit.name}）",
                            document={"number_text": "示教党通〔2026〕1 号"}, state=state, sign_by_at=now + sign_in, drafted_by_id=(by or self.admin).id,
                            drafted_at=now, issued_at=now if state == "issued" else None)  # fmt: skip
            session.add(notice)
            session.flush()
            copy = NoticeCopy(notice_id=notice.id, unit_id=unit.id, needs_signature=True, reminders=0)
            session.add(copy)
            session.flush()
            if signed:
                session.add(Receipt(copy_id=copy.id, person_id=self.liaison.id, signed_at=now, address="", document_digest="x"))
            return copy.id

    def on_leave(self, sitting, person):
        with unit_of_work() as session:
            session.query(Candidate).filter_by(sitting_id=sitting.id, person_id=person.id).one().on_leave = True

    def change(self, sitting, **values):
        with unit_of_work() as session:
            row = session.get(Sitting, sitting.id)
            for name, value in values.items():
                setattr(row, name, value)


@pytest.fixture
def world(make, set_clock):
    """The World, on a Monday afternoon in April."""
    set_clock(MONDAY)
    return World(make)
