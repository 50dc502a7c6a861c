"""The page of a training: live counts from the roster to the signatures, tests tied to it, the participant's view."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.courses import service as courses
from app.courses.models import Lesson
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.service import results
from app.notices.models import Notice, NoticeCopy, Receipt
from app.people.models import Unit
from app.trainings import service
from app.trainings.models import Training, TrainingSitting
from app.trainings.queries import spine
from tests.factories import Person
from tests.trainings.conftest import act, at


@pytest.fixture
def sat(world, plan, make, set_clock):
    """A training with a test that two of three sat: (training id, sitting id); the clock stands after its close."""
    set_clock("2026-04-20 15:30")
    training = plan(world.members + world.others)
    sitting = make.sitting(unit=world.root, people=world.members + world.others, window=timedelta(hours=1))
    for person, score in zip(world.members, (16, 4), strict=True):
        attempt = make.attempt(sitting, person)
        with unit_of_work():
            row = db.session.get(Attempt, attempt.id)
            row.state, row.submitted_at, row.closed_by, row.score, row.marked_at = (
                "handed_in",
                clock.now(),
                "self",
                Decimal(score),
                clock.now(),
            )
    act(training, lambda row: service.link_sitting(row, db.session.get(Sitting, sitting.id)))
    set_clock("2026-04-20 18:00")
    return training, sitting.id


def counts(training):
    db.session.expire_all()
    return spine.counts(db.session.get(Training, training), clock.now())


def test_the_spine_counts_the_test_and_its_marking(sat, world, client_of):
    training, sitting = sat
    found = counts(training)
    assert (found.people, found.units, found.due, found.handed_in, found.marked, found.confirmed) == (3, 2, 3, 2, 2, 0)
    page = client_of(world.trainer).get(f"/trainings/{training}").text
    for words in ("已交 2/3", "已评 2/2", "0/1 场", "单位 0/2"):
        assert words in page
    assert f"/sittings/{sitting}/results" in page


def test_the_spine_goes_on_to_the_signatures(sat, world, client_of):
    training, sitting = sat
    with unit_of_work():
        results.confirm(sitting, person=db.session.get(Person, world.admin.id), now=clock.now())
    assert f"/sittings/{sitting}/notices/new?training=" in client_of(world.admin).get(f"/trainings/{training}").text
    notice_of(sitting, world, "issued", signed=True)
    notice_of(sitting, world, "draft", unit=world.other)
    found = counts(training)
    assert (found.confirmed, found.notices, found.issued, found.to_sign, found.signed) == (1, 2, 1, 1, 1)
    page = client_of(world.admin).get(f"/trainings/{training}").text
    assert "已印发 1/2" in page
    assert "待审批 1" in page
    assert "起草通报" not in page
    assert "待审批 1" not in client_of(world.trainer).get(f"/trainings/{training}").text  # trainers read no notices


def notice_of(sitting, world, state, *, unit=None, signed=False):
    """A notice of the sitting to one unit, as far as its state says."""
    unit, now = unit or world.school, clock.now()
    with unit_of_work() as session:
        notice = Notice(kind="unit", source=f"sitting:{sitting}", slot=f"unit:{unit.id}", owner_unit_id=world.root.id, title="通报", document={}, state=state,
                        sign_by_at=now + timedelta(days=3), drafted_by_id=world.admin.id, drafted_at=now, issued_at=now if state == "issued" else None)  # fmt: skip
        session.add(notice)
        session.flush()
        copy = NoticeCopy(notice_id=notice.id, unit_id=unit.id, needs_signature=True, reminders=0)
        session.add(copy)
        session.flush()
        if signed:
            session.add(Receipt(copy_id=copy.id, person_id=world.liaison.id, signed_at=now, address="", document_digest="x"))


def test_learning_counts_people_on_the_roster_who_read_everything(world, plan):
    training = plan(world.members)
    with unit_of_work():
        author = db.session.get(Person, world.trainer.id)
        course = courses.create_course(
            db.session.get(Unit, world.root.id), title="党务基础", summary="", person=author, now=clock.now()
        )
        for title in ("一", "二"):
            courses.add_lesson(course, title=title, body="文", person=author, now=clock.now())
        db.session.refresh(course)
        courses.publish(course, now=clock.now())
        course_id = course.id
    act(training, lambda row: service.link_course(row, db.session.get(courses.Course, course_id), now=clock.now()))
    lessons = db.session.scalars(select(Lesson).order_by(Lesson.position)).all()
    assert counts(training).finished == 0
    with unit_of_work():
        for person, done in ((world.members[0], 2), (world.members[1], 1), (world.others[0], 2)):
            for lesson in lessons[:done]:
                courses.complete_lesson(db.session.get(Lesson, lesson.id), db.session.get(Person, person.id), now=clock.now())
    assert (counts(training).courses, counts(training).finished) == (1, 1)


def test_a_test_belongs_to_one_training(world, plan, make, client_of):
    first, second = plan(), plan(title="又一次")
    sitting = make.sitting(unit=world.root)
    browser = client_of(world.trainer)
    assert browser.post(f"/trainings/{first}/sittings", data={"sitting_id": sitting.id}).status_code == 303
    assert sitting.title not in browser.get(f"/trainings/{second}").text  # no longer offered
    assert browser.post(f"/trainings/{second}/sittings", data={"sitting_id": sitting.id}).status_code == 422
    assert browser.post(f"/trainings/{first}/sittings/{sitting.id}/remove").status_code == 303
    assert browser.post(f"/trainings/{second}/sittings", data={"sitting_id": sitting.id}).status_code == 303
    assert db.session.scalars(select(TrainingSitting.training_id)).all() == [second]


def test_a_test_from_elsewhere_cannot_be_tied(world, plan, make, client_of):  # R50
    training = plan()
    foreign = make.sitting()
    assert client_of(world.trainer).post(f"/trainings/{training}/sittings", data={"sitting_id": foreign.id}).status_code == 422


def test_people_without_a_seat_are_counted_and_seated(sat, world, make, client_of, set_clock):
    training, sitting = sat
    late = make.person(unit=world.school)
    act(training, lambda row: service.add_people(row, [late.id], now=clock.now()))
    words = "名单上有 1 人不在任何一场考试的考生之中"
    assert words in client_of(world.trainer).get(f"/trainings/{training}").text
    set_clock("2026-04-20 16:00")
    browser = client_of(world.trainer)
    url = f"/trainings/{training}/sittings/{sitting}/seat"
    assert url in browser.get(f"/trainings/{training}").text
    assert browser.post(url).status_code == 303
    assert db.session.scalars(select(Candidate.sitting_id).where(Candidate.person_id == late.id)).all() == [sitting]
    assert words not in browser.get(f"/trainings/{training}").text
    assert browser.post(f"/trainings/{training}/sittings/987654/seat").status_code == 404
    assert client_of(world.auditor).post(url).status_code == 403


def test_a_participant_sees_agenda_place_courses_and_tests(sat, world, client_of):
    training, sitting = sat
    act(
        training,
        lambda row: service.add_agenda_item(
            row, title="党员教育管理", starts_at=at(20, 9), ends_at=at(20, 10), speaker="方若谷", place="二号厅"
        ),
    )
    page = client_of(world.members[0]).get(f"/my/trainings/{training}").text
    for words in ("党员教育管理", "方若谷 · 二号厅", "报告厅", f"/sittings/{sitting}"):
        assert words in page
    assert client_of(world.neighbour).get(f"/my/trainings/{training}").status_code == 404  # R49


def test_the_page_of_a_training_asks_no_more_for_more_candidates_and_tests(sat, world, make, client_of, count_queries):
    training, _ = sat
    browser = client_of(world.admin)
    few = count_queries(lambda: browser.get(f"/trainings/{training}"))
    people = [make.person(unit=world.school) for _ in range(9)]
    for _ in range(2):
        more = make.sitting(unit=world.root, people=people)
        act(training, lambda row, more=more: service.link_sitting(row, db.session.get(Sitting, more.id)))
    assert count_queries(lambda: browser.get(f"/trainings/{training}")) == few
