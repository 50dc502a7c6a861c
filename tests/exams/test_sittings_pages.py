"""Planning a test through its pages: what is seen, who may, what is refused, what is written down."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core import clock, jobs
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Sitting
from app.people.models import Post
from tests.papers.counting import counter

START = "2026-11-20T10:30"


@pytest.fixture(autouse=True)
def _now(set_clock):
    set_clock("2026-11-18 09:00")


@pytest.fixture
def statements(app):
    return counter(app)


@pytest.fixture
def root(make):
    return make.bureau()


@pytest.fixture
def trainer(make, root):
    return make.person("方若谷", unit=root, roles=["trainer"])


@pytest.fixture
def paper(make, root):
    return make.paper(unit=root)


@pytest.fixture
def school(make, root):
    return make.unit("示例第一小学", parent=root)


@pytest.fixture
def people(make, school):
    return [make.person(name, unit=school, account=f"p{n}", position=position)
            for n, (name, position) in enumerate([("林知远", "党组织书记"), ("何以安", "党组织书记"), ("张伟", "干事")])]  # fmt: skip


@pytest.fixture
def plan(root, paper, people):
    """The fields of a sound plan for everybody."""
    return {"title": "第四季度应知应会考试", "unit_id": root.id, "paper_id": paper.id, "opens_at": START, "closes_at": "2026-11-20T11:30", "minutes_allowed": "60",
            "entry_minutes": "", "earliest_hand_in_minutes": "0", "attempts_allowed": "1", "shuffle_questions": "y", "release_score": "confirmed",
            "release_answers": "never", "release_key": "never", "unit_ids": root.id, "role": "", "people": "", "deed": "one"}  # fmt: skip


def sittings():
    db.session.rollback()
    return db.session.scalars(select(Sitting).order_by(Sitting.id)).all()


def names():
    db.session.rollback()
    return sorted(row.person.name for row in db.session.scalars(select(Candidate)))


def acts():
    db.session.rollback()
    return [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]


def publish(browser, plan):
    answer = browser.post("/sittings/new", data=plan | {"act": "publish"})
    assert answer.status_code == 303, answer.text
    return sittings()[-1]


def test_publishing_lists_the_people_and_has_their_attempts_drawn(client_of, trainer, plan, people):
    browser = client_of(trainer)
    answer = browser.post("/sittings/new", data=plan | {"act": "publish"})
    sitting = sittings()[0]
    assert answer.location.endswith(f"/sittings/{sitting.id}/manage")
    assert (sitting.state, sitting.pass_mark) == ("published", Decimal("9.6"))
    assert names() == ["何以安", "张伟", "林知远", *[name for name in names() if name.startswith("示例人员")]]
    assert "方若谷" not in names()  # R54: who plans it does not sit it
    jobs.run_all_due()
    assert db.session.scalar(select(db.func.count()).select_from(Attempt)) == len(names())
    assert acts()[:2] == ["sitting.plan", "sitting.publish"]


def test_unit_and_position_are_kept_as_they_were(client_of, trainer, plan, people, school, make):
    sitting = publish(client_of(trainer), plan | {"people": "", "positions": "党组织书记"})
    assert names() == ["何以安", "林知远"]
    with unit_of_work() as session:
        person = session.get(type(people[0]), people[0].id)
        person.unit_id, person.position = make_elsewhere(session, school), "校长"
    row = db.session.scalars(select(Candidate).where(Candidate.person_id == people[0].id)).one()
    assert (row.unit_id, row.position, row.sitting_id) == (school.id, "党组织书记", sitting.id)


def make_elsewhere(session, school):
    from app.people.models import Unit

    unit = Unit(
        name="别处",
        code="Z1",
        kind="institution",
        parent_id=school.parent_id,
        path="/",
        short_name="",
        sort=0,
        is_active=True,
        created_at=clock.now(),
    )
    session.add(unit)
    session.flush()
    return unit.id


def test_a_second_post_counts_as_a_position(client_of, trainer, plan, people, school):
    with unit_of_work() as session:
        session.add(Post(person_id=people[2].id, unit_id=school.id, position="党组织书记", started_on=clock.today()))
    publish(client_of(trainer), plan | {"positions": "党组织书记"})
    assert names() == ["何以安", "张伟", "林知远"]


def test_people_can_be_named_beside_units_or_alone(client_of, trainer, plan, people):
    data = {name: value for name, value in plan.items() if name != "unit_ids"} | {"people": "林知远\np2"}
    publish(client_of(trainer), data)
    assert names() == ["张伟", "林知远"]


def test_unknown_and_ambiguous_lines_are_named_and_nothing_typed_is_lost(
    client_of, make, trainer, plan, people, school
):  # R55, R62
    make.person("张伟", unit=school, account="p9")
    text = "林知远\n张伟\n王无名"
    answer = client_of(trainer).post("/sittings/new", data=plan | {"people": text, "act": "publish"})
    assert answer.status_code == 422
    assert "第 2 行“张伟”：可能是" in answer.text
    assert "第 3 行“王无名”：你管辖的单位里没有此人" in answer.text
    assert "林知远\n张伟\n王无名" in answer.text
    assert sittings() == []


def test_people_outside_the_planners_units_cannot_be_invited(client_of, make, trainer, plan):  # R50, R53
    stranger = make.person("远方人", unit=make.unit())
    browser = client_of(trainer)
    assert "没有此人" in browser.post("/sittings/new", data=plan | {"people": "远方人"}).text
    foreign = browser.post("/sittings/new", data=plan | {"unit_ids": stranger.unit_id})
    assert foreign.status_code == 422
    publish(browser, plan)
    assert "远方人" not in names()


def test_a_planner_of_one_school_invites_only_its_people(client_of, make, school, plan, people):  # R50
    local = make.person("校级教员", unit=school, roles=["trainer"])
    make.person("局里的人", unit=make.bureau())
    own = make.paper(unit=school)
    data = plan | {"unit_id": school.id, "paper_id": own.id, "unit_ids": school.id}
    publish(client_of(local), data)
    assert "局里的人" not in names()
    assert client_of(local).post("/sittings/new", data=data | {"unit_id": plan["unit_id"], "deed": "two"}).status_code == 422


WRONG = [
    ({"title": ""}, "请填写考试名称"),
    ({"opens_at": ""}, "请填写开考时间"),
    ({"closes_at": "2026-11-20T10:30"}, "结束时间应晚于开考时间"),
    ({"closes_at": "2028-11-20T10:30"}, "最长一年"),
    ({"minutes_allowed": "0"}, "请填写 1 到 600 的整数"),
    ({"entry_minutes": "90"}, "最晚进场晚于结束时间"),
    ({"entry_minutes": "0"}, "请填写至少 1 分钟"),
    ({"entry_minutes": "十五"}, "请填写整数分钟"),
    ({"earliest_hand_in_minutes": "61"}, "超过了考试时长"),
    ({"pass_mark": "17"}, "不超过试卷总分 16 分"),
    ({"pass_mark": "0"}, "及格分应大于 0"),
    ({"attempts_allowed": "11"}, "请填写 1 到 10 的整数"),
    ({"release_answers": "closed"}, "不能早于成绩公布"),
    ({"release_score": "handed_in", "release_answers": "handed_in", "attempts_allowed": "2"}, "可考多次时"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_what_is_right_is_kept(client_of, trainer, plan, change, words):  # R55
    answer = client_of(trainer).post("/sittings/new", data=plan | change)
    assert answer.status_code == 422
    assert words in answer.text
    if "title" not in change:
        assert "第四季度应知应会考试" in answer.text
    assert sittings() == []


def test_empty_times_are_filled_in_from_the_others(client_of, trainer, plan):
    client_of(trainer).post("/sittings/new", data=plan | {"closes_at": "", "minutes_allowed": "45", "act": "draft"})
    sitting = sittings()[0]
    assert sitting.closes_at - sitting.opens_at == timedelta(minutes=45)
    assert sitting.latest_entry_at == sitting.closes_at
    assert (sitting.state, sitting.shuffle_questions, sitting.shuffle_options) == ("draft", True, False)


CHECKS = [
    ({}, "10:30 后进场的人不足 60 分钟：到 11:30 自动交卷"),
    ({"closes_at": "2026-11-20T12:00", "entry_minutes": "30"}, "每人都有完整的 60 分钟"),
    ({"closes_at": "2026-11-20T11:10"}, "开放 40 分钟，短于时长 60 分钟：所有人到 11:10 自动交卷"),
    (
        {"closes_at": "2026-11-20T12:00", "entry_minutes": "45"},
        "11:15 最后进场的人只能答 45 分钟（时长 60 分钟）：到 12:00 自动交卷",
    ),
    ({"opens_at": "2026-11-18T10:00", "closes_at": "2026-11-18T11:00"}, "10:00 开考，不到 2 小时"),
    ({"opens_at": "2026-11-18T08:00", "closes_at": "2026-11-18T12:00"}, "开考时间已过，发布后即可进场"),
    ({"opens_at": "2026-11-17T08:00", "closes_at": "2026-11-17T12:00"}, "结束时间已过，请改到以后"),
    ({"unit_ids": ""}, "还没有考生：请选择单位，或粘贴名单"),
    ({}, "参与命题或组织，不列为考生"),
    ({}, "个单位没有联络员，收不到通报"),
    ({"release_score": "handed_in", "release_answers": "handed_in", "closes_at": "2026-11-20T18:00"}, "此时还有人在考"),
]


@pytest.mark.parametrize(("change", "words"), CHECKS)
def test_the_check_beside_the_plan_says_what_it_comes_to(client_of, trainer, plan, change, words):  # R2
    data = {name: value for name, value in (plan | change).items() if value != "" or name in ("role", "people")}
    answer = client_of(trainer).post("/sittings/check", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert words in answer.text
    assert "<html" not in answer.text


def test_the_check_says_who_has_another_test_and_who_can_open_the_paper(
    client_of, make, root, school, trainer, plan, people
):  # R54
    make.sitting(unit=root, people=[people[0]], opens_in=timedelta(days=2, hours=1), window=timedelta(hours=4))
    make.person("另一教员", unit=root, roles=["trainer"])
    page = client_of(trainer).post("/sittings/check", data=plan).text
    assert "1 人同一时间有其他考试：林知远" in page
    assert "1 人因职责可查看试卷：另一教员" in page
    assert re.search(r"发布，通知 \d+ 人", page)


def test_the_check_stores_nothing(client_of, trainer, plan):
    client_of(trainer).post("/sittings/check", data=plan | {"act": "publish"})
    assert sittings() == []


def test_a_plan_that_cannot_be_published_says_why_and_is_kept(client_of, trainer, plan):
    data = {name: value for name, value in plan.items() if name != "unit_ids"}
    answer = client_of(trainer).post("/sittings/new", data=data | {"act": "publish"})
    assert answer.status_code == 422
    assert "考试还不能发布，请先处理" in answer.text
    assert sittings() == []


def test_publishing_twice_publishes_once(client_of, trainer, plan, people):  # R21, R24
    browser = client_of(trainer)
    first = browser.post("/sittings/new", data=plan | {"act": "publish"})
    second = browser.post("/sittings/new", data=plan | {"act": "publish"})
    assert first.location == second.location
    assert len(sittings()) == 1
    draft = browser.post("/sittings/new", data=plan | {"act": "draft", "deed": "two"})
    page = browser.get(draft.location).text
    data = plan | {"act": "publish", "seen": re.search(r'name="seen"[^>]*value="([^"]*)"', page).group(1)}
    one, two = browser.post(draft.location, data=data), browser.post(draft.location, data=data)
    assert one.location == two.location
    assert acts().count("sitting.publish") == 2


def test_many_presses_of_publish_at_once_publish_once(client_of, trainer, plan, people):  # R21
    browser = client_of(trainer)
    url = browser.post("/sittings/new", data=plan | {"act": "draft"}).location
    data = plan | {"act": "publish", "seen": re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(url).text).group(1)}
    browsers = [client_of(trainer) for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda one: one.post(url, data=data), browsers))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"/sittings/{sittings()[0].id}/manage")}
    assert acts().count("sitting.publish") == 1
    assert len(names()) == len(set(names()))


def test_two_planners_see_both_versions(client_of, make, root, trainer, plan):  # R25
    other = make.person("张老师", unit=root, roles=["trainer"])
    mine, theirs = client_of(trainer), client_of(other)
    url = mine.post("/sittings/new", data=plan | {"act": "draft"}).location
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', mine.get(url).text).group(1)
    assert theirs.post(url, data=plan | {"minutes_allowed": "50", "seen": seen}).status_code == 303
    answer = mine.post(url, data=plan | {"minutes_allowed": "40", "seen": seen})
    assert answer.status_code == 409
    assert "张老师" in answer.text
    assert re.search(r"<td[^>]*>50</td>", answer.text)
    assert re.search(r"<td[^>]*>40</td>", answer.text)
    assert sittings()[0].minutes_allowed == 50


def test_the_next_plan_starts_from_the_last_one(client_of, trainer, plan, people):
    browser = client_of(trainer)
    publish(browser, plan | {"minutes_allowed": "45", "closes_at": "", "positions": "党组织书记", "people": "张伟"})
    page = browser.get("/sittings/new").text
    assert re.search(r'name="minutes_allowed"[^>]*value="45"', page)
    assert "张伟 p2" in page
    assert "3 人参加" in page


def test_draft_and_frozen_papers_are_told_apart(client_of, make, root, trainer, plan):
    draft = make.paper(unit=root, state="draft")
    answer = client_of(trainer).post("/sittings/new", data=plan | {"paper_id": draft.id})
    assert answer.status_code == 422


def test_a_sitting_of_another_unit_is_not_there(client_of, make, trainer):  # R48, R49
    foreign = make.sitting(unit=make.unit(), people=[make.person()])
    candidate = db.session.scalars(select(Candidate)).one()
    browser = client_of(trainer)
    for path in ("edit", "manage", "candidates", f"candidates/{candidate.id}"):
        assert browser.get(f"/sittings/{foreign.id}/{path}").status_code == 404
    for path in ("cancel", "close-later", "candidates"):
        assert (
            browser.post(
                f"/sittings/{foreign.id}/{path}", data={"reason": "x", "cancel-reason": "x", "people": "x", "closes_at": START}
            ).status_code
            == 404
        )


def test_an_auditor_reads_and_changes_nothing(client_of, make, root, plan, trainer):  # R48
    sitting = publish(client_of(trainer), plan)
    auditor = client_of(make.person(unit=root, roles=["auditor"]))
    page = auditor.get(f"/sittings/{sitting.id}/candidates").text
    assert "增加考生" not in page
    assert auditor.post(f"/sittings/{sitting.id}/cancel", data={"cancel-reason": "x"}).status_code == 403
    assert auditor.get("/sittings/new").status_code == 403


def test_the_list_shows_states_times_and_counts(client_of, make, root, trainer, plan, people):
    browser = client_of(trainer)
    publish(browser, plan | {"people": "", "positions": "党组织书记"})
    browser.post("/sittings/new", data=plan | {"title": "草稿场", "deed": "two"})
    page = browser.get("/sittings").text
    assert "1 场未开始" in re.sub(r"\s+", " ", page)
    assert re.search(r'data-label="应考">2<', page)
    assert "11月20日 10:30–11:30" in page
    assert "草稿场" in browser.get("/sittings?phase=draft").text
    assert "第四季度" not in browser.get("/sittings?phase=draft&q=草稿").text
    assert "没有符合条件的考试" in browser.get("/sittings?q=%25").text


def test_queries_do_not_grow_with_the_lists(client_of, make, root, trainer, statements, people):
    make.sitting(unit=root, people=people[:1])
    browser = client_of(trainer)
    browser.get("/sittings")
    few = statements(lambda: browser.get("/sittings"))
    for _ in range(6):
        sitting = make.sitting(unit=root, people=people)
    assert statements(lambda: browser.get("/sittings")) <= few
    url = f"/sittings/{sitting.id}/candidates"
    some = statements(lambda: browser.get(url))
    with unit_of_work() as session:
        for person in [make_row(session, root, n) for n in range(30)]:
            session.add(Candidate(sitting_id=sitting.id, person_id=person.id, unit_id=root.id, position=""))
    assert statements(lambda: browser.get(url)) <= some


def make_row(session, unit, n):
    from app.people.models import Person

    now = clock.now()
    person = Person(
        name=f"甲{n}", account=f"row{n}", unit_id=unit.id, is_active=True, position="", created_at=now, updated_at=now
    )
    session.add(person)
    session.flush()
    return person
