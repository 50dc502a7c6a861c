"""Drawing attempts from papers in the database."""

from app.core.db import unit_of_work
from app.papers.models import PaperSection
from app.papers.service import Drawer, items_for_attempt
from tests.papers import drawn_section


def test_a_fixed_paper_gives_its_questions_in_order(make):
    paper = make.paper(per_kind=2)
    items = items_for_attempt(paper, 1, shuffle_questions=False)
    expected = [[item.question_version_id, section.id] for section in paper.sections for item in section.items]
    assert items == expected
    shuffled = items_for_attempt(paper, 1)
    assert sorted(shuffled) == sorted(expected)
    assert [section for _, section in shuffled] == [section for _, section in expected]


def test_two_sections_over_one_bank_never_share_a_question(make):
    bank = make.bank()
    for _ in range(12):
        make.question(bank)
    paper = make.paper(unit=bank.unit, questions=[], state="draft")
    for place in (1, 2):
        drawn_section(paper, place, bank, count=6)
    drawer = Drawer(paper)
    for seed in range(50):
        versions = [version_id for version_id, _ in drawer.items(seed)]
        assert len(versions) == len(set(versions)) == 12


def test_a_draw_leaves_out_what_is_fixed_elsewhere_in_the_paper(make):
    bank = make.bank()
    questions = [make.question(bank) for _ in range(6)]
    paper = make.paper(unit=bank.unit, questions=questions[:2], state="draft")
    section = drawn_section(paper, 2, bank, count=4)
    fixed = {question.current_version_id for question in questions[:2]}
    for seed in range(20):
        drawn = [version_id for version_id, section_id in items_for_attempt(paper, seed) if section_id == section.id]
        assert len(drawn) == 4
        assert not fixed & set(drawn)


def test_questions_with_the_same_words_count_as_one(make):
    bank, other = make.bank(), make.bank()
    twins = [make.question(bank), make.question(other)]
    with unit_of_work() as session:
        for question in twins:
            session.get(type(question), question.id).fingerprint = "same"
    make.question(bank)
    paper = make.paper(unit=bank.unit, questions=[], state="draft")
    drawn_section(paper, 1, bank, count=1, banks=[bank, other])
    section = Drawer(paper).sections[0]
    assert len(section.pool) == 2


def test_unapproved_questions_are_never_drawn(make):
    bank = make.bank()
    good = make.question(bank)
    make.question(bank, state="review")
    make.question(bank, state="retired")
    paper = make.paper(unit=bank.unit, questions=[], state="draft")
    drawn_section(paper, 1, bank, count=1)
    assert {items_for_attempt(paper, seed)[0][0] for seed in range(20)} == {good.current_version_id}


def test_a_frozen_section_draws_from_its_own_pool_and_not_from_the_bank(make):  # R29
    bank = make.bank()
    fixed, kept = make.question(bank), make.question(bank)
    paper = make.paper(unit=bank.unit, questions=[fixed])
    section = drawn_section(paper, 2, bank, count=1)
    with unit_of_work() as session:
        session.get(PaperSection, section.id).pool = [[kept.current_version_id, 2]]
    make.question(bank)
    assert {items_for_attempt(paper, seed)[1][0] for seed in range(20)} == {kept.current_version_id}


def test_a_thousand_attempts_cost_as_many_queries_as_one(make, statements):
    bank = make.bank()
    for _ in range(8):
        make.question(bank)
    paper = make.paper(unit=bank.unit, questions=[], state="draft")
    drawn_section(paper, 1, bank, count=5)
    drawer = Drawer(paper)
    assert statements(lambda: Drawer(paper).items(1)) <= 4
    assert statements(lambda: [drawer.items(seed) for seed in range(1000)]) == 0


def test_a_preview_of_a_draft_shows_what_there_is(make):
    bank = make.bank()
    make.question(bank)
    paper = make.paper(unit=bank.unit, questions=[], state="draft")
    drawn_section(paper, 1, bank, count=10, difficulty={"1": 5, "2": 5})
    assert len(Drawer(paper, partial=True).items(1)) == 1
