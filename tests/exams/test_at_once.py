"""R21: the same deed by many threads and processes at once happens once."""

import multiprocessing
import threading

import pytest
from sqlalchemy import func, select

from app import create_app
from app.core import clock
from app.core.audit import AuditEntry, verify
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, MarkSheet, Response
from app.exams.queries import entrance
from app.exams.saves.body import Change
from app.exams.saves.requests import SaveRequest
from app.exams.service import attempts, marking

THREADS, PROCESSES = 8, 2


def in_processes(app, work, *args):
    """Run `work(app, thread number, *args)` in 8 threads of each of 2 fresh processes at once; return all that they return."""
    settings = app.extensions["settings"]
    values = {name: getattr(settings, name) for name in ("database_url", "data_dir", "secret_key", "log_level")}
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    crew = [context.Process(target=_crew, args=(queue, values, work, place, args)) for place in range(PROCESSES)]
    [process.start() for process in crew]
    found = [queue.get(timeout=150) for _ in range(THREADS * PROCESSES)]
    [process.join(30) for process in crew]
    db.session.rollback()  # what was read before is old now
    return found


def _crew(queue, values, work, place, args):
    app = create_app(values)
    ready = threading.Barrier(THREADS)

    def run(number):
        ready.wait()
        try:
            queue.put(work(app, place * THREADS + number, *args))
        except Exception as error:
            queue.put(repr(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


def start(app, number, sitting_id, person_id):
    with app.app_context(), unit_of_work():
        attempt, begun = attempts.start_attempt(entrance.own_candidate(sitting_id, person_id, for_update=True), now=clock.now())
        return attempt.id, begun


def submit(app, number, attempt_id):
    request = SaveRequest(attempt_id, 1, clock.now(), [Change(number + 1, 1, '["A"]', False, 0)], [], final=True)
    return app.extensions["save_writer"].save(request).verdict.value


def mark(app, number, attempt_id):
    with app.app_context(), unit_of_work():
        return len(marking.mark_attempts([attempt_id], now=clock.now()))


@pytest.fixture
def one(make):
    person = make.person()
    return make.sitting(people=[person], paper=make.paper(per_kind=4)), person


def test_a_start_happens_once(app, one, context):  # R21, R22
    sitting, person = one
    found = in_processes(app, start, sitting.id, person.id)
    assert sorted(begun for _, begun in found) == [False] * 15 + [True]
    assert len({attempt_id for attempt_id, _ in found}) == 1
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.state, attempt.generation) == ("in_progress", 1)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "attempt.start")) == 1
    assert verify() == (1, None)


def test_a_hand_in_happens_once_and_nothing_comes_in_after_it(app, one, context):  # R21
    sitting, person = one
    with unit_of_work() as work:
        attempt, _ = attempts.start_attempt(work.scalars(select(Candidate)).one(), now=clock.now())
    found = in_processes(app, submit, attempt.id)
    assert sorted(set(found)) in (["closed", "handed_in"], ["handed_in"])
    assert found.count("handed_in") == 1
    assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_marking_at_once_adds_one_sheet(app, one, sit, context):  # R21, R22
    sitting, person = one
    sitter = sit(sitting, person)
    sitter.save(final=True)
    found = in_processes(app, mark, sitter.id)
    assert found == [1] * 16
    assert db.session.scalar(select(func.count()).select_from(MarkSheet)) == 1
