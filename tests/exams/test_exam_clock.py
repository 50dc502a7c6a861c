"""The exam clock: every bound one millisecond before, on it, and after; and what holds for all combinations."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.rules import exam_clock

START = datetime(2026, 4, 10, 2, 30, tzinfo=UTC)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
GRACE, LATE = timedelta(seconds=30), timedelta(minutes=30)
AROUND = [(-MS, True), (timedelta(0), False), (MS, False)]
FROM = [(-MS, False), (timedelta(0), True), (MS, True)]

minutes = st.integers(0, 600)
seconds = st.integers(-7200, 7200).map(lambda number: timedelta(seconds=number))


@pytest.mark.parametrize(("offset", "allowed"), FROM)
def test_a_start_is_allowed_from_the_opening_on(offset, allowed):  # R3
    assert exam_clock.accepts_start(START + offset, START, START + 15 * MINUTE, START + 60 * MINUTE) is allowed


@pytest.mark.parametrize(("offset", "allowed"), AROUND)
def test_a_start_is_allowed_until_the_latest_entry(offset, allowed):  # R3
    latest = START + 15 * MINUTE
    assert exam_clock.accepts_start(latest + offset, START, latest, START + 60 * MINUTE) is allowed


@pytest.mark.parametrize(("offset", "allowed"), AROUND)
def test_no_start_after_the_sitting_closed_even_if_entry_were_open(offset, allowed):  # R3
    closes = START + 60 * MINUTE
    assert exam_clock.accepts_start(closes + offset, START, closes + 60 * MINUTE, closes) is allowed


@pytest.mark.parametrize(("offset", "allowed"), AROUND)
def test_work_ends_at_the_due_time(offset, allowed):  # R3
    assert exam_clock.accepts_work(START + offset, START) is allowed


@pytest.mark.parametrize(("offset", "counted"), AROUND)
def test_answers_count_until_the_grace_is_over(offset, counted):  # R5
    assert exam_clock.counts(START + GRACE + offset, START, GRACE) is counted
    assert exam_clock.is_over(START + GRACE + offset, START, GRACE) is not counted


@pytest.mark.parametrize(("offset", "kept"), FROM)
def test_evidence_begins_where_the_grace_ends(offset, kept):  # R6
    assert exam_clock.is_evidence(START + GRACE + offset, START, GRACE, LATE) is kept


@pytest.mark.parametrize(("offset", "kept"), AROUND)
def test_evidence_ends_half_an_hour_after_the_due_time(offset, kept):  # R6
    assert exam_clock.is_evidence(START + LATE + offset, START, GRACE, LATE) is kept


def test_the_earliest_hand_in_never_lies_after_the_due_time():  # R3
    due = START + 20 * MINUTE
    assert exam_clock.hand_in_from(START, due, 15) == START + 15 * MINUTE
    assert exam_clock.hand_in_from(START, due, 45) == due


@given(late=st.integers(0, 3600), allowed=minutes, window=minutes, extra=minutes)
def test_the_due_time_is_the_nearer_of_own_time_and_closing_with_extra_time_on_both(late, allowed, window, extra):  # R2
    started, closes = START + timedelta(seconds=late), START + window * MINUTE
    due = exam_clock.due_time(started, allowed, closes, extra)
    assert due == min(started + (allowed + extra) * MINUTE, closes + extra * MINUTE)
    assert due - exam_clock.due_time(started, allowed, closes) == extra * MINUTE  # no minute of it is cut off by the closing


@given(late=st.integers(0, 7200), allowed=minutes, window=minutes, extra=minutes)
def test_a_late_starter_is_told_the_minutes_that_are_really_left(late, allowed, window, extra):  # R2
    now, closes = START + timedelta(seconds=late), START + window * MINUTE
    told, due = exam_clock.minutes_if_started(now, allowed, closes, extra)
    assert due == exam_clock.due_time(now, allowed, closes, extra)
    assert told == max(0, int((due - now).total_seconds() // 60))
    assert told <= allowed + extra


@given(gap=seconds, microseconds=st.integers(0, 999))
def test_a_browser_is_never_told_more_time_than_there_is(gap, microseconds):  # R5
    left = gap + timedelta(microseconds=microseconds)
    told = exam_clock.ms_left(START, START + left)
    assert told >= 0
    assert timedelta(milliseconds=told) <= max(left, timedelta(0)) < timedelta(milliseconds=told + 1)
