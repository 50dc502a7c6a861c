"""Rosters: people added by unit, position and list; taken off; confirmed by their units."""

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.courses import service as courses
from app.courses.models import Enrolment
from app.people.models import Unit
from app.trainings import rules, service
from app.trainings.models import Participant, RosterConfirmation
from tests.factories import Person
from tests.trainings.conftest import act


def roster(training):
    db.session.expire_all()
    query = select(Person.name).join(Participant, Participant.person_id == Person.id).where(Participant.training_id == training)
    return set(db.session.scalars(query))


def seen(people):
    return {"seen": rules.seen_roster(person.id for person in people)}


def test_people_are_added_by_unit_and_position(world, plan, client_of):
    training = plan()
    browser = client_of(world.trainer)
    assert "支部书记（2 人）" in browser.get(f"/trainings/{training}/roster/add").text
    browser.post(
        f"/trainings/{training}/roster/units", data={"unit_ids": [world.school.id], "positions": ["支部书记", "组织委员"]}
    )
    assert roster(training) == {"周映雪", "陈望舒"}  # with the branch
    browser.post(f"/trainings/{training}/roster/units", data={"positions": ["支部书记"]})
    assert roster(training) == {"周映雪", "陈望舒", "宋清和"}
    page = browser.get(f"/trainings/{training}/roster").text
    assert "另有 1 人原已在名单上" in page


def test_nothing_chosen_and_nobody_found_are_said(world, plan, client_of):
    training = plan()
    browser = client_of(world.trainer)
    assert "请选择单位或职务" in browser.post(f"/trainings/{training}/roster/units", data={}).text
    answer = browser.post(f"/trainings/{training}/roster/units", data={"unit_ids": [world.branch.id], "positions": ["支部书记"]})
    assert answer.status_code == 422
    assert "没有担任这些职务的人" in answer.text


def test_a_pasted_list_names_the_lines_that_are_not_clear(world, plan, make, client_of):
    make.person("周映雪", unit=world.other, account="zyx2")
    training = plan()
    browser = client_of(world.trainer)
    text = "陈望舒\n周映雪\n张三\n宋清和"
    answer = browser.post(f"/trainings/{training}/roster/names", data={"names": text})
    assert answer.status_code == 422
    assert "第 2 行“周映雪”" in answer.text
    assert "zyx2" in answer.text
    assert "第 3 行“张三”" in answer.text
    assert "宋清和" in answer.text  # what was typed is kept
    assert roster(training) == set()
    assert "先加入认准的 2 人" in answer.text
    browser.post(f"/trainings/{training}/roster/names", data={"names": text, "partly": "1"})
    assert roster(training) == {"陈望舒", "宋清和"}
    browser.post(f"/trainings/{training}/roster/names", data={"names": "周映雪　示例一中"})
    assert roster(training) == {"陈望舒", "宋清和", "周映雪"}


def test_nobody_from_elsewhere_gets_onto_a_roster(world, plan, make, client_of):  # R50
    elsewhere = make.person("外来人")
    training = plan()
    browser = client_of(world.trainer)
    assert "你管辖的单位里没有此人" in browser.post(f"/trainings/{training}/roster/names", data={"names": "外来人"}).text
    assert browser.post(f"/trainings/{training}/roster/units", data={"unit_ids": [elsewhere.unit_id]}).status_code == 422
    assert roster(training) == set()


def test_people_are_taken_off_and_nobody_else(world, plan, client_of):
    training, other = plan(world.members), plan(world.others)
    theirs = db.session.scalars(select(Participant.id).where(Participant.training_id == other)).one()
    ours = db.session.scalars(select(Participant.id).where(Participant.training_id == training).order_by(Participant.id)).first()
    browser = client_of(world.trainer)
    browser.post(f"/trainings/{training}/roster/remove", data={"id": [ours, theirs]})
    assert roster(training) == {"陈望舒"}
    assert roster(other) == {"宋清和"}
    assert "没有勾选人员" in browser.post(f"/trainings/{training}/roster/remove", data={}, follow_redirects=True).text


def test_the_roster_is_enrolled_in_the_courses_of_the_training(world, plan, client_of):
    training = plan(world.members)
    with unit_of_work():
        author = db.session.get(Person, world.trainer.id)
        course = courses.create_course(
            db.session.get(Unit, world.root.id), title="党务基础", summary="", person=author, now=author.created_at
        )
        course_id = course.id
    browser = client_of(world.trainer)
    assert browser.post(f"/trainings/{training}/courses", data={"course_id": course_id}).status_code == 303
    browser.post(f"/trainings/{training}/roster/names", data={"names": "宋清和"})
    people = set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.course_id == course_id)))
    assert people == {person.id for person in world.members + world.others}
    assert browser.post(f"/trainings/{training}/courses/{course_id}/remove").status_code == 303
    assert len(db.session.scalars(select(Enrolment)).all()) == 3


