"""Loads the sample data, part by part, through the same services that people use. Only for an empty database."""

import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app
from sqlalchemy import insert, select

from app.bank import service as banks
from app.bank.models import Bank
from app.core import clock, jobs
from app.core.audit import record
from app.core.db import unit_of_work
from app.courses import service as courses
from app.people import DEMO_FILE, passwords
from app.people.models import Person, Post, RoleGrant, Unit
from app.reports.sample import earlier, lessons, names, training

SEED = 20260420
DOCUMENTS_WITH_TOPICS = (
    "党员教育管理条例",
    "党支部工作",
    "校长负责制",
    "请示报告",
    "党费",
)  # banks that the sample papers draw from


@dataclass
class Sample:
    """What later steps need of earlier ones: ids, never rows."""

    bureau: int = 0
    admin: int = 0
    second: int = 0
    trainer: int = 0
    units: list = field(default_factory=list)  # ids of the 53 units
    liaisons: dict = field(default_factory=dict)  # unit id -> person id
    invited: list = field(default_factory=list)  # ids of the people who hold a party post
    banks: list = field(default_factory=list)


def load():
    """Load everything; each step is a unit of work of its own."""
    now = clock.now()
    sample = Sample()
    _units(sample, now)
    _people(sample, now)
    _accounts(sample, now)
    _banks(sample, now)
    earlier.load(sample, now)
    course_id = _course(sample, now)
    training.load(sample, course_id, now)
    jobs.run_all_due()


def _units(sample, now):
    with unit_of_work() as session:
        bureau = Unit(
            name=current_app.extensions["settings"].bureau_name,
            code="JY",
            kind="bureau",
            path="/",
            short_name="",
            sort=0,
            is_active=True,
            created_at=now,
        )
        session.add(bureau)
        session.flush()
        bureau.path = f"/{bureau.id}/"
        sample.bureau = bureau.id
        units = [_unit(f"D{place:02}", kind, name, bureau.id, place, now) for place, (kind, name) in enumerate(names.UNITS, 1)]
        session.add_all(units)
        session.flush()
        for unit in units:
            unit.path = f"{bureau.path}{unit.id}/"
        sample.units = [unit.id for unit in units]
        branches = [_unit(f"{unit.code}-{n}", "branch", f"{unit.name}{name}", unit.id, n, now) for unit in units
                    for n, name in enumerate(names.BRANCHES.get(unit.kind, ()), 1)]  # fmt: skip
        session.add_all(branches)
        session.flush()
        for branch in branches:
            branch.path = f"{session.get(Unit, branch.parent_id).path}{branch.id}/"
        record("unit.sample", object_type="units", object_id="sample", units=len(units), branches=len(branches))


def _unit(code, kind, name, parent_id, sort, now):
    return Unit(
        code=code, name=name, short_name="", kind=kind, parent_id=parent_id, path="/", sort=sort, is_active=True, created_at=now
    )


def _people(sample, now):
    units = [(unit_id, kind) for unit_id, (kind, _) in zip(sample.units, names.UNITS, strict=True)]
    total = sum(names.PEOPLE_PER_UNIT[kind] for _, kind in units)
    made_up = iter(names.people(total, SEED))
    with unit_of_work() as session:
        for unit_id, kind in units:
            for place in range(names.PEOPLE_PER_UNIT[kind]):
                position = names.PARTY_POSTS[place] if place < len(names.PARTY_POSTS) else names.TEACHER
                session.add(_person(next(made_up), f"s{unit_id:02}{place:02}", unit_id, position, now))
        session.flush()
        people = session.execute(select(Person.id, Person.unit_id, Person.position).order_by(Person.id)).all()
        started = clock.local(now).date() - timedelta(days=400)
        session.execute(
            insert(Post),
            [{"person_id": p.id, "unit_id": p.unit_id, "position": p.position, "started_on": started} for p in people],
        )
        sample.invited = [p.id for p in people if p.position != names.TEACHER]
        for person in people:
            if person.position == "党务干事":
                session.add(RoleGrant(person_id=person.id, role="liaison", unit_id=person.unit_id, granted_at=now))
                sample.liaisons[person.unit_id] = person.id
        record("person.sample", object_type="people", object_id="sample", people=len(people))


def _person(name, account, unit_id, position, now, **values):
    return Person(name=name, account=account, unit_id=unit_id, position=position, is_active=True, created_at=now, updated_at=now, text_size="std",
                  locale="zh_Hans_CN", **values)  # fmt: skip


def _accounts(sample, now):
    """Give a few people a password, one for this installation alone, and note them for the sign-in page (R39: none is built in)."""
    password = f"shili-{secrets.token_hex(3)}"
    hashed = passwords.hash_password(password)
    with unit_of_work() as session:
        staff = {
            "admin": ("温书言", "党建办主任", ["administrator"]), "admin2": ("何以安", "党建办副主任", ["administrator", "invigilator"]),
            "trainer": ("方若谷", "教员", ["trainer"]), "auditor": ("许景明", "审计员", ["auditor"]),
        }  # fmt: skip
        made = {}
        for account, (name, position, roles) in staff.items():
            made[account] = _person(name, account, sample.bureau, position, now, password_hash=hashed)
            session.add(made[account])
            session.flush()
            session.add_all(
                RoleGrant(person_id=made[account].id, role=role, unit_id=sample.bureau, granted_at=now) for role in roles
            )
        sample.admin, sample.second, sample.trainer = made["admin"].id, made["admin2"].id, made["trainer"].id
        _rename(session, sample.liaisons[sample.units[0]], "林知远", "liaison", hashed)
        takers = session.scalars(
            select(Person).where(Person.unit_id == sample.units[0], Person.position != "党务干事").order_by(Person.id).limit(3)
        ).all()
        for account, name, taker in zip(("xueyuan1", "xueyuan2", "xueyuan3"), ("周映雪", "陈望舒", None), takers, strict=True):
            _rename(session, taker.id, name, account, hashed)
        record("person.sample_accounts", object_type="people", object_id="sample", accounts=len(made) + 4)
    labels = [("管理员", "admin"), ("第二管理员", "admin2"), ("教员", "trainer"), ("单位联系人", "liaison"), ("学员", "xueyuan1"), ("学员", "xueyuan2"),
              ("学员", "xueyuan3"), ("审计员", "auditor")]  # fmt: skip
    _keep([[label, account, password] for label, account in labels])


def _rename(session, person_id, name, account, hashed):
    person = session.get(Person, person_id)
    person.name, person.account, person.password_hash = name or person.name, account, hashed


def _keep(accounts):
    path = current_app.extensions["settings"].data_path / DEMO_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False)


def _banks(sample, now):
    with unit_of_work() as session:
        banks.load_shipped(session.get(Unit, sample.bureau), now=now)
        found = session.execute(select(Bank.id, Bank.name).order_by(Bank.id)).all()
        sample.banks = [bank_id for bank_id, name in found if any(part in name for part in DOCUMENTS_WITH_TOPICS)]


def _course(sample, now):
    with unit_of_work() as session:
        author = session.get(Person, sample.trainer)
        course = courses.create_course(
            session.get(Unit, sample.bureau), title=lessons.TITLE, summary=lessons.SUMMARY, person=author, now=now
        )
        for title, minutes, body in lessons.LESSONS:
            courses.add_lesson(course, title=title, body=body, minutes=minutes, person=author, now=now)
        session.refresh(course)
        courses.publish(course, now=now)
        courses.enrol(course, sample.invited, now=now)
        return course.id
