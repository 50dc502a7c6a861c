"""What home pages conclude from counts and times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports import rules
from app.reports.rules import Copy, Seat, Standing

NOW = datetime(2026, 4, 20, 8, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


def test_standings_add_up():
    whole = Standing(due=7, took=6, passed=5, failed=1, absent=1) + Standing(due=3, took=3, passed=1, failed=2)
    assert whole == Standing(due=10, took=9, passed=6, failed=3, absent=1)
    assert str(whole.rate) == "66.7"
    assert Standing(due=2, absent=2).rate is None


def test_a_test_goes_through_its_stages():
    assert rules.stage("published", LATER, False, NOW) == "before"
    assert rules.stage("published", NOW, False, NOW) == "open"
    assert rules.stage("published", EARLIER, True, NOW) == "over"
    assert rules.stage("confirmed", EARLIER, True, NOW) == "confirmed"


ALL_PASSED = Standing(due=6, took=6, passed=6)
SOME_FAILED = Standing(due=6, took=6, passed=4, failed=2)
SOME_ABSENT = Standing(due=6, took=4, passed=3, failed=1, absent=2)
SITTING = Standing(due=6, took=2, passed=2, waiting=4)


@pytest.mark.parametrize(
    ("standing", "copy", "stage", "word"),
    [
        (Standing(), None, "open", ("none", 0)),
        (Standing(due=6, waiting=6), None, "before", ("before", 0)),
        (SITTING, None, "open", ("sitting", 4)),
        (ALL_PASSED, None, "open", ("all_in", 0)),
        (ALL_PASSED, None, "over", ("passed", 0)),
        (SOME_FAILED, None, "over", ("failed", 2)),
        (SOME_ABSENT, None, "confirmed", ("absent", 2)),
        (Standing(due=2, on_leave=2), None, "confirmed", ("leave", 0)),
        (SOME_FAILED, Copy(LATER, False), "confirmed", ("to_sign", 0)),
        (SOME_FAILED, Copy(EARLIER, False), "confirmed", ("late", 0)),
        (SOME_FAILED, Copy(NOW, False), "confirmed", ("late", 0)),
        (SOME_ABSENT, Copy(EARLIER, True), "confirmed", ("signed", 0)),
    ],
)
def test_each_unit_has_one_word(standing, copy, stage, word):
    assert rules.unit_word(standing, copy, stage, NOW) == word


def seat(state, opens=EARLIER, closes=LATER, number=1):
    return Seat(number, state, opens, closes)


def test_the_nearest_test_is_the_one_under_way_then_the_open_then_the_next():
    tomorrow, next_week = NOW + timedelta(days=1), NOW + timedelta(days=7)
    running, open_one, soon, late = (
        seat("in_progress"),
        seat("open"),
        seat("early", tomorrow, tomorrow),
        seat("early", next_week, next_week),
    )
    missed = seat("closed", EARLIER, EARLIER)
    assert rules.nearest([late, missed, soon, open_one, running], NOW) is running
    assert rules.nearest([late, missed, soon, open_one], NOW) is open_one
    assert rules.nearest([late, missed, soon], NOW) is soon
    assert rules.nearest([missed], NOW) is missed
    assert rules.nearest([seat("handed_in")], NOW) is None


def test_a_missed_test_is_forgotten_after_a_week():
    assert rules.nearest([seat("closed", EARLIER, NOW - timedelta(days=8))], NOW) is None


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_time_to_go_is_never_shorter_in_words_than_it_is(span):
    unit, number = rules.until(span)
    assert number >= 1
    if unit != "days":
        assert timedelta(**{unit: number}) >= span


def test_times_are_told_in_the_fitting_unit():
    assert rules.until(timedelta(minutes=17, seconds=5)) == ("minutes", 18)
    assert rules.until(timedelta(minutes=61)) == ("hours", 2)
    assert rules.until(timedelta(days=3, hours=5)) == ("days", 3)
    assert rules.since(timedelta(hours=16, minutes=40)) == ("hours", 16)
    assert rules.since(timedelta(days=5)) == ("days", 5)
