"""Marking an attempt of 100 items in memory: questions known to the process, answers at hand, nothing stored.

The figure with the target is the marking itself: each question's compiled marker on the answer in its canonical form, and
the sum. Beside it the whole way that a hand-in takes: from the letters as they were shown to the rows of the mark sheet.
"""

import time

from sqlalchemy import select

from app.core.db import db
from app.exams.models import Attempt, Sitting
from app.exams.queries.versions import load_bodies, marker_of
from app.exams.rules.paper_order import option_seed
from app.exams.service.marking import marks_of
from bench import answers, seeding, stores
from bench.results import at_most, told

MOST_MICROSECONDS = 50
PEOPLE, REPEATS = 200, 9


def measure(name, options):
    """Return the rows: microseconds for one attempt, the median over rounds of 200 different attempts."""
    with stores.opened("sqlite") as store:
        seeding.draw(store, seeding.sitting(store, PEOPLE, 100))
        with store.app.app_context():
            drawn, given = _work()
            ready = [_canonical(attempt, own) for attempt, own in zip(drawn, given, strict=True)]
            _check(drawn, given, ready)
            alone = [_timed(_score, zip(ready)) for _ in range(REPEATS)]
            whole = [_timed(marks_of, zip(drawn, given, strict=True)) for _ in range(REPEATS)]
            db.session.remove()
    what = "marking one attempt of 100 items in memory"
    return [
        at_most(what, name, alone, "µs", MOST_MICROSECONDS),
        told(f"{what}, from shown letters to a mark sheet", name, whole, "µs"),
    ], []


def _work():
    """Return (attempts, their answers as {position: answer}); three answers in four are right."""
    query = select(Attempt.id, Attempt.seed, Attempt.items, Sitting.shuffle_options).join(
        Sitting, Sitting.id == Attempt.sitting_id
    )
    drawn = db.session.execute(query).all()
    bodies = load_bodies({version_id for attempt in drawn for version_id, _ in attempt.items})
    return drawn, [answers.of_attempt(attempt.items, attempt.seed, bodies, 0.75) for attempt in drawn]


def _canonical(attempt, given):
    """Return [(marker, answer in the question's own letters)]."""
    found = []
    for position, (version_id, section_id) in enumerate(attempt.items, 1):
        kind, body, marker = marker_of(version_id, section_id)
        found.append(
            (marker, kind.normalised(body, given[position], option_seed(attempt.seed, version_id), attempt.shuffle_options))
        )
    return found


def _score(ready):
    return sum(marker(answer).points for marker, answer in ready)


def _check(drawn, given, ready):
    """Both ways must come to the same scores, of three quarters of the points and a little more."""
    scores = [marks_of(attempt, own)[1] for attempt, own in zip(drawn, given, strict=True)]
    assert scores == [_score(pairs) for pairs in ready]
    share = float(sum(scores)) / (100 * len(scores))
    assert 0.7 < share < 0.9, f"{share:.2f} of the points for three quarters of the answers"


def _timed(act, calls):
    """Return the microseconds of one call, over all of `calls`."""
    calls = list(calls)
    begun = time.perf_counter()
    for arguments in calls:
        act(*arguments)
    return (time.perf_counter() - begun) / len(calls) * 1e6
