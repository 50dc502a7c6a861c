"""A durable save beside a bare Flask view and beside the naive idiom, turn by turn on one server."""

from sqlalchemy import func, select

from app.core.db import db
from app.exams.models import Response
from bench import seeding, server, stores
from bench.closed_loop import SEQUENCES_OF_A_RUN, Loop, in_words
from bench.results import compared, told

ROUND = ("bare", "app", "naive")
LEAST, LEAST_OF_NAIVE = 0.30, 3.5


def measure(name, options):
    """Return the rows of the save endpoint on one store."""
    with stores.opened(name) as store:
        takers = seeding.started(store, seeding.sitting(store, options.people, 100))
        with server.running(store, server.SIDE_BY_SIDE) as served:
            loop = Loop(served, takers, store.folder)
            for whom in ROUND:
                loop.run("save", whom, max(1, options.warm_seconds // 3))
            runs = [_round(loop, options.seconds, store) for _ in range(options.repeats)]
    return _rows(name, runs), [
        f"{name}: closed loop by {in_words()}, 64 connections; a save is one answer, and every answer differs from the one before"
    ]


def _round(loop, seconds, store):
    """Return {whom: Load} of one round, after a look whether what was acknowledged is stored."""
    found = {}
    for whom in ROUND:
        found[whom] = loop.run("save", whom, seconds)
        if whom != "bare":
            _check_stored(store, loop, found[whom])
    return found


def _check_stored(store, loop, load):
    """Raise when fewer answers of this run are stored than were acknowledged; some are answered by later ones."""
    with store.app.app_context():
        newest = db.session.scalar(select(func.max(Response.seq)))
        changed = db.session.scalar(select(func.count()).where(Response.seq > loop.round * SEQUENCES_OF_A_RUN))
        db.session.remove()
    assert newest > loop.round * SEQUENCES_OF_A_RUN, "a run of saves stored nothing"
    places = len(loop.takers) * 100
    assert changed >= min(load.requests, places) * 0.9, (
        f"{load.requests} saves were acknowledged, {changed} rows are from this run"
    )


def _rows(name, runs):
    sound = all(load.is_sound for loads in runs for load in loads.values())
    rates = [{whom: load.rate for whom, load in loads.items()} for loads in runs]
    tails = {whom: [loads[whom].p99_ms for loads in runs] for whom in ROUND}
    return [
        compared("durable save ÷ bare Flask JSON POST", name, [(r["app"], r["bare"]) for r in rates], "requests/s", LEAST, sound),
        told("durable save, p99 of 64 connections", name, tails["app"], "ms", tails["bare"]),
        compared(
            "durable save ÷ naive idiom", name, [(r["app"], r["naive"]) for r in rates], "requests/s", LEAST_OF_NAIVE, sound
        ),
        told("naive idiom, p99 of 64 connections", name, tails["naive"], "ms", tails["bare"]),
    ]
