"""Planning a training: its head, its agenda, closing it."""

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.trainings import service
from app.trainings.models import AgendaItem, Training
from tests.trainings.conftest import act, at

HEAD = {
    "title": "五月培训",
    "starts_on": "2026-05-06",
    "ends_on": "2026-05-06",
    "place": "一楼报告厅",
    "summary": "一天",
    "confirm_by_at": "2026-05-04T17:00",
}


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_a_trainer_plans_a_training(world, client_of):
    browser = client_of(world.trainer)
    answer = browser.post("/trainings/new", data=HEAD)
    assert answer.status_code == 303
    training = db.session.scalars(select(Training)).one()
    assert (training.title, training.unit_id, training.place) == ("五月培训", world.root.id, "一楼报告厅")
    assert "training.create" in actions()
    page = browser.get(answer.location).text
    assert "5月6日" in page
    assert "名单上还没有人" in page
    assert "五月培训" in browser.get("/trainings").text


def test_pressing_twice_plans_one_training(world, client_of):  # R24
    browser = client_of(world.trainer)
    first = browser.post("/trainings/new", data=HEAD | {"deed": "k1"})
    second = browser.post("/trainings/new", data=HEAD | {"deed": "k1"})
    assert first.location == second.location
    assert len(db.session.scalars(select(Training)).all()) == 1


def test_wrong_days_are_said_at_the_field_and_the_rest_is_kept(world, client_of):
    answer = client_of(world.trainer).post("/trainings/new", data=HEAD | {"ends_on": "2026-05-05"})
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.text
    assert "一楼报告厅" in answer.text
    assert "培训最长" in client_of(world.trainer).post("/trainings/new", data=HEAD | {"ends_on": "2027-05-06"}).text


def test_other_bureaus_find_nothing_and_readers_change_nothing(world, plan, make, client_of):  # R48, R49, R53
    training = plan()
    stranger = client_of(make.person(roles=["trainer"]))
    for path in ("", "/edit", "/roster", "/roster/add", "/agenda/new"):
        assert stranger.get(f"/trainings/{training}{path}").status_code == 404
    assert "四月党务培训" not in stranger.get("/trainings").text
    auditor = client_of(world.auditor)
    assert auditor.get(f"/trainings/{training}").status_code == 200
    assert "编辑" not in auditor.get(f"/trainings/{training}").text
    assert auditor.get(f"/trainings/{training}/edit").status_code == 403
    assert client_of(world.members[0]).get(f"/trainings/{training}").status_code == 403


def test_a_stale_editor_sees_both_texts(world, plan, client_of):  # R25
    training = plan()
    browser = client_of(world.trainer)
    form = {"title": "甲", "starts_on": "2026-04-20", "ends_on": "2026-04-21", "place": "甲地", "version": "1"}
    assert browser.post(f"/trainings/{training}/edit", data=form).status_code == 303
    answer = browser.post(f"/trainings/{training}/edit", data=form | {"title": "乙", "place": "乙地"})
    assert answer.status_code == 409
    assert "甲地" in answer.text
    assert "乙地" in answer.text
    assert db.session.get(Training, training).title == "甲"
    assert browser.post(f"/trainings/{training}/edit", data=form | {"title": "乙", "version": "2"}).status_code == 303


def test_the_agenda_is_filled_in_order(world, plan, client_of):
    training = plan()
    browser = client_of(world.trainer)
    item = {"title": "开班", "day": "2026-04-20", "starts": "09:00", "ends": "10:30", "speaker": "方若谷", "place": "报告厅"}
    assert browser.post(f"/trainings/{training}/agenda/new", data=item | {"again": "1"}).location.endswith("/agenda/new")
    following = browser.get(f"/trainings/{training}/agenda/new").text
    assert 'value="10:30"' in following  # goes on where the last one ended
    browser.post(f"/trainings/{training}/agenda/new", data=item | {"title": "分组", "starts": "10:00", "ends": "11:00"})
    page = browser.get(f"/trainings/{training}").text
    assert "时间与这些议程重叠：开班" in page
    assert page.count("时间重叠") == 2
    assert page.index("开班") < page.index("分组")


def test_an_item_outside_the_days_or_backwards_is_refused(world, plan, client_of):
    training = plan()
    browser = client_of(world.trainer)
    item = {"title": "开班", "day": "2026-04-20", "starts": "10:00", "ends": "09:00"}
    assert "结束时间须晚于开始时间" in browser.post(f"/trainings/{training}/agenda/new", data=item).text
    assert (
        browser.post(f"/trainings/{training}/agenda/new", data=item | {"ends": "11:00", "day": "2026-04-25"}).status_code == 422
    )
    assert db.session.scalars(select(AgendaItem)).all() == []


def test_an_item_is_changed_and_taken_off(world, plan, client_of):
    training = plan()
    act(training, lambda row: service.add_agenda_item(row, title="开班", starts_at=at(20, 9), ends_at=at(20, 10)))
    item = db.session.scalars(select(AgendaItem)).one().id
    browser = client_of(world.trainer)
    assert 'value="09:00"' in browser.get(f"/trainings/{training}/agenda/{item}").text
    form = {"title": "开班式", "day": "2026-04-21", "starts": "08:30", "ends": "09:00"}
    assert browser.post(f"/trainings/{training}/agenda/{item}", data=form).status_code == 303
    db.session.expire_all()
    assert db.session.get(AgendaItem, item).starts_at == at(21, 8, 30)
    other = plan(title="另一个")
    assert browser.post(f"/trainings/{other}/agenda/{item}/remove").status_code == 404
    assert browser.post(f"/trainings/{training}/agenda/{item}/remove").status_code == 303
    assert db.session.scalars(select(AgendaItem)).all() == []
    assert actions().count("training.agenda") == 3


def test_days_that_would_leave_agenda_items_out_are_refused_by_name(world, plan, client_of):
    training = plan()
    act(training, lambda row: service.add_agenda_item(row, title="结业", starts_at=at(21, 16), ends_at=at(21, 17)))
    form = {"title": "四月", "starts_on": "2026-04-20", "ends_on": "2026-04-20", "version": "1"}
    answer = client_of(world.trainer).post(f"/trainings/{training}/edit", data=form)
    assert answer.status_code == 422
    assert "结业" in answer.text


def test_a_closed_training_changes_no_more_until_it_is_opened_again(world, plan, client_of, set_clock):
    set_clock("2026-04-25 09:00")
    training = plan(world.members)
    browser = client_of(world.trainer)
    assert "结束培训" in browser.get(f"/trainings/{training}").text
    assert browser.post(f"/trainings/{training}/close").status_code == 303
    page = browser.get(f"/trainings/{training}").text
    assert "培训已结束" in page
    assert "添加议程" not in page
    item = {"title": "开班", "day": "2026-04-20", "starts": "09:00", "ends": "10:30"}
    assert browser.post(f"/trainings/{training}/agenda/new", data=item).status_code == 409
    assert browser.post(f"/trainings/{training}/reopen").status_code == 303
    assert browser.post(f"/trainings/{training}/agenda/new", data=item).status_code == 303


def test_the_list_of_trainings_asks_no_more_for_more_rows(world, plan, client_of, count_queries):
    browser = client_of(world.trainer)
    plan(world.members)
    few = count_queries(lambda: browser.get("/trainings"))
    for number in range(8):
        plan(world.members + world.others, title=f"培训{number}")
    assert count_queries(lambda: browser.get("/trainings")) == few
