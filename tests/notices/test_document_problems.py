"""The checks before a notice is made: each fault is found, and named in words."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal as D

import pytest

from app.core.clock import from_local
from app.notices.document import facts as f
from app.notices.document.content import Attachment, Paragraph
from app.notices.document.problems import MESSAGES, Problem, document_problems, problems
from tests.notices.document_samples import FIRST, PEOPLE, SECOND, UNITS, figures, make_facts, make_unit_document, unit_facts


def codes(found):
    return {problem.code for problem in found}


def with_unit(unit, **changes):
    """The facts with one unit's figures changed in the table."""
    units = tuple(replace(u, figures=replace(u.figures, **changes)) if u.name == unit.name else u for u in UNITS)
    return make_facts(units=units)


def test_sound_facts_have_no_problems():
    assert problems(make_facts()) == []
    assert problems(unit_facts()) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (make_facts(bureau=" "), "empty"),
        (make_facts(place=""), "empty"),
        (make_facts(addressees=""), "empty"),
        (with_unit(FIRST, due=-7), "negative"),
        (with_unit(FIRST, due=8), "due"),
        (with_unit(FIRST, passed=7), "passed"),
        (with_unit(FIRST, mean=None), "marks_missing"),
        (with_unit(FIRST, took=0, absent=7, passed=0), "marks_without_people"),
        (with_unit(FIRST, due=8, absent=2), "sum"),
        (with_unit(FIRST, mean=D(60)), "mean"),
        (make_facts(overall=replace(make_facts().overall, highest=D(80))), "range"),
        (make_facts(overall=replace(make_facts().overall, lowest=D(-1))), "range"),
        (make_facts(pass_mark=D(0)), "pass_mark"),
        (make_facts(pass_mark=D(101)), "pass_mark"),
        (make_facts(weak_topics=(f.WeakTopic("党费", D("52.3")),)), "share"),
        (make_facts(units=(*UNITS, SECOND)), "unit_twice"),
        (make_facts(closes_at=from_local(datetime(2026, 4, 18, 9))), "window"),
        (make_facts(dated=date(2026, 4, 17)), "dated_early"),
        (make_facts(resit_on=date(2026, 4, 21)), "resit_early"),
        (make_facts(reply_due=date(2026, 4, 20)), "reply_early"),
        (make_facts(sign_due=from_local(datetime(2026, 4, 20, 17))), "sign_early"),
        (unit_facts(unit=replace(FIRST, figures=figures(7, 6, 0, 1, 5, "81.5"))), "unit_figures"),
        (unit_facts(unit=SECOND, people=()), "nobody"),
        (unit_facts(people=PEOPLE[1:]), "failed_listed"),
        (unit_facts(people=PEOPLE[:2]), "absent_listed"),
        (unit_facts(people=(replace(PEOPLE[0], unit=SECOND.name), *PEOPLE[1:])), "other_unit"),
        (unit_facts(people=(replace(PEOPLE[0], score=D(80)), *PEOPLE[1:])), "listed_passed"),
        (unit_facts(people=(replace(PEOPLE[0], score=D(101)), *PEOPLE[1:])), "listed_score"),
        (unit_facts(people=(replace(PEOPLE[0], name=" "), *PEOPLE[1:])), "listed_name"),
    ],
)
def test_a_fault_in_the_facts_is_found(facts, code):  # R34 other_unit
    assert code in codes(problems(facts))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "empty"),
        ({"blocks": (Paragraph(" "),)}, "empty"),
        ({"number_text": "示教党通[2026]1号"}, "number"),
        ({"number_text": "示教党通〔2026〕第1号"}, "number"),
        ({"number_text": "示教党通〔2026〕01号"}, "number"),
        ({"blocks": (Paragraph("名单见附件2。"),)}, "annex"),
        ({"attachments": ()}, "annex"),
        ({"attachments": (Attachment("名单", ("姓名",), (), ("name",)),)}, "annex_empty"),
        ({"attachments": (Attachment("名单", ("姓名", "职务"), (("甲",),), ("name", "text")),)}, "annex_row"),
    ],
)
def test_a_fault_in_edited_words_is_found(changes, code):
    assert code in codes(document_problems(make_unit_document(**changes)))


def test_every_problem_has_words_with_all_its_values_filled_in():
    samples = dict.fromkeys(["due", "took", "on_leave", "absent", "passed", "sum", "total", "computed", "stated", "pass_mark"], 1)
    samples |= dict.fromkeys(["field", "where", "count", "topic", "unit", "person", "other", "day", "number"], "甲")
    samples |= dict.fromkeys(["listed", "counted", "score", "row"], 2)
    for code in MESSAGES:
        text = Problem(code, samples).text
        assert text and "%(" not in text
