"""From confirmed results to 53 units' notices: data, documents, numbers, PDF files, deliveries and the outbox rows of their e-mails."""

import json
import time

from sqlalchemy import func, insert, select, update

from app.config import ROOT
from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Response, Sitting
from app.exams.queries.versions import load_bodies
from app.exams.service import marking, reporting, results
from app.notices.models import Delivery, Notice
from app.notices.service import drafting, issuing
from app.people.models import Person, RoleGrant, Unit
from bench import answers, seeding, stores
from bench.results import at_most

UNITS, PEOPLE_PER_UNIT = 53, 11
MOST_SECONDS = 5
WORST, STEP = 0.45, 0.05  # shares of right answers: those of a unit's people, one after another


def measure(name, options):
    """Return the row for one store: seconds for all notices, once, in a process that has made none before."""
    with stores.opened(name, smtp_host="127.0.0.1", smtp_tls="none") as store:
        fonts = _borrow_fonts(store)
        sitting_id = seeding.sitting(store, UNITS * PEOPLE_PER_UNIT, 50, units=UNITS)
        seeding.draw(store, sitting_id)
        with store.app.app_context():
            staff = _sat_and_confirmed(sitting_id)
            took = _timed(sitting_id, *staff)
            counts = _counts()
            db.session.remove()
    row = at_most("53 notices and the overall one: data, PDF, outbox rows", name, [sum(took.values())], "s", MOST_SECONDS)
    parts = ", ".join(f"{what} {seconds:.2f}" for what, seconds in took.items())
    return [row], [f"{name}: notices: {parts} s; {counts}; fonts: {fonts}"]


def _borrow_fonts(store):
    """Use the document fonts that `make run` fetched, if they are there: the set-up puts them beside the data."""
    fetched = ROOT / "var/fonts"
    if not fetched.is_dir():
        return "those that ship with the dependencies"
    (store.folder / "fonts").symlink_to(fetched)
    return "those that `make run` fetched"


def _sat_and_confirmed(sitting_id):
    """Answer, hand in, mark and confirm the sitting; name liaisons; return the ids of two administrators."""
    now = clock.now()
    with unit_of_work() as session:
        staff = _staff(session, now)
        _answer(session, sitting_id, now)
        over = {"opens_at": now - seeding.WINDOW, "closes_at": now - seeding.WINDOW / 4}
        session.execute(update(Sitting).where(Sitting.id == sitting_id).values(over))
    marking.mark_waiting(now=now)
    with unit_of_work() as session:
        results.confirm(sitting_id, person=session.get(Person, staff[0]), now=now)
    return staff


def _staff(session, now):
    bureau = session.scalars(select(Unit).where(Unit.kind == "bureau")).one()
    for unit_id, person_id in session.execute(select(Person.unit_id, func.min(Person.id)).group_by(Person.unit_id)).all():
        session.execute(update(Person).where(Person.id == person_id).values(email=f"liaison{person_id}@example.cn"))
        session.add(RoleGrant(person_id=person_id, role="liaison", unit_id=unit_id, granted_at=now))
    staff = [
        Person(name=name, account=account, unit_id=bureau.id, created_at=now, updated_at=now)
        for name, account in (("温书言", "admin"), ("何以安", "admin2"))
    ]
    session.add_all(staff)
    session.flush()
    session.add_all(RoleGrant(person_id=person.id, role="administrator", unit_id=bureau.id, granted_at=now) for person in staff)
    return [person.id for person in staff]


def _answer(session, sitting_id, now):
    """Everybody but the last of each eleven hands in; the shares of right answers differ, so that some of each unit fail."""
    drawn = session.execute(
        select(Attempt.id, Attempt.seed, Attempt.items).where(Attempt.sitting_id == sitting_id).order_by(Attempt.id)
    ).all()
    bodies = load_bodies({version_id for attempt in drawn for version_id, _ in attempt.items})
    rows, present = [], []
    for number, attempt in enumerate(drawn):
        place = number // UNITS
        if place == PEOPLE_PER_UNIT - 1:
            continue
        given = answers.of_attempt(attempt.items, attempt.seed, bodies, WORST + STEP * place)
        present.append(attempt.id)
        rows += [
            {"attempt_id": attempt.id, "position": position, "seq": position, "answer": json.dumps(answer, ensure_ascii=False), "flag": False,
             "generation": 1, "saved_at": now} for position, answer in given.items()
        ]  # fmt: skip
    session.execute(insert(Response), rows)
    handed_in = {
        "state": "handed_in",
        "generation": 1,
        "started_at": now,
        "due_at": now,
        "submitted_at": now,
        "closed_by": "self",
    }
    session.execute(update(Attempt).where(Attempt.id.in_(present)).values(handed_in).execution_options(synchronize_session=False))


def _timed(sitting_id, first, second):
    """Draft, approve, issue, make; return {step: seconds}."""
    now, source = clock.now(), f"sitting:{sitting_id}"
    marks = [time.perf_counter()]
    with unit_of_work() as session:
        sitting = session.get(Sitting, sitting_id)
        reporting.draft_notices(
            sitting, reporting.default_wording(sitting, now, "示例培训"), person=session.get(Person, first), now=now
        )
    marks.append(time.perf_counter())
    with unit_of_work() as session:
        drafting.approve(source, person=session.get(Person, second), now=now)
    with unit_of_work() as session:
        issuing.issue(source, person=session.get(Person, first), now=now)
    marks.append(time.perf_counter())
    assert jobs.run_one("bench")
    marks.append(time.perf_counter())
    names = ("data and drafts", "approval and numbers", "PDF files and outbox rows")
    return {name: after - before for name, before, after in zip(names, marks, marks[1:], strict=False)}


def _counts():
    """Check that all of it is there; return it in words."""
    issued = db.session.scalar(
        select(func.count()).select_from(Notice).where(Notice.state == "issued", Notice.pdf_id.is_not(None))
    )
    letters = db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.channel == "email"))
    waiting = db.session.scalar(select(func.count()).select_from(jobs.Job).where(jobs.Job.kind == "notices.send"))
    assert issued == UNITS + 1 and letters == waiting >= UNITS, f"{issued} notices, {letters} e-mails, {waiting} outbox rows"
    return f"{issued} PDF files, {waiting} e-mails in the outbox"
