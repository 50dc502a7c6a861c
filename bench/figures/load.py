"""The open loop: 2,000 people save every 10 s for 60 s, each on a connection of their own; and the memory meanwhile.

Memory is the sum of PSS from /proc/<pid>/smaps_rollup over gunicorn's first process, the web processes and the worker,
the highest of samples taken while it runs: a page that n processes share counts 1/n in each, so once in all.
"""

import json
import subprocess
import sys

from sqlalchemy import func, select

from app.config import ROOT
from app.core.db import db
from app.exams.models import Response
from bench import processes, seeding, server, stores
from bench.results import at_most, told

EVERY = 10  # seconds between two saves of one person
SAMPLE_SECONDS = 3
LATEST_MS, MOST_MEGABYTES = 1000, 350


def measure(name, options):
    """Return the rows of the open loop on one store."""
    with stores.opened(name) as store:
        takers = seeding.started(store, seeding.sitting(store, options.people, 100))
        path = seeding.write(takers, store.folder / "takers.json")
        with server.running(store) as served, processes.MemorySamples(served.pid, SAMPLE_SECONDS) as samples:
            before = processes.cpu_seconds(served.pid, *store.database_pids)
            seen = _client(path, served.port, options.open_loop_seconds)
            used = processes.cpu_seconds(served.pid, *store.database_pids) - before
        lost = _lost(store, seen["acked"])
    return _rows(name, options, seen, lost, samples), [_note(name, seen, used)]


def _client(path, port, seconds):
    command = [sys.executable, "-m", "bench.open_loop_client", str(path), str(port), str(seconds), str(EVERY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 3 * EVERY + 90)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise RuntimeError(f"the open loop's client gave no result: {done.stderr[-1000:]}")
    return json.loads(lines[0][len("RESULT ") :])


def _lost(store, acked):
    """Return how many attempts have less stored than was acknowledged."""
    with store.app.app_context():
        newest = dict(db.session.execute(select(Response.attempt_id, func.max(Response.seq)).group_by(Response.attempt_id)).all())
        db.session.remove()
    return sum(newest.get(int(attempt), 0) < seq for attempt, seq in acked.items())


def _rows(name, options, seen, lost, samples):
    who = f"open loop, {options.people:,} people saving every {EVERY} s"
    wrong = sum(seen["errors"].values()) + lost
    return [
        at_most(f"{who}: latest answer after it was due", name, [seen["latest_ms"]], "ms", LATEST_MS),
        told(f"{who}: p99", name, [seen["p99_ms"]], "ms"),
        at_most(f"{who}: errors and lost answers", name, [wrong], "", 0),
        at_most("memory of web and worker under that load", name, [samples.highest / 1e6], "MB", MOST_MEGABYTES),
    ]


def _note(name, seen, used):
    wrong = f"; errors {seen['errors']}" if seen["errors"] else ""
    return (
        f"{name}: open loop: {seen['saves']:,} saves, half within {seen['p50_ms']:.0f} ms, {used / seen['seconds'] * 100:.0f} % of one core; "
        f"pages in the warm-up at the latest after {seen['pages_latest_ms']:.0f} ms; the client itself was up to "
        f"{seen['client_late_ms']:.0f} ms late, {seen['reconnects']} connections were opened again{wrong}"
    )
