"""A taker's own result: score, answers and key, each only as far and as soon as it is released."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, update

from app.core import clock, protect
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, MarkSheet, Sitting
from app.exams.rules import release
from app.people.models import Person
from tests.exams.conftest import right_answer

CLOSED = timedelta(minutes=116)  # the sittings of the factory opened 5 minutes ago, for two hours
EXPLANATION = "见示例条例第三条"


@pytest.fixture
def done(make, sit):
    """`done(**policy)`: somebody handed in the right answer to the first question and a wrong one to the last."""

    def finish(questions=None, person=None, **policy):
        bank = make.bank()
        questions = questions or [
            make.question(bank, explanation=EXPLANATION),
            make.question(bank, "fill_blank", key=[["三个月"]], explanation=EXPLANATION),
        ]
        person = person or make.person()
        sitter = sit(make.sitting(paper=make.paper(questions=questions), people=[person], **policy), person)
        sitter.save((1, right_answer(sitter, 1)), (2, ["半年"]), final=True)
        sitter.questions = questions
        return sitter

    return finish


def confirm(sitter):
    with sitter.app.app_context(), unit_of_work() as work:
        work.execute(update(Sitting).where(Sitting.id == sitter.row().sitting_id).values(state="confirmed"))


def result_page(sitter):
    page = sitter.browser.get(f"/results/{sitter.id}")
    assert page.status_code == 200
    return page.text.replace("\xa0", " ")


CASES = [(policy, facts) for policy in release.POLICIES for facts in ((False, False), (True, False), (True, True))]


@pytest.mark.parametrize(("policy", "facts"), CASES)
def test_each_policy_opens_at_its_own_moment(policy, facts):  # R52
    closed, confirmed = facts
    expected = {"handed_in": True, "closed": closed, "confirmed": confirmed, "never": False}[policy]
    assert release.is_released(policy, handed_in=True, closed=closed, confirmed=confirmed) is expected
    assert release.is_released(policy, handed_in=False, closed=closed, confirmed=confirmed) is False


def test_a_sitting_is_closed_when_nobody_can_sit_any_more():  # R52
    closes, grace = clock.now(), timedelta(seconds=30)
    over = closes + timedelta(minutes=20) + grace
    assert release.is_closed(over, closes, 20, grace, running=0)
    assert not release.is_closed(over - timedelta(milliseconds=1), closes, 20, grace, running=0)
    assert not release.is_closed(over, closes, 20, grace, running=1)


def test_by_default_nothing_is_shown_before_the_results_are_confirmed(done):  # R32, R52
    sitter = done()
    before = result_page(sitter)
    assert "组织者确认成绩后" in before
    assert not re.search(r"score-line|review-stem", before)
    confirm(sitter)
    after = result_page(sitter)
    assert re.search(r"<b>2</b><span>/ 4</span>", after)
    assert "review-stem" not in after


def test_the_score_can_be_released_at_once(done):
    page = result_page(done(release_score="handed_in", pass_mark=Decimal(2)))
    assert "<b>2</b>" in page
    assert "合格" in page


def test_own_answers_come_without_key_or_reason_that_tells_it(done):  # R52
    sitter = done(release_answers="handed_in", release_key="closed")
    page = result_page(sitter)
    assert "半年" in page
    assert page.count("review-stem") == 2
    for told in (EXPLANATION, "三个月", "答案是", ' key"'):
        assert told not in page


def test_the_key_comes_when_nobody_can_sit_any_more(done, set_clock):  # R52
    sitter = done(release_answers="handed_in", release_key="closed")
    set_clock(sitter.row().started_at + CLOSED)
    page = result_page(sitter)
    assert EXPLANATION in page
    assert "三个月" in page


def test_the_key_is_shown_in_the_letters_this_person_saw(done, set_clock):
    sitter = done(release_answers="handed_in", release_key="closed")
    set_clock(sitter.row().started_at + CLOSED)
    (letter,) = right_answer(sitter, 1)
    option = re.search(r'<li class="answer chosen key"><b>(.)</b>', result_page(sitter))
    assert option.group(1) == letter


def test_a_question_that_the_person_may_still_sit_elsewhere_keeps_its_key(done, make, set_clock):  # R52
    sitter = done(release_answers="handed_in", release_key="closed")
    later = sitter.row().started_at + CLOSED
    person = db.session.get(Person, sitter.person_id)
    make.sitting(paper=make.paper(questions=sitter.questions[1:]), people=[person], opens_in=timedelta(days=1))
    set_clock(later)
    page = result_page(sitter)
    assert page.count(EXPLANATION) == 1
    assert "三个月" not in page


def test_a_paper_that_is_not_marked_yet_says_so(done, context):
    sitter = done(release_score="handed_in")
    with unit_of_work() as work:
        raw = work.connection().connection.driver_connection
        dialect = db.engine.dialect.name
        protect.drop_guards(raw.execute, dialect)
        work.execute(delete(MarkSheet))
        work.execute(update(Attempt).values(marked_at=None, score=None))
        protect.add_guards(raw.execute, dialect)
    assert "正在判分" in result_page(sitter)


def test_a_running_attempt_has_no_result(sitter):
    assert sitter.browser.get(f"/results/{sitter.id}").status_code == 302
