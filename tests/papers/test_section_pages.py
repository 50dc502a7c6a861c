"""The sections of a draft through their pages."""

import re

import pytest
from sqlalchemy import select

from app.core.db import db
from app.papers import queries
from app.papers.models import PaperItem, PaperSection
from tests.papers import drawn_section, field, papers


def test_a_section_is_added_and_its_questions_chosen_by_hand(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, questions=[], state="draft")
    browser = client_of(trainer)
    answer = browser.post(
        f"/papers/{paper.id}/sections/new",
        data={"kind": "single_choice", "points_each": "2.5", "rule": "all_or_nothing", "source": "fixed"},
    )
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    ids = re.findall(r'name="question" value="(\d+)"', page)
    assert len(ids) == 25  # one page of thirty
    browser.post(answer.location, data={"question": ids[:3]})
    browser.post(answer.location, data={"question": ids[:3]})  # the second click adds nothing
    page = browser.get(f"/papers/{paper.id}").text
    assert "一、单项选择题（每题2.5分，共3题，7.5分）" in page
    assert "共 3 题，7.5 分，总分不是 100 分" in page


def test_questions_of_another_kind_or_unapproved_cannot_be_slipped_in(client_of, make, trainer, root, bank):  # R51
    paper = make.paper(unit=root, questions=[make.question(bank)], state="draft")
    section = paper.sections[0]
    foreign = make.question(make.bank(unit=make.unit()))
    for wrong in (make.question(bank, "true_false"), make.question(bank, state="review"), foreign):
        answer = client_of(trainer).post(f"/papers/{paper.id}/sections/{section.id}/questions", data={"question": wrong.id})
        assert answer.status_code == 422
    assert db.session.scalar(select(db.func.count()).select_from(PaperItem)) == 1


def test_questions_are_moved_and_removed(client_of, make, trainer, root, bank):
    questions = [make.question(bank) for _ in range(3)]
    paper = make.paper(unit=root, questions=questions, state="draft")
    section = paper.sections[0]
    first, second, third = [item.id for item in section.items]
    browser = client_of(trainer)
    url = f"/papers/{paper.id}/sections/{section.id}/items"
    browser.post(url, data={"up": third})
    browser.post(url, data={"down": first})
    browser.post(url, data={"remove": second})
    db.session.rollback()
    rows = db.session.scalars(select(PaperItem).order_by(PaperItem.position)).all()
    assert [(row.id, row.position) for row in rows] == [(third, 1), (first, 2)]


