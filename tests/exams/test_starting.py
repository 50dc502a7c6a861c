"""Before and at the start: what the page says when, who may begin, and that nobody begins twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.exams import errors
from app.exams.models import Attempt, Candidate
from app.exams.rules import entrance
from app.exams.service import attempts

MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def plan(make, client_of):
    """One candidate and a sitting of an hour from now on, entry for 15 minutes; opens in 10 minutes."""
    person = make.person(name="林知远")
    sitting = make.sitting(people=[person], opens_in=10 * MINUTE, window=60 * MINUTE, latest_entry_at=clock.now() + 25 * MINUTE)
    return sitting, person, client_of(person)


def start(sitting, browser):
    return browser.post(f"/sittings/{sitting.id}/start")


def entries(action):
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


@pytest.mark.parametrize(
    ("moment", "state", "status"),
    [
        (lambda s: s.opens_at - MS, "early", 409), (lambda s: s.opens_at, "open", 303), (lambda s: s.opens_at + MS, "open", 303),
        (lambda s: s.latest_entry_at - MS, "open", 303), (lambda s: s.latest_entry_at, "late", 409), (lambda s: s.latest_entry_at + MS, "late", 409),
        (lambda s: s.closes_at - MS, "late", 409), (lambda s: s.closes_at, "closed", 409),
    ],
)  # fmt: skip
def test_the_page_and_the_start_agree_at_every_bound(plan, set_clock, moment, state, status):  # R3
    sitting, _person, browser = plan
    set_clock(moment(sitting))
    assert browser.get(f"/sittings/{sitting.id}/clock").json["state"] == state
    assert browser.get(f"/sittings/{sitting.id}").status_code == 200
    assert start(sitting, browser).status_code == status


def test_a_late_starter_is_told_the_minutes_left_before_starting(plan, set_clock):  # R2
    sitting, _person, browser = plan
    set_clock(sitting.opens_at + timedelta(minutes=12, seconds=30))
    page = browser.get(f"/sittings/{sitting.id}").text.replace("\xa0", " ")
    assert "考试 60 分钟；现在进入可答 47 分钟，到" in page
    start(sitting, browser)
    attempt = db.session.scalars(select(Attempt)).one()
    assert attempt.due_at == sitting.closes_at


def test_extra_minutes_move_a_persons_own_end_and_closing(make, client_of, set_clock):  # R2
    person = make.person()
    sitting = make.sitting(people=[person], window=60 * MINUTE, opens_in=timedelta(0))
    with unit_of_work() as work:
        work.scalars(select(Candidate)).one().extra_minutes = 20
    set_clock(sitting.opens_at + 10 * MINUTE)
    start(sitting, client_of(person))
    attempt = db.session.scalars(select(Attempt)).one()
    assert attempt.due_at == sitting.closes_at + 20 * MINUTE


def test_waiting_people_unlock_with_a_small_delay_that_is_given_back(plan, set_clock):  # R11
    sitting, person, browser = plan
    delay = entrance.jitter(sitting.id, person.id)
    assert timedelta(0) <= delay <= timedelta(seconds=2)
    set_clock(sitting.opens_at - MINUTE)
    told = timedelta(milliseconds=browser.get(f"/sittings/{sitting.id}/clock").json["ms_to_open"])
    assert told == MINUTE + delay
    set_clock(sitting.opens_at + delay)
    start(sitting, browser)
    assert db.session.scalars(select(Attempt)).one().due_at == min(
        sitting.opens_at + delay + 60 * MINUTE, sitting.closes_at + delay
    )


def test_a_start_is_one_small_write_with_its_audit_entry(plan, set_clock):  # R72
    sitting, person, browser = plan
    set_clock(sitting.opens_at)
    assert start(sitting, browser).status_code == 303
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.state, attempt.generation, attempt.started_at) == ("in_progress", 1, sitting.opens_at)
    assert [(entry.actor_id, entry.object_id) for entry in entries("attempt.start")] == [(person.id, str(attempt.id))]


def test_a_second_press_starts_nothing_and_keeps_the_clock(plan, set_clock):  # R21, R24
    sitting, _person, browser = plan
    set_clock(sitting.opens_at)
    first = start(sitting, browser)
    set_clock(sitting.opens_at + MINUTE)
    again = start(sitting, browser)
    assert first.headers["Location"] == again.headers["Location"]
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.generation, attempt.started_at) == (1, sitting.opens_at)
    assert browser.get(again.headers["Location"]).status_code == 200
    assert len(entries("attempt.start")) == 1


def test_another_browser_is_offered_to_take_over(plan, set_clock, client_of):  # R18
    sitting, person, browser = plan
    set_clock(sitting.opens_at)
    address = start(sitting, browser).headers["Location"]
    other = client_of(person)
    assert "已在另一台设备打开" in other.get(address).text
    assert "data-token" not in other.get(address).text
    assert start(sitting, other).status_code == 303
    assert "已在另一台设备打开" in other.get(address).text  # starting again is no way around it
    other.post(f"{address}/take-over")
    assert 'data-generation="2"' in other.get(address).text
    assert "已在另一台设备打开" in browser.get(address).text
    assert len(entries("attempt.take_over")) == 1


def test_to_others_the_sitting_and_the_attempt_are_not_there(plan, make, client_of, set_clock):  # R48, R49
    sitting, _person, browser = plan
    set_clock(sitting.opens_at)
    address = start(sitting, browser).headers["Location"]
    stranger = client_of(make.person())
    for path in (
        f"/sittings/{sitting.id}/clock",
        address,
        f"{address}/check",
        f"{address}/receipt",
        f"/results/{address.split('/')[-1]}",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/sittings/{sitting.id}/start").status_code == 404
    assert stranger.post(f"{address}/take-over").status_code == 404


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_sitting_that_is_not_published_cannot_be_started(make, client_of, state):
    person = make.person()
    sitting = make.sitting(people=[person], state=state)
    assert start(sitting, client_of(person)).status_code == {"draft": 404, "cancelled": 409}[state]
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_person_on_leave_is_told_so(make, client_of):
    person = make.person()
    sitting = make.sitting(people=[person])
    with unit_of_work() as work:
        work.scalars(select(Candidate)).one().on_leave = True
    browser = client_of(person)
    assert "请假" in browser.get(f"/sittings/{sitting.id}").text
    assert start(sitting, browser).status_code == 409


def test_another_attempt_is_drawn_anew_where_it_is_allowed(make, sit, client_of):
    person = make.person()
    sitting = make.sitting(people=[person], attempts_allowed=2)
    first = sit(sitting, person)
    first.save((1, ["B"]), final=True)
    second = sit(sitting, person)
    assert second.id != first.id
    assert second.stored() == {}
    assert second.row().number == 2
    second.save(final=True)
    assert start(sitting, second.browser).status_code == 409


def test_attempts_are_drawn_ahead_in_batches_and_only_once(make, monkeypatch):  # R26
    monkeypatch.setattr(attempts, "BATCH", 3)
    people = [make.person() for _ in range(7)]
    sitting = make.sitting(people=people)
    seen = []
    assert attempts.prepare(sitting.id, progress=lambda done, total: seen.append((done, total))) == 7
    assert seen == [(3, 7), (6, 7), (7, 7)]
    assert attempts.prepare(sitting.id) == 0
    rows = db.session.scalars(select(Attempt)).all()
    assert {row.state for row in rows} == {"ready"}
    assert len({row.candidate_id for row in rows}) == len({row.seed for row in rows}) == 7
    assert {len(row.items) for row in rows} == {8}


def test_the_job_draws_what_was_published(make):
    from app.core import jobs

    sitting = make.sitting(people=[make.person(), make.person()])
    with unit_of_work():
        attempts.enqueue_prepare(sitting)
    jobs.run_all_due()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_a_prepared_attempt_is_the_one_that_starts(make, sit):
    person = make.person()
    sitting = make.sitting(people=[person])
    attempts.prepare(sitting.id)
    prepared = db.session.scalars(select(Attempt)).one()
    before = (prepared.id, prepared.seed, prepared.items)
    started = sit(sitting, person).row()
    assert (started.id, started.seed, started.items) == before


def test_an_attempt_that_ran_out_does_not_stand_in_the_way_of_the_words(make, sit, set_clock):
    person = make.person()
    sitting = make.sitting(people=[person], window=180 * MINUTE)
    started = sit(sitting, person)
    set_clock(started.row().due_at + MINUTE)  # the job has not come by
    assert start(sitting, started.browser).status_code == 409
    with pytest.raises(errors.NoAttemptsLeft), unit_of_work() as work:
        attempts.start_attempt(work.scalars(select(Candidate)).one(), now=clock.now())


def test_an_idle_person_stays_signed_in_while_an_attempt_runs(make, sit, set_clock):  # R45
    person = make.person()
    sitting = make.sitting(people=[person], minutes=200, window=240 * MINUTE)
    running = sit(sitting, person)
    set_clock(running.row().started_at + timedelta(minutes=190))
    assert running.browser.get(f"/attempts/{running.id}").status_code == 200
    running.save(final=True)
    assert running.browser.get(f"/attempts/{running.id}/receipt").status_code == 200
