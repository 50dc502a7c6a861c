"""Jobs run at least once, back off, die with their reason, and are never lost with their worker."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.core.jobs import Job


@pytest.fixture
def handled(context):
    """A handler `test.note` that notes what it was given; failing while `payload["fail"]`."""
    seen = []

    def note(run):
        if run.payload.get("fail"):
            raise ValueError("told to fail")
        seen.append(run.payload)

    jobs.HANDLERS["test.note"] = note
    yield seen
    del jobs.HANDLERS["test.note"]


def add(payload, **kw):
    with unit_of_work():
        return jobs.enqueue("test.note", payload, **kw).id


def test_a_job_of_a_failed_unit_never_runs(handled):  # R35
    with pytest.raises(ZeroDivisionError), unit_of_work():
        jobs.enqueue("test.note", {"n": 1})
        raise ZeroDivisionError
    assert jobs.run_all_due() == 0


def test_the_same_key_is_enqueued_once(handled):  # R24
    assert add({"n": 1}, key="a") == add({"n": 2}, key="a")
    assert jobs.run_all_due() == 1


def test_a_failing_job_backs_off_and_then_dies_with_its_reason(handled, set_clock):  # R35
    start = set_clock("2026-04-20 09:00")
    job_id = add({"fail": True}, max_attempts=2)
    jobs.run_one()
    job = db.session.get(Job, job_id)
    assert job.state == "ready"
    assert timedelta(minutes=1) <= job.run_at - start <= timedelta(minutes=1.1)
    set_clock(job.run_at)
    db.session.rollback()
    jobs.run_one()
    job = db.session.get(Job, job_id)
    assert (job.state, job.last_error) == ("dead", "told to fail")


def test_the_job_of_a_dead_worker_runs_again(handled, set_clock):  # R26
    start = set_clock("2026-04-20 09:00")
    add({"n": 1})
    assert jobs.claim("worker that dies").payload == {"n": 1}
    assert jobs.run_one() is False
    set_clock(start + jobs.LEASE + timedelta(seconds=1))
    assert jobs.run_one() is True
    assert handled == [{"n": 1}]


def test_a_worker_that_lost_its_lease_cannot_finish(handled, set_clock):  # R26
    start = set_clock("2026-04-20 09:00")
    job_id = add({"n": 1})
    slow = jobs.claim("slow")
    set_clock(start + jobs.LEASE + timedelta(seconds=1))
    jobs.claim("quick")
    with pytest.raises(jobs.LeaseLost):
        slow.progress(1, 2)
    jobs._finish(slow, state="done")
    assert db.session.get(Job, job_id).state == "running"


def test_periodic_work_fires_once_for_many_workers(context, set_clock):  # R26
    set_clock("2026-04-20 09:00")
    fired = []
    jobs.PERIODIC["test.tick"] = (timedelta(minutes=5), lambda: fired.append(clock.now()))
    try:
        jobs._claim_periodic("test.tick", timedelta(minutes=5), clock.now())
        jobs._claim_periodic("test.tick", timedelta(minutes=5), clock.now())
        assert db.session.scalar(select(func.count()).select_from(jobs.Schedule)) == 1
        assert jobs._claim_periodic("test.tick", timedelta(minutes=5), clock.now()) is False
    finally:
        del jobs.PERIODIC["test.tick"]
