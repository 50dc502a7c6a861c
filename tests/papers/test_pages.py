"""The pages of papers: what people see, who may, what happens to bad input."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.papers import queries
from app.papers.models import Paper, PaperItem, PaperSection
from tests.papers import drawn_section


@pytest.fixture
def root(make):
    return make.bureau()


@pytest.fixture
def trainer(make, root):
    return make.person("方若谷", unit=root, roles=["trainer"])


@pytest.fixture
def bank(make, root):
    bank = make.bank("党支部工作题库", unit=root)
    for kind, count in (("single_choice", 30), ("multiple_choice", 12), ("true_false", 25), ("fill_blank", 6)):
        for _ in range(count):
            make.question(bank, kind)
    return bank


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def papers():
    db.session.rollback()
    return db.session.scalars(select(Paper).order_by(Paper.id)).all()


def acts():
    db.session.rollback()
    return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()


PLAN = {"count_single_choice": "20", "points_single_choice": "2", "count_multiple_choice": "10", "points_multiple_choice": "3",
        "count_true_false": "20", "points_true_false": "1", "count_fill_blank": "5", "points_fill_blank": "2"}  # fmt: skip


def test_a_paper_is_made_from_a_bank_in_one_step(client_of, trainer, root, bank):
    browser = client_of(trainer)
    page = browser.get(f"/papers/new?bank_ids={bank.id}").text
    assert field(page, "count_single_choice") == "20"  # proposed: 100 points in all
    answer = browser.post(
        "/papers/new",
        data={"title": "四月应知应会卷", "unit_id": root.id, "bank_ids": bank.id, "rule": "half_for_subset", "deed": "a", **PLAN},
    )
    assert answer.status_code == 303
    paper = papers()[0]
    page = browser.get(answer.location).text
    assert "一、单项选择题（每题2分，共20题，40分）" in page
    assert "二、多项选择题（每题3分，共10题，30分，" in page
    assert "55 题，100 分" in page
    assert [section.rule for section in paper.sections] == [
        "all_or_nothing",
        "half_for_subset",
        "all_or_nothing",
        "all_or_nothing",
    ]
    assert acts() == ["paper.create", *["paper.section"] * 4]


def test_a_double_click_makes_one_paper(client_of, trainer, root, bank):  # R24
    browser = client_of(trainer)
    data = {"title": "四月卷", "unit_id": root.id, "bank_ids": bank.id, "rule": "all_or_nothing", "deed": "same", **PLAN}
    first, second = browser.post("/papers/new", data=data), browser.post("/papers/new", data=data)
    assert first.location == second.location
    assert len(papers()) == 1
    assert browser.post("/papers/new", data=data | {"title": "别的"}).status_code == 422


def test_a_wrong_new_paper_keeps_what_was_typed_and_says_why(client_of, trainer, root, bank):  # R55
    browser = client_of(trainer)
    answer = browser.post(
        "/papers/new",
        data={"title": "", "unit_id": root.id, "bank_ids": bank.id, "rule": "all_or_nothing", **PLAN, "points_true_false": "0"},
    )
    assert answer.status_code == 422
    assert "请填写试卷名称" in answer.text
    assert "每题分值应大于 0" in answer.text
    assert field(answer.text, "count_single_choice") == "20"
    assert papers() == []


def test_numbers_without_a_bank_are_half_a_wish(client_of, trainer, root, bank):
    answer = client_of(trainer).post("/papers/new", data={"title": "卷", "unit_id": root.id, "rule": "all_or_nothing", **PLAN})
    assert answer.status_code == 422
    assert "请选择要抽题的题库" in answer.text


def test_a_bank_of_another_unit_cannot_be_drawn_from(client_of, make, trainer, root, bank):  # R50
    foreign = make.bank(unit=make.unit())
    answer = client_of(trainer).post(
        "/papers/new", data={"title": "卷", "unit_id": root.id, "bank_ids": foreign.id, "rule": "all_or_nothing", **PLAN}
    )
    assert answer.status_code == 422
    assert papers() == []


def test_the_list_shows_drafts_with_their_present_size(client_of, make, trainer, root, bank):
    draft = make.paper(unit=root, questions=[make.question(bank) for _ in range(3)], state="draft", points=Decimal("1.5"))
    drawn_section(draft, 2, bank, count=10)
    make.paper(unit=make.unit(), state="draft")  # another unit's
    page = client_of(trainer).get("/papers").text
    assert "1 份草稿" in page
    assert re.search(r'data-label="题数">13<', page)
    assert re.search(r'data-label="总分">24.5<', page)


def test_the_list_can_be_searched_and_says_when_nothing_matches(client_of, make, trainer, root):
    make.paper(unit=root, per_kind=1)
    browser = client_of(trainer)
    assert "没有符合条件的试卷" in browser.get("/papers?q=100%25_none").text
    assert browser.get("/papers?q=示例试卷").text.count('class="title') >= 1


def test_queries_do_not_grow_with_the_list(client_of, make, trainer, root, bank, statements):
    browser = client_of(trainer)
    make.paper(unit=root, questions=[make.question(bank)], state="draft")
    browser.get("/papers")
    few = statements(lambda: browser.get("/papers"))
    for _ in range(8):
        make.paper(unit=root, questions=[make.question(bank)], state="draft")
    assert statements(lambda: browser.get("/papers")) <= few


def test_a_paper_of_another_unit_is_not_there(client_of, make, trainer):  # R48, R49
    foreign = make.paper(unit=make.unit())
    browser = client_of(trainer)
    for path in ("", "/preview", "/freeze", "/sections/new"):
        assert browser.get(f"/papers/{foreign.id}{path}").status_code == 404
    assert browser.post(f"/papers/{foreign.id}/copy").status_code == 404


def test_an_administrator_reads_and_freezes_but_does_not_write(client_of, make, root, bank):  # R48
    chief = make.person(unit=root, roles=["administrator"])
    paper = make.paper(unit=root, questions=[make.question(bank)], state="draft")
    browser = client_of(chief)
    page = browser.get(f"/papers/{paper.id}").text
    assert "添加大题" not in page
    assert browser.post(f"/papers/{paper.id}", data={"title": "x"}).status_code == 403
    assert browser.get(f"/papers/{paper.id}/freeze").status_code == 200


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


def test_two_editors_of_a_title_see_both_versions(client_of, make, trainer, root):  # R25
    other = make.person("张老师", unit=root, roles=["trainer"])
    paper = make.paper(unit=root, state="draft", per_kind=1)
    mine, theirs = client_of(trainer), client_of(other)
    seen = field(mine.get(f"/papers/{paper.id}").text, "seen")
    assert theirs.post(f"/papers/{paper.id}", data={"title": "张老师的题目", "seen": seen}).status_code == 303
    answer = mine.post(f"/papers/{paper.id}", data={"title": "我的题目", "seen": seen})
    assert answer.status_code == 409
    assert "张老师" in answer.text
    assert "张老师的题目" in answer.text
    assert "我的题目" in answer.text
    assert papers()[0].title == "张老师的题目"
    fresh = field(answer.text, "seen")
    assert mine.post(f"/papers/{paper.id}", data={"title": "我的题目", "seen": fresh}).status_code == 303
    assert papers()[0].title == "我的题目"


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


def test_a_sealed_paper_stays_closed(client_of, make, trainer, root, monkeypatch):  # R54
    from app.papers import seals

    paper = make.paper(unit=root)
    monkeypatch.setattr(seals, "_RULES", [lambda person, paper_ids, now: set(paper_ids) if person.id == trainer.id else set()])
    browser = client_of(trainer)
    for path in ("", "/preview?key=1"):
        answer = browser.get(f"/papers/{paper.id}{path}")
        assert answer.status_code == 403
        assert "参加" in answer.text


def test_a_preview_shows_what_a_taker_gets_and_keys_only_when_asked(client_of, make, trainer, root, bank):  # R52
    question = make.question(bank, stem="入党介绍人应当有几名？（　　）", explanation="见党章。")
    paper = make.paper(unit=root, questions=[question])
    browser = client_of(trainer)
    page = browser.get(f"/papers/{paper.id}/preview").text
    assert "入党介绍人应当有几名" in page
    assert "见党章" not in page
    assert "答案：" not in page
    page = browser.get(f"/papers/{paper.id}/preview?key=1&seed=3").text
    assert "见党章" in page
    assert "答案：" in page


def test_a_draft_is_thrown_away_a_frozen_paper_is_not(client_of, make, trainer, root):  # R29
    draft, frozen = make.paper(unit=root, state="draft"), make.paper(unit=root)
    browser = client_of(trainer)
    assert browser.post(f"/papers/{draft.id}/delete").status_code == 303
    assert browser.post(f"/papers/{frozen.id}/delete").status_code == 409
    assert [paper.id for paper in papers()] == [frozen.id]
