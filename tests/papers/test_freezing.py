"""What forbids a freeze, and what a freeze fixes for ever."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.bank.models import Question, QuestionVersion
from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.papers import checks, queries, service
from app.papers.errors import ChangedSinceSeen, NotReady, PaperFrozen
from app.papers.models import Paper, PaperItem, PaperSection
from tests.papers import drawn_section


@pytest.fixture
def bank(make):
    bank = make.bank(unit=make.bureau())
    for level, count in ((1, 4), (2, 7), (3, 2)):
        for _ in range(count):
            make.question(bank, difficulty=level)
    return bank


def draft(make, bank, questions=(), **fields):
    return make.paper(unit=bank.unit, questions=list(questions), state="draft", **fields)


def sentences(paper):
    return [finding.text for finding in checks.errors(checks.findings(queries.contents(paper)))]


def freeze(paper):
    with unit_of_work() as session:
        row = session.get(Paper, paper.id)
        service.freeze_paper(row, seen=service.digest_of(row), now=clock.now())
    return db.session.get(Paper, paper.id)


def edit(question):
    """Make a new version of a question, as an editor does."""
    with unit_of_work() as session:
        old = session.get(QuestionVersion, question.current_version_id)
        body = old.body | {"stem": "改过的题干（　　）"}
        new = QuestionVersion(question_id=question.id, number=old.number + 1, kind=old.kind, body=body, created_at=clock.now())
        session.add(new)
        session.flush()
        session.get(Question, question.id).current_version_id = new.id
        return new.id


@pytest.fixture
def in_chinese(app):
    with app.test_request_context():
        yield


def test_a_paper_without_sections_is_not_ready(make, bank, in_chinese):
    assert sentences(draft(make, bank)) == ["还没有大题。"]


def test_a_shortage_is_said_with_both_numbers(make, bank, in_chinese):
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=20)
    assert sentences(paper) == ["一、单项选择题：需要 20 题，只有 13 题。"]


def test_a_shortage_of_one_difficulty_names_it(make, bank, in_chinese):
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=15, difficulty={"1": 4, "2": 1, "3": 10})
    assert sentences(paper) == ["一、单项选择题：难度“难”需要 10 题，只有 2 题。"]


def test_a_shortage_says_what_stands_elsewhere_in_the_paper(make, bank, in_chinese):
    fixed = db.session.scalars(select(Question)).all()[:5]
    paper = draft(make, bank, fixed)
    drawn_section(paper, 2, bank, count=10)
    assert sentences(paper) == ["二、单项选择题：需要 10 题，只有 8 题。另有 5 题已在卷中。"]


def test_a_shortage_says_what_another_draw_may_take(make, bank, in_chinese):
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=8)
    drawn_section(paper, 2, bank, count=8)
    assert sentences(paper) == ["二、单项选择题：需要 8 题，只有 5 题。另有 8 题可能被其他大题抽走。"]


def test_empty_sections_and_worthless_questions_are_named(make, bank, in_chinese):
    paper = draft(make, bank, [make.question(bank)], points=Decimal(0))
    with unit_of_work() as session:
        session.add(
            PaperSection(
                paper_id=paper.id,
                position=2,
                title="判断题",
                kind="true_false",
                points_each=Decimal(1),
                rule="all_or_nothing",
                drawn=False,
            )
        )
    assert sentences(paper) == ["一、单项选择题：每题分值应大于 0。", "二、判断题：还没有题目。"]


def test_the_same_question_twice_is_found_across_sections_and_by_its_words(make, bank, in_chinese):
    first, twin = make.question(bank), make.question(make.bank(unit=bank.unit))
    with unit_of_work() as session:
        session.get(Question, first.id).fingerprint = session.get(Question, twin.id).fingerprint = "same"
    paper = draft(make, bank, [make.question(bank), first])
    with unit_of_work() as session:
        section = PaperSection(
            paper_id=paper.id,
            position=2,
            title="附加题",
            kind="single_choice",
            points_each=Decimal(1),
            rule="all_or_nothing",
            drawn=False,
        )
        section.items = [PaperItem(position=1, question_version_id=twin.current_version_id)]
        session.add(section)
    assert sentences(paper) == ["一（2）与二（1）是同一道题，请移走一道。"]


def test_unapproved_retired_and_edited_questions_are_found(make, bank, in_chinese):
    questions = [make.question(bank) for _ in range(4)]
    paper = draft(make, bank, questions)
    with unit_of_work() as session:
        session.get(Question, questions[0].id).state = "review"
        session.get(Question, questions[2].id).state = "retired"
    edit(questions[3])
    assert sentences(paper) == [
        "一、单项选择题：第 1 题待复核，审定后才能用。",
        "一、单项选择题：第 3 题已停用。",
        "一、单项选择题：第 4 题后来改过，请换成最新版本。",
    ]


def test_a_question_of_another_kind_is_found(make, bank, in_chinese):
    paper = draft(make, bank, [make.question(bank)])
    with unit_of_work() as session:
        session.get(PaperSection, paper.sections[0].id).kind = "true_false"
    assert sentences(paper) == ["一、单项选择题：第 1 题与大题题型不符。"]


def test_a_rule_above_the_full_mark_is_refused(make, bank, in_chinese):
    paper = draft(
        make, bank, [make.question(bank, "multiple_choice", key=["A", "B", "C"])], points=Decimal(1), rule="per_option:0.5"
    )
    assert sentences(paper) == ["一、多项选择题：3 个正确选项每个 0.5 分，超过本题满分 1 分。"]
    drawn = draft(make, bank)
    section = drawn_section(drawn, 1, bank, count=1, kind="multiple_choice", points=Decimal(1))
    with unit_of_work() as session:
        session.get(PaperSection, section.id).rule = "per_option:0.5"
    assert "超过本题满分" in sentences(drawn)[0]


def test_a_total_other_than_a_hundred_is_only_a_warning(make, bank, in_chinese):
    paper = draft(make, bank, [make.question(bank)])
    found = checks.findings(queries.contents(paper))
    assert [finding.state for finding in found] == ["warn", "ok"]
    assert found[0].text == "共 1 题，2 分，总分不是 100 分。"


def test_an_unready_paper_is_not_frozen_and_every_reason_is_given(make, bank, in_chinese):
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=20)
    with pytest.raises(NotReady) as refused:
        freeze(paper)
    assert refused.value.details == ["一、单项选择题：需要 20 题，只有 13 题。"]
    assert db.session.get(Paper, paper.id).state == "draft"


def test_a_freeze_keeps_pool_totals_and_digest(make, bank):  # R29
    paper = draft(make, bank, [make.question(bank)])
    drawn_section(paper, 2, bank, count=4, points=Decimal("2.5"))
    frozen = freeze(paper)
    assert (frozen.state, frozen.question_count, frozen.total_points) == ("frozen", 5, Decimal("12"))
    assert len(frozen.sections[1].pool) == 13
    assert frozen.digest == service.digest_of(frozen)


def test_editing_a_question_later_leaves_a_frozen_paper_as_it_was(make, bank):  # R29
    question = make.question(bank)
    paper = draft(make, bank, [question])
    drawn_section(paper, 2, bank, count=4)
    frozen = freeze(paper)
    before = (frozen.digest, service.items_for_attempt(frozen, 7))
    edit(question)
    edit(db.session.scalars(select(Question).where(Question.bank_id == bank.id)).first())
    make.question(bank)
    with unit_of_work() as session:
        session.execute(db.update(Question).values(state="retired"))
    assert (service.digest_of(frozen), service.items_for_attempt(frozen, 7)) == before


def test_nothing_of_a_frozen_paper_can_be_changed(make, bank):  # R29
    frozen = freeze(draft(make, bank, [make.question(bank), make.question(bank)]))
    trainer = make.person(unit=bank.unit, roles=["trainer"])
    section = frozen.sections[0]
    deeds = [
        lambda: service.edit_paper(frozen, "x", "", seen=service.stamp_of_paper(frozen)),
        lambda: service.add_section(frozen, service.settings_of(section), person=trainer),
        lambda: service.edit_section(
            section, service.settings_of(section), person=trainer, seen=service.stamp_of_section(section)
        ),
        lambda: service.move_section(section, 1),
        lambda: service.remove_section(section),
        lambda: service.add_questions(section, [1], person=trainer),
        lambda: service.move_item(section.items[0], 1),
        lambda: service.remove_item(section.items[0]),
        lambda: service.renew_items(section),
        lambda: service.delete_draft(frozen),
        lambda: service.freeze_paper(frozen, seen=frozen.digest, now=clock.now()),
    ]
    for deed in deeds:
        with pytest.raises(PaperFrozen), unit_of_work():
            deed()
    assert db.session.get(Paper, frozen.id).digest == service.digest_of(frozen)


def test_what_was_not_looked_at_is_not_frozen(make, bank):
    question = make.question(bank)
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=4)
    seen = service.digest_of(paper)
    edit(question)
    with pytest.raises(ChangedSinceSeen), unit_of_work() as session:
        service.freeze_paper(session.get(Paper, paper.id), seen=seen, now=clock.now())


def test_a_copy_of_a_frozen_paper_is_a_draft_of_its_own(make, bank):
    frozen = freeze(draft(make, bank, [make.question(bank)]))
    author = make.person(unit=bank.unit)
    with unit_of_work():
        copy = service.copy_paper(frozen, author=author, now=clock.now())
    assert (copy.state, copy.title, copy.digest) == ("draft", frozen.title + "（副本）", None)
    assert [item.question_version_id for item in copy.sections[0].items] == [
        item.question_version_id for item in frozen.sections[0].items
    ]
    assert copy.sections[0].pool is None


def test_newest_wordings_replace_older_ones_on_request(make, bank):
    question = make.question(bank)
    paper = draft(make, bank, [question])
    new = edit(question)
    with unit_of_work():
        assert service.renew_items(paper.sections[0]) == 1
    assert paper.sections[0].items[0].question_version_id == new


def test_freezing_through_the_page_takes_a_second_look_and_is_on_the_audit_chain(client_of, make, bank):
    trainer = make.person("方若谷", unit=bank.unit, roles=["trainer"])
    paper = draft(make, bank, [make.question(bank)])
    browser = client_of(trainer)
    page = browser.get(f"/papers/{paper.id}/freeze").text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page).group(1)
    answer = browser.post(f"/papers/{paper.id}/freeze", data={"seen": "0" * 64})
    assert answer.status_code == 409
    assert "重新核对" in answer.text
    assert browser.post(f"/papers/{paper.id}/freeze", data={"seen": seen}).status_code == 303
    assert browser.post(f"/papers/{paper.id}/freeze", data={"seen": seen}).status_code == 303  # R24: the second click
    assert browser.get(f"/papers/{paper.id}/freeze").status_code == 409
    db.session.rollback()
    assert [entry.action for entry in db.session.scalars(select(AuditEntry))] == ["paper.freeze"]


def test_a_page_of_an_unready_paper_offers_no_freeze(client_of, make, bank):
    trainer = make.person(unit=bank.unit, roles=["trainer"])
    paper = draft(make, bank)
    drawn_section(paper, 1, bank, count=99)
    page = client_of(trainer).get(f"/papers/{paper.id}").text
    assert "需要 99 题，只有 13 题" in page
    assert f"/papers/{paper.id}/freeze" not in page
