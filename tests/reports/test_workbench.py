"""The workbench: figures and board of the present test, what needs attention, what comes; each sees what is theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, operations
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.core.jobs import Job
from app.exams.service.results import is_over
from app.notices.models import Delivery
from app.people.models import UnitKind
from app.reports.queries import board
from app.trainings import service as trainings
from app.trainings.models import Training
from tests.factories import Person


def page(client_of, person, path="/admin"):
    answer = client_of(person).get(path)
    assert answer.status_code == 200
    return answer.text


def test_each_role_comes_to_its_own_home(world, make, client_of):
    invigilator = make.person(unit=world.root, roles=["invigilator"])
    homes = {
        world.admin: "/admin",
        world.auditor: "/admin",
        world.trainer: "/admin",
        world.liaison: "/unit",
        world.members[0]: "/home",
        invigilator: "/sittings",
    }
    for person, home in homes.items():
        assert client_of(person).get("/").location == home


def test_several_roles_reach_each_home_from_the_navigation(world, make, client_of):
    both = make.person(unit=world.school, roles=["trainer", "liaison"])
    text = page(client_of, both)
    for path in ("/admin", "/unit", "/home"):
        assert f'href="{path}"' in text
    assert 'href="/unit"' in page(client_of, both, "/home")


def test_the_homes_of_staff_are_closed_to_others(world, client_of):  # R48
    assert client_of(world.members[0]).get("/admin").status_code == 403
    assert client_of(world.members[0]).get("/unit").status_code == 403
    assert client_of(world.liaison).get("/admin").status_code == 403
    assert client_of(world.trainer).get("/admin/system").status_code == 403


def test_without_a_test_the_workbench_says_what_to_do(world, client_of):
    text = page(client_of, world.admin)
    assert "还没有考试" in text
    assert "今天没有需要处理的事项" in text


def test_while_the_test_runs_units_show_who_has_handed_in(world, client_of):
    sitting = world.sitting()
    world.hand_in(sitting, world.members[0], 16)
    text = page(client_of, world.admin)
    assert "考试中" in text
    assert "应考 3，未交 2" in text
    assert "1/2" in text  # the school with its branch
    assert "0/1" in text


def test_board_and_results_agree(world, client_of, set_clock):
    sitting = world.sitting()
    world.hand_in(sitting, world.members[0], 16)
    world.hand_in(sitting, world.members[1], 4)
    set_clock("2026-04-20 18:00")
    for confirm in (False, True):
        if confirm:
            world.confirm(sitting)
        db.session.expire_all()
        row = db.session.get(type(sitting), sitting.id)
        groups = dict(board.board(row, over=is_over(row, clock.now()), now=clock.now()))
        school = groups[UnitKind.HIGH_SCHOOL][0].standing
        assert (school.due, school.took, school.passed, school.failed, school.absent) == (2, 2, 1, 1, 0)
        assert groups[UnitKind.KINDERGARTEN][0].standing.absent == 1
    text = page(client_of, world.admin)
    assert "50.0%" in text
    assert "缺考 1" in text
    assert "不合格1" in text


def test_after_issuing_units_show_their_signature(world, make, client_of, set_clock):
    sitting = world.sitting()
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    world.notice(sitting, world.school, sign_in=timedelta(days=1))
    world.notice(sitting, world.nursery, signed=True)
    text = page(client_of, world.admin)
    assert "待签收" in text
    assert "已签收" in text
    assert "应签 2，逾期 0" in text
    set_clock("2026-04-22 18:00")
    text = page(client_of, world.admin)
    assert "1 个单位逾期未签收" in text
    assert "示例一中，最久已过 24 小时" in text
    only = page(client_of, world.admin, "/admin?show=attention")
    assert only.count('class="tile ') == 1


def test_results_to_confirm_and_notices_to_draft_are_called_for(world, client_of, set_clock):
    sitting = world.sitting()
    assert "成绩待确认" not in page(client_of, world.admin)
    set_clock("2026-04-20 18:00")
    text = page(client_of, world.admin)
    assert "成绩待确认" in text
    assert f"/sittings/{sitting.id}/results" in text
    assert "成绩待确认" not in page(client_of, world.trainer).split("需要处理")[1]
    world.confirm(sitting)
    assert "成绩已确认，尚未起草通报" in page(client_of, world.admin)
    assert f"/sittings/{sitting.id}/notices/new" in page(client_of, world.admin)


def test_a_second_person_is_asked_to_approve_and_the_drafter_waits(world, client_of, set_clock):
    sitting = world.sitting()
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    world.notice(sitting, world.school, state="draft")
    assert "你起草的 1 份通报待他人审批" in page(client_of, world.admin)
    assert "1 份通报待审批" in page(client_of, world.second)
    auditor = page(client_of, world.auditor)
    assert "1 份通报待审批" in auditor
    assert ">审批<" not in auditor  # an auditor looks
    assert "安排考试" not in auditor


def test_lost_mail_late_rosters_and_questions_are_called_for(world, make, client_of, set_clock):  # R36
    sitting = world.sitting()
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    copy = world.notice(sitting, world.school)
    now = clock.now()
    with unit_of_work() as session:
        for number, state in enumerate(("failed", "queued", "sent")):
            session.add(Delivery(copy_id=copy, person_id=world.liaison.id, purpose="issue", channel="email", address="a@example.org", key=f"k{number}", state=state,
                                 tries=9, last_error="550 no such user" if state == "failed" else None, created_at=now - timedelta(minutes=30)))  # fmt: skip
    bank = make.bank(unit=world.root)
    make.question(bank, state="review")
    with unit_of_work():
        training = trainings.create_training(
            db.session.get(type(world.root), world.root.id), title="四月培训", starts_on=clock.today(), ends_on=clock.today(),
            confirm_by_at=now - timedelta(hours=3), person=db.session.get(Person, world.trainer.id), now=now,
        )  # fmt: skip
        trainings.add_people(training, [world.members[0].id], now=now)
    text = page(client_of, world.admin)
    for words in ("1 封邮件发送失败", "550 no such user", "1 封邮件等待发送超过 10 分钟", "1 道题待复核", "1 个单位未确认名单"):
        assert words in text
    assert f"/banks/{bank.id}?state=review" in text
    trainer = page(client_of, world.trainer)
    assert "1 道题待复核" in trainer
    assert "邮件" not in trainer


def test_other_bureaus_matters_stay_theirs(world, make, client_of, set_clock):  # R53
    sitting = world.sitting(title="本局测试")
    set_clock("2026-04-20 18:00")
    world.confirm(sitting)
    world.notice(sitting, world.school, sign_in=timedelta(hours=-1))
    make.question(make.bank(unit=world.root), state="review")
    stranger = make.person(unit=make.bureau("他局"), roles=["administrator"])
    text = page(client_of, stranger)
    assert "本局测试" not in text
    assert "今天没有需要处理的事项" in text


def test_a_nearly_full_disk_and_given_up_work_are_called_for(world, client_of, monkeypatch):  # R16
    monkeypatch.setattr(operations, "free_bytes", lambda: 700_000_000)
    now = clock.now()
    with unit_of_work() as session:
        session.add(
            Job(
                kind="exams.mark",
                payload={},
                state="dead",
                run_at=now,
                created_at=now,
                finished_at=now,
                attempts=75,
                last_error="磁盘读写失败",
            )
        )
    text = page(client_of, world.admin)
    assert "磁盘空间不足" in text
    assert "剩余 700 MB" in text
    assert "1 项后台任务已停止重试" in text
    assert "磁盘空间不足" not in page(client_of, world.trainer)
    system = page(client_of, world.admin, "/admin/system")
    assert "磁盘读写失败" in system
    job = db.session.scalars(select(Job.id).where(Job.state == "dead")).one()
    assert client_of(world.admin).post(f"/admin/system/jobs/{job}/retry").status_code == 303
    assert client_of(world.admin).post(f"/admin/system/jobs/{job}/retry").status_code == 303  # again: harmless
    db.session.expire_all()
    assert db.session.get(Job, job).state == "ready"
    assert list(db.session.scalars(select(AuditEntry.action))).count("job.retry") == 1


def test_what_comes_is_listed_in_order(world, client_of, set_clock):
    world.sitting(title="明天的测试", opens_in=timedelta(days=1))
    world.sitting(title="远期的测试", opens_in=timedelta(days=40))
    now = clock.now()
    with unit_of_work():
        training = Training(unit_id=world.root.id, title="五月培训", starts_on=clock.today() + timedelta(days=5), ends_on=clock.today() + timedelta(days=5), state="planned",
                            created_by_id=world.admin.id, created_at=now)  # fmt: skip
        db.session.add(training)
    coming = page(client_of, world.admin).split("接下来")[1]
    assert coming.index("明天的测试") < coming.index("五月培训")
    assert "远期的测试" not in coming


@pytest.mark.parametrize("path", ["/admin", "/admin?show=attention", "/unit"])
def test_homes_ask_no_more_for_more_units_and_people(world, make, client_of, set_clock, count_queries, path):
    def grow(count):
        people = [make.person(unit=make.unit(parent=world.root)) for _ in range(count)] + [
            make.person(unit=world.school) for _ in range(count)
        ]
        sitting = world.sitting(people=people)
        set_clock("2026-04-20 18:00")
        world.confirm(sitting)
        world.notice(sitting, world.school, sign_in=timedelta(hours=-1))
        for unit in {person.unit_id: person.unit for person in people if person.unit_id != world.school.id}.values():
            world.notice(sitting, unit, sign_in=timedelta(hours=-1))
        set_clock("2026-04-20 15:30")
        return sitting

    browser = client_of(world.liaison if path == "/unit" else world.admin)
    grow(1)
    set_clock("2026-04-20 18:00")
    few = count_queries(lambda: browser.get(path))
    set_clock("2026-04-20 15:30")
    grow(9)
    set_clock("2026-04-20 18:00")
    assert count_queries(lambda: browser.get(path)) == few
