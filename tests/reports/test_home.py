"""A trainee's home: the nearest test in its states, what to read, trainings, results."""

from datetime import timedelta

from app.core import clock
from app.core.db import db, unit_of_work
from app.courses import service as courses
from app.courses.models import Course, Lesson
from app.exams.models import Sitting
from app.people.models import Unit
from app.trainings import service as trainings
from tests.factories import Person


def home(client_of, person):
    answer = client_of(person).get("/home")
    assert answer.status_code == 200
    return answer.text


def test_nothing_due_is_said(world, client_of):
    assert "目前没有要办的事" in home(client_of, world.members[0])


def test_a_coming_test_counts_down(world, client_of):
    sitting = world.sitting(opens_in=timedelta(minutes=18), title="季度测试")
    text = home(client_of, world.members[0])
    for words in ("18 分钟后开始", "季度测试", "进入考前检查", f"/sittings/{sitting.id}", "8 题"):
        assert words in text
    assert "季度测试" not in home(client_of, world.admin)


def test_a_running_attempt_is_gone_on_with(world, make, client_of, set_clock):
    sitting = world.sitting(window=timedelta(hours=2))
    attempt = make.attempt(sitting, world.members[0], minutes=60)
    set_clock("2026-04-20 15:59")
    text = home(client_of, world.members[0])
    assert "剩余 31 分钟" in text
    assert f"/attempts/{attempt.id}" in text
    assert "继续考试" in text
    set_clock("2026-04-20 16:31")  # due and past the grace: nobody can go on with it (R8)
    assert "继续考试" not in home(client_of, world.members[0])


def test_late_missed_and_on_leave_are_told_apart(world, client_of, set_clock):
    sitting = world.sitting()
    world.change(sitting, latest_entry_at=clock.now() + timedelta(minutes=5))
    assert "可进入" in home(client_of, world.members[0])
    set_clock("2026-04-20 15:40")
    assert "已过进场时间" in home(client_of, world.members[0])
    world.on_leave(sitting, world.members[1])
    assert "已请假" in home(client_of, world.members[1])
    set_clock("2026-04-20 18:00")
    missed = home(client_of, world.members[0])
    assert "已过，未参加" in missed
    assert "进入考前检查" not in missed
    set_clock("2026-04-30 18:00")
    assert "已过，未参加" not in home(client_of, world.members[0])


def test_a_second_test_of_the_same_training_is_a_resit_for_who_failed(world, client_of, set_clock):
    first = world.sitting()
    world.hand_in(first, world.members[0], 4)
    world.hand_in(first, world.members[1], 16)
    set_clock("2026-04-20 18:00")
    world.confirm(first)
    again = world.sitting(opens_in=timedelta(hours=20), title="又一次测试")
    with unit_of_work():
        root = db.session.get(Unit, world.root.id)
        training = trainings.create_training(
            root,
            title="四月培训",
            starts_on=clock.today(),
            ends_on=clock.today(),
            person=db.session.get(Person, world.admin.id),
            now=clock.now(),
        )
        for sitting in (first, again):
            trainings.link_sitting(training, db.session.get(Sitting, sitting.id))
    assert "补考" in home(client_of, world.members[0])
    assert "补考" not in home(client_of, world.members[1])


def test_results_follow_the_release_policy(world, client_of, set_clock):  # R52
    sitting = world.sitting(title="第一季度测试")
    world.hand_in(sitting, world.members[0], 16)
    text = home(client_of, world.members[0])
    assert "已交卷" in text
    assert "16 分" not in text
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    text = home(client_of, world.members[0])
    assert "16 分" in text
    assert "合格" in text
    assert "缺考" in home(client_of, world.members[2])


def test_courses_and_trainings_are_listed_with_what_is_left(world, client_of):
    reader = world.members[0]
    with unit_of_work():
        author, root = db.session.get(Person, world.admin.id), db.session.get(Unit, world.root.id)
        course = courses.create_course(root, title="党务基础", summary="", person=author, now=clock.now())
        for title in ("一", "二"):
            courses.add_lesson(course, title=title, body="文", minutes=10, person=author, now=clock.now())
        db.session.refresh(course)
        courses.publish(course, now=clock.now())
        training = trainings.create_training(
            root, title="四月培训", starts_on=clock.today(), ends_on=clock.today(), place="报告厅", person=author, now=clock.now()
        )
        trainings.add_people(training, [reader.id], now=clock.now())
        trainings.link_course(training, course, now=clock.now())
        course_id, training_id = course.id, training.id
    text = home(client_of, reader)
    assert "未开始，约 20 分钟" in text
    assert f"/my/trainings/{training_id}" in text
    with unit_of_work():
        first = db.session.query(Lesson).filter_by(course_id=course_id, position=1).one()
        courses.complete_lesson(first, db.session.get(Person, reader.id), now=clock.now())
    assert "已学 1 / 2 课，还需约 10 分钟" in home(client_of, reader)
    with unit_of_work():
        for lesson in db.session.get(Course, course_id).lessons:
            courses.complete_lesson(lesson, db.session.get(Person, reader.id), now=clock.now())
    assert "要学" not in home(client_of, reader)


def test_home_asks_no_more_for_more_tests(world, client_of, count_queries):
    browser = client_of(world.members[0])
    world.sitting()
    few = count_queries(lambda: browser.get("/home"))
    for _ in range(5):
        world.sitting(opens_in=timedelta(days=1))
    assert count_queries(lambda: browser.get("/home")) == few
