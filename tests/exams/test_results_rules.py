"""Figures from scores: outcomes, rates, the histogram; compared with the statistics module, which we did not write."""

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.rules import results as rules
from app.exams.service.reporting import addressee, short_topic

POINTS = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@pytest.mark.parametrize(
    "score, on_leave, is_over, expected",
    [
        ("60", False, True, "passed"),  # the pass mark itself passes
        ("59.99", False, True, "failed"),
        (None, False, True, "absent"),
        (None, True, True, "on_leave"),
        (None, False, False, "waiting"),
        ("80", True, True, "passed"),  # on leave, but sat all the same
    ],
)
def test_an_outcome_is_what_the_score_and_the_leave_say(score, on_leave, is_over, expected):
    assert rules.outcome(Decimal(score) if score else None, Decimal(60), on_leave=on_leave, is_over=is_over) == expected


@given(st.lists(POINTS, min_size=1, max_size=60))
def test_mean_and_extremes_agree_with_the_statistics_module(scores):  # R28
    pairs = [(rules.outcome(score, Decimal(60), on_leave=False, is_over=True), score) for score in scores]
    found = rules.summary(pairs)
    assert abs(found.mean - statistics.mean(scores)) < Decimal("1e-20")
    assert (found.highest, found.lowest, found.took) == (max(scores), min(scores), len(scores))
    assert found.passed + found.failed == found.took
    assert found.rate == rules.tenth(Decimal(100) * sum(1 for score in scores if score >= 60) / len(scores))


def test_nobody_present_has_no_figures_and_does_not_divide_by_zero():
    found = rules.summary([("absent", None), ("on_leave", None)])
    assert (found.due, found.took, found.absent, found.on_leave, found.mean, found.rate) == (2, 0, 1, 1, None, None)


@given(st.lists(POINTS, max_size=80), st.integers(1, 100))
def test_every_score_is_in_one_bin_and_the_pass_mark_begins_one(scores, mark):
    bins = rules.histogram(scores, Decimal(100), Decimal(mark))
    assert sum(item["count"] for item in bins) == len(scores)
    assert any(item["from"] == mark for item in bins)
    below = sum(item["count"] for item in bins if item["to"] < mark)
    assert below == sum(1 for score in scores if score < mark)
    starts = [item["from"] for item in bins]
    assert len({later - earlier for earlier, later in zip(starts, starts[1:], strict=False)}) <= 1  # equal widths


def test_topics_come_with_the_lowest_share_first():
    marks = [("甲", Decimal(1), Decimal(2)), ("乙", Decimal(0), Decimal(2)), ("甲", Decimal(2), Decimal(2))]
    assert rules.topic_shares(marks) == [("乙", Decimal(0), 1), ("甲", Decimal("0.75"), 2)]


@pytest.mark.parametrize(
    "topic, said", [("党支部/会议与表决", "党支部会议与表决"), ("党支部/党支部设置", "党支部设置"), ("党费", "党费")]
)
def test_topics_are_named_as_people_say_them(topic, said):
    assert short_topic(topic) == said


@pytest.mark.parametrize(
    "unit, addressed",
    [("示例一中", "示例一中党组织"), ("示例一中党总支", "示例一中党总支"), ("示例小学党支部", "示例小学党支部")],
)
def test_a_notice_is_addressed_to_the_party_organisation(unit, addressed):
    assert addressee(unit) == addressed
