"""What is wrong with a plan, said at its field; what it comes to, said beside it."""

import re
from datetime import timedelta

import pytest

from tests.exams.sittings.stored import sittings


@pytest.fixture(autouse=True)
def _now(set_clock):
    set_clock("2026-11-18 09:00")


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
