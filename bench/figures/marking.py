"""Marking an attempt of 100 items in memory: the questions are known to the process, the answers are at hand, nothing is stored."""

import time

from sqlalchemy import select

from app.core.db import db
from app.exams.models import Attempt, Sitting
from app.exams.queries.versions import load_bodies
from app.exams.service.marking import marks_of
from bench import answers, seeding, stores
from bench.results import at_most

MOST_MICROSECONDS = 50
PEOPLE, REPEATS = 200, 7


def measure(name, options):
    """Return the row: microseconds for one attempt, the median over rounds of 200 different attempts."""
    with stores.opened("sqlite") as store:
        seeding.draw(store, seeding.sitting(store, PEOPLE, 100))
        with store.app.app_context():
            work = _work()
            _check(work)
            rounds = [_round(work) for _ in range(REPEATS)]
            db.session.remove()
    return [at_most("marking one attempt of 100 items in memory", name, rounds, "µs", MOST_MICROSECONDS)], []


def _work():
    """Return [(attempt, {position: answer})]; three answers in four are right."""
    query = select(Attempt.id, Attempt.seed, Attempt.items, Sitting.shuffle_options).join(
        Sitting, Sitting.id == Attempt.sitting_id
    )
    drawn = db.session.execute(query).all()
    bodies = load_bodies({version_id for attempt in drawn for version_id, _ in attempt.items})
    return [(attempt, answers.of_attempt(attempt.items, attempt.seed, bodies, 0.75)) for attempt in drawn]


def _check(work):
    """Mark everything once, so that all questions are known; three quarters of the points must come out."""
    scores = [marks_of(attempt, given)[1] for attempt, given in work]
    share = float(sum(scores)) / (100 * len(scores))
    assert 0.7 < share < 0.9, f"{share:.2f} of the points for three quarters of the answers"


def _round(work):
    begun = time.perf_counter()
    for attempt, given in work:
        marks_of(attempt, given)
    return (time.perf_counter() - begun) / len(work) * 1e6
