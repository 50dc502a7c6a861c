"""Papers as a whole: what people see, who may, what happens to bad input."""

import re
from decimal import Decimal

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.papers import seals
from tests.papers import drawn_section, field, papers


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
        make.paper(unit=make.unit(parent=root), questions=[make.question(bank)], state="draft")
    assert statements(lambda: browser.get("/papers")) <= few


def test_queries_do_not_grow_with_the_questions(client_of, make, trainer, root, statements):
    bank = make.bank(unit=root)
    questions = [make.question(bank, topic="组织生活")]
    paper = make.paper(unit=root, questions=[make.question(bank)], state="draft")
    pick = f"/papers/{paper.id}/sections/{paper.sections[0].id}/questions"
    paths = (pick, f"/papers/{paper.id}", f"/papers/{paper.id}/preview")
    browser = client_of(trainer)
    few = [statements(lambda path=path: browser.get(path)) for path in paths]
    questions += [make.question(bank, topic=f"知识点{n}") for n in range(12)]
    browser.post(pick, data={"question": [question.id for question in questions[:6]]})
    assert all(statements(lambda path=path: browser.get(path)) <= most for path, most in zip(paths, few, strict=True))


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


def test_a_sealed_paper_stays_closed(client_of, make, trainer, root, monkeypatch):  # R54
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
