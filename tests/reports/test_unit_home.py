"""A unit's home: notices to sign, rosters to confirm, our people in the present test."""

from datetime import timedelta

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Unit
from app.trainings import service as trainings
from tests.factories import Person


def home(client_of, person):
    answer = client_of(person).get("/unit")
    assert answer.status_code == 200
    return answer.text


def test_nothing_to_do_is_said(world, client_of):
    text = home(client_of, world.liaison)
    assert "没有待签收的通报" in text
    assert "本单位人员还没有考试" in text


def test_notices_to_sign_come_first_with_one_button_each(world, client_of, set_clock):
    sitting = world.sitting()
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    ours, theirs = world.notice(sitting, world.school), world.notice(sitting, world.nursery)
    text = home(client_of, world.liaison)
    assert text.count(f'href="/notices/{ours}"') == 1
    assert f'href="/notices/{theirs}"' not in text  # R34
    assert "阅读并签收" in text
    set_clock("2026-04-29 18:00")
    assert "逾期" in home(client_of, world.liaison)


def test_who_failed_or_was_absent_is_seen_only_once_confirmed(world, client_of, set_clock):  # R32, R53
    sitting = world.sitting()
    world.hand_in(sitting, world.members[0], 4)
    set_clock("2026-04-20 18:00")
    before = home(client_of, world.liaison)
    for words in ("不合格", "缺考", "周映雪"):
        assert words not in before
    assert "成绩经上级确认后显示" in before
    world.confirm(sitting)
    after = home(client_of, world.liaison)
    assert "周映雪" in after
    assert "不合格，4 分" in after
    assert "陈望舒" in after
    assert "宋清和" not in after


def test_a_roster_to_confirm_is_called_for_until_it_is(world, client_of):
    with unit_of_work():
        root = db.session.get(Unit, world.root.id)
        training = trainings.create_training(root, title="四月培训", starts_on=clock.today(), ends_on=clock.today(), confirm_by_at=clock.now() + timedelta(hours=2),
                                             person=db.session.get(Person, world.admin.id), now=clock.now())  # fmt: skip
        trainings.add_people(training, [world.members[0].id, world.members[2].id], now=clock.now())
        training_id = training.id
    assert f"/unit/trainings/{training_id}" in home(client_of, world.liaison)
    with unit_of_work():
        from app.trainings.models import Training
        from app.trainings.rules import seen_roster

        trainings.confirm_roster(db.session.get(Training, training_id), db.session.get(Unit, world.school.id), person=db.session.get(Person, world.liaison.id),
                                 seen=seen_roster([world.members[0].id]), now=clock.now())  # fmt: skip
    assert "核对并确认" not in home(client_of, world.liaison)