def test_a_unit_confirms_its_people_once(world, plan, client_of, set_clock):
    set_clock("2026-04-15 10:00")
    training = plan(world.members + world.others)
    browser = client_of(world.liaison)
    assert "待本单位确认" in browser.get("/unit/trainings").text
    page = browser.get(f"/unit/trainings/{training}").text
    assert "周映雪" in page
    assert "陈望舒" in page  # of the branch
    assert "宋清和" not in page  # R53
    url = f"/unit/trainings/{training}/confirm/{world.school.id}"
    assert browser.post(url, data=seen(world.members)).status_code == 303
    assert browser.post(url, data=seen(world.members)).status_code == 303
    row = db.session.scalars(select(RosterConfirmation)).one()
    assert (row.unit_id, row.confirmed_by_id) == (world.school.id, world.liaison.id)
    assert db.session.scalars(select(AuditEntry.action)).all().count("training.confirm_roster") == 1
    assert "单位 1/2" in client_of(world.trainer).get(f"/trainings/{training}").text
    assert "林知远" in client_of(world.trainer).get(f"/trainings/{training}/roster?view=units").text


def test_a_liaison_confirms_only_own_units(world, plan, client_of, make):  # R48, R53
    training, foreign = plan(world.members + world.others), plan(world.others, title="他人培训")
    browser = client_of(world.liaison)
    assert browser.post(f"/unit/trainings/{training}/confirm/{world.other.id}", data=seen(world.others)).status_code == 404
    assert browser.get(f"/unit/trainings/{foreign}").status_code == 404
    assert client_of(world.members[0]).get("/unit/trainings").status_code == 403
    of_branch = make.person(unit=world.branch, roles=["liaison"])
    page = client_of(of_branch).get(f"/unit/trainings/{training}").text
    assert "陈望舒" in page
    assert "周映雪" not in page
    assert "由上级单位联系人确认" in page
    assert (
        client_of(of_branch)
        .post(f"/unit/trainings/{training}/confirm/{world.branch.id}", data=seen(world.members[1:]))
        .status_code
        == 404
    )


def test_a_roster_that_changed_meanwhile_is_not_confirmed_unseen(world, plan, client_of):
    training = plan(world.members[:1])
    act(training, lambda row: service.add_people(row, [world.members[1].id], now=row.created_at))
    answer = client_of(world.liaison).post(f"/unit/trainings/{training}/confirm/{world.school.id}", data=seen(world.members[:1]))
    assert answer.status_code == 409
    assert "名单刚刚有变动" in answer.text
    assert db.session.scalars(select(RosterConfirmation)).all() == []


def test_a_changed_unit_confirms_again_and_others_do_not(world, plan, client_of):
    training = plan(world.members[:1] + world.others)
    for person, unit, people in ((world.liaison, world.school, world.members[:1]), (world.neighbour, world.other, world.others)):
        client_of(person).post(f"/unit/trainings/{training}/confirm/{unit.id}", data=seen(people))
    act(training, lambda row: service.add_people(row, [world.members[1].id], now=row.created_at))
    assert [row.unit_id for row in db.session.scalars(select(RosterConfirmation))] == [world.other.id]
    assert "training.unconfirm_roster" in db.session.scalars(select(AuditEntry.action)).all()


def test_the_roster_and_its_units_ask_no_more_for_more_people(world, plan, make, client_of, count_queries):
    training = plan(world.members)
    browser = client_of(world.trainer)
    pages = (
        f"/trainings/{training}",
        f"/trainings/{training}/roster",
        f"/trainings/{training}/roster?view=units",
        f"/trainings/{training}/roster/add",
    )
    few = [count_queries(lambda page=page: browser.get(page)) for page in pages]
    people = [make.person(unit=make.unit(parent=world.root)) for _ in range(12)]
    act(training, lambda row: service.add_people(row, [person.id for person in people], now=row.created_at))
    assert [count_queries(lambda page=page: browser.get(page)) for page in pages] == few


def test_a_unit_page_asks_no_more_for_more_people(world, plan, make, client_of, count_queries):
    training = plan(world.members)
    browser = client_of(world.liaison)
    few = [count_queries(lambda page=page: browser.get(page)) for page in ("/unit/trainings", f"/unit/trainings/{training}")]
    people = [make.person(unit=world.school) for _ in range(9)]
    act(training, lambda row: service.add_people(row, [person.id for person in people], now=row.created_at))
    plan(people, title="又一次")
    assert [
        count_queries(lambda page=page: browser.get(page)) for page in ("/unit/trainings", f"/unit/trainings/{training}")
    ] == few
