"""Counting in the database: shared, atomic, forgetting."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock, limits
from app.core.db import db, unit_of_work
from app.core.errors import TooMany
from app.core.limits import RateWindow


def test_the_first_hits_pass_and_the_next_one_waits_for_the_window(context, set_clock):  # R79
    start = set_clock("2026-04-01 09:00")
    assert [limits.hit("check:1.2.3.4", 3, 60) for _ in range(3)] == [None, None, None]
    set_clock(start + timedelta(seconds=20))
    wait = limits.hit("check:1.2.3.4", 3, 60)
    assert 40 <= wait <= 41
    assert limits.hit("check:5.6.7.8", 3, 60) is None


def test_a_new_window_starts_when_the_old_one_ends(context, set_clock):
    start = set_clock("2026-04-01 09:00")
    for _ in range(5):
        limits.hit("x", 3, 60)
    set_clock(start + timedelta(seconds=60))
    assert not limits.is_exceeded("x", 3, 60)
    assert limits.hit("x", 3, 60) is None


def test_many_at_once_are_all_counted(app, context):  # R21, R79
    def work():
        with app.app_context():
            for _ in range(10):
                limits.hit("crowd", 1000, 60)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert db.session.scalar(select(RateWindow.hits)) == 60


def test_a_hit_inside_a_unit_of_work_is_part_of_it(context):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        limits.hit("x", 1, 60)
        raise ZeroDivisionError
    assert db.session.scalar(select(func.count()).select_from(RateWindow)) == 0


def test_a_limited_view_answers_429_and_says_when_to_come_back(app, context, set_clock):  # R79
    set_clock("2026-04-01 09:00")

    @limits.limit("door", 2, 60)
    def view():
        return "in"

    with app.test_request_context(environ_base={"REMOTE_ADDR": "9.9.9.9"}):
        assert [view(), view()] == ["in", "in"]
        with pytest.raises(TooMany) as refusal:
            view()
    assert refusal.value.status == 429
    assert 0 < refusal.value.retry_after <= 61


def test_no_address_is_kept_and_old_windows_go(context, set_clock):
    start = set_clock("2026-04-01 09:00")
    limits.hit("check:1.2.3.4", 3, 60)
    assert "1.2.3.4" not in db.session.scalar(select(RateWindow.key))
    db.session.rollback()
    set_clock(start + timedelta(days=2))
    limits.forget_old_windows()
    assert db.session.scalar(select(func.count()).select_from(RateWindow)) == 0
    assert clock.now() > start


def test_only_few_requests_of_a_process_are_held_back_at_once(app):  # R79
    outcomes = []

    def wait():
        try:
            limits.hold_back(0.2)
            outcomes.append("waited")
        except TooMany:
            outcomes.append("refused")

    threads = [threading.Thread(target=wait) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes.count("waited") >= 2
    assert outcomes.count("refused") >= 1