def test_htmx_gets_the_editor_alone(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, questions=[make.question(bank) for _ in range(2)], state="draft")
    section = paper.sections[0]
    answer = client_of(trainer).post(
        f"/papers/{paper.id}/sections/{section.id}/items", data={"up": section.items[1].id}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert 'id="editor"' in answer.text
    assert "<html" not in answer.text


def test_sections_change_places_and_leave(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, per_kind=1, bank=bank, state="draft")
    browser = client_of(trainer)
    ids = [section.id for section in paper.sections]
    browser.post(f"/papers/{paper.id}/sections/{ids[2]}/change", data={"act": "up"})
    browser.post(f"/papers/{paper.id}/sections/{ids[0]}/change", data={"act": "remove"})
    db.session.rollback()
    rows = db.session.scalars(select(PaperSection).order_by(PaperSection.position)).all()
    assert [(row.id, row.position) for row in rows] == [(ids[2], 1), (ids[1], 2), (ids[3], 3)]


SECTION = {"kind": "single_choice", "points_each": "2", "rule": "all_or_nothing", "source": "drawn", "count": "10"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points_each": "0"}, "每题分值应大于 0"),
        ({"points_each": "二分"}, "请填数字，如 2 或 1.5"),
        ({"points_each": "1.234"}, "最多两位小数"),
        ({"count": ""}, "请填写抽几题"),
        ({"count": "-3"}, "请填写 0 到 500 的整数"),
        ({"level_1": "3", "level_2": "4"}, "各难度合计 7 题，与 10 题不一致"),
        ({"kind": "multiple_choice", "rule": "fixed"}, "请填写每个选对的选项得几分"),
        ({"kind": "multiple_choice", "rule": "fixed", "each": "3"}, "一个选项的得分不能超过整题"),
        ({"bank_ids": ""}, "请选择要抽题的题库"),
    ],
)
def test_wrong_section_settings_are_named_at_their_field(client_of, make, trainer, root, bank, change, words):  # R55
    paper = make.paper(unit=root, questions=[], state="draft")
    data = {key: value for key, value in (SECTION | {"bank_ids": bank.id} | change).items() if value != ""}
    answer = client_of(trainer).post(f"/papers/{paper.id}/sections/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert paper.sections == []


def test_a_section_may_draw_by_difficulty_alone(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, questions=[], state="draft")
    data = SECTION | {"bank_ids": bank.id, "count": "", "level_1": "2", "level_2": "3", "title": "单选题"}
    assert client_of(trainer).post(f"/papers/{paper.id}/sections/new", data=data).status_code == 303
    db.session.rollback()
    section = db.session.scalars(select(PaperSection)).one()
    assert section.draw == {"bank_ids": [bank.id], "topic_ids": [], "difficulty": {"1": 2, "2": 3, "3": 0}, "count": 5}
    assert section.title == "单选题"


def test_the_supply_is_shown_while_a_section_is_edited(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, questions=[], state="draft")
    foreign = make.bank(unit=make.unit())
    make.question(foreign)
    browser = client_of(trainer)
    page = browser.get(
        f"/papers/{paper.id}/supply", query_string=SECTION | {"bank_ids": [bank.id, foreign.id], "count": "40"}
    ).text
    assert "一、单项选择题（每题2分，共40题，80分）" in page
    assert "需要 40 题，只有 30 题" in page  # not the other unit's one (R53)


def test_topics_of_the_chosen_banks_are_offered(client_of, make, trainer, root, bank):
    make.question(bank, topic="组织生活/三会一课")
    paper = make.paper(unit=root, questions=[], state="draft")
    browser = client_of(trainer)
    assert "三会一课" in browser.get(f"/papers/{paper.id}/topics?bank_ids={bank.id}").text
    assert "三会一课" not in browser.get(f"/papers/{paper.id}/topics").text


def test_a_section_with_chosen_questions_keeps_its_kind(client_of, make, trainer, root, bank):
    paper = make.paper(unit=root, questions=[make.question(bank)], state="draft")
    section = paper.sections[0]
    browser = client_of(trainer)
    url = f"/papers/{paper.id}/sections/{section.id}"
    seen = field(browser.get(url).text, "seen")
    data = SECTION | {"bank_ids": bank.id, "seen": seen}
    assert "1 道手工选定的题" in browser.post(url, data=data).text
    assert "1 道原题型的题" in browser.post(url, data=data | {"source": "fixed", "kind": "true_false"}).text


def test_two_editors_of_a_section_see_both_versions(client_of, make, trainer, root, bank):  # R25
    other = make.person("张老师", unit=root, roles=["trainer"])
    paper = make.paper(unit=root, questions=[], state="draft")
    section = drawn_section(paper, 1, bank, count=5)
    url = f"/papers/{paper.id}/sections/{section.id}"
    mine, theirs = client_of(trainer), client_of(other)
    data = SECTION | {"bank_ids": bank.id, "seen": field(mine.get(url).text, "seen")}
    assert theirs.post(url, data=data | {"count": "8"}).status_code == 303
    answer = mine.post(url, data=data | {"count": "12"})
    assert answer.status_code == 409
    assert re.search(r"<td[^>]*>8</td>", answer.text)
    assert re.search(r"<td[^>]*>12</td>", answer.text)
    assert queries.contents(papers()[0])[0].count == 8
