"""A whole sitting of 50 questions through HTTP: CPU of all server processes, and what it leaves on the disk.

Counted from /proc/<pid>/stat (utime, stime, and those of children that ended) of gunicorn's first process, its two web
processes and the worker, and of all PostgreSQL processes. Everybody takes one step, then everybody the next, so that
each step's share shows; the sum is one whole sitting. argon2 is in it, the css and js that a browser loads once are not.

People come one after another. With several at once on all cores the same work is charged with more time, because cores share
caches and units: that stands in a row of its own.
"""

import statistics
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.exams.models import Attempt
from app.exams.queries.versions import load_bodies
from app.people.models import Person
from bench import processes, seeding, server, stores
from bench.browser import TOKEN, Browser
from bench.figures.page import assets
from bench.results import at_most, told

MOST_CPU_MS, MOST_KILOBYTES = 100, 10
QUESTIONS, SAVES, WARM_UP, CROWD = 50, 15, 20, 4
ANSWERS = {"single_choice": ["B"], "multiple_choice": ["A", "C"], "true_false": ["true"], "fill_blank": ["三个月"]}


def measure(name, options):
    """Return the rows of whole sittings on one store."""
    people = WARM_UP + options.sittings * (options.repeats + 1)
    with stores.opened(name) as store:
        sitting_id = seeding.sitting(store, people, QUESTIONS)
        before = store.size()
        seeding.draw(store, sitting_id)
        takers = _takers(store, sitting_id)
        with server.running(store) as served:
            roots = [served.pid, *store.database_pids]
            _round(served, roots, takers[:WARM_UP], CROWD)
            parts = [takers[WARM_UP + n * options.sittings :][: options.sittings] for n in range(options.repeats + 1)]
            rounds = [_round(served, roots, part, 1) for part in parts[1:]]
            crowded = _round(served, roots, parts[0], CROWD)
            files = _files_cost(served, roots, parts[-1][0])
        grown = (store.size() - before) / len(takers)
        _check_marked(store, len(takers))
    return _rows(name, rounds, crowded, grown), _notes(name, rounds, files, options)


@dataclass
class Sitter:
    """One person on the way through the steps."""

    account: str
    sitting_id: int
    kinds: list
    browser: Browser = None
    page: str = ""
    token: str = ""
    attempt: str = ""
    seq: int = 0

    def sign_in(self):
        page = self.browser.get(f"/signin?next=/sittings/{self.sitting_id}")
        self.browser.submit("/signin", page, name=self.account, password=seeding.PASSWORD, next=f"/sittings/{self.sitting_id}")
        assert self.browser.location == f"/sittings/{self.sitting_id}", self.browser.location

    def look_at_start(self):
        self.page = self.browser.get(f"/sittings/{self.sitting_id}")
        self.browser.get(f"/sittings/{self.sitting_id}/clock")

    def start(self):
        self.browser.submit(f"/sittings/{self.sitting_id}/start", self.page)
        self.attempt = self.browser.location

    def open_page(self):
        self.page = self.browser.get(self.attempt)
        self.token = TOKEN.search(self.page).group(1)

    def answer(self):
        """Answer every question once, in 15 saves of three or four answers."""
        bounds = [QUESTIONS * n // SAVES for n in range(SAVES + 1)]
        for first, last in zip(bounds, bounds[1:], strict=False):
            answer = self._send([self._change(position) for position in range(first + 1, last + 1)])
            assert answer["acked"] == self.seq and answer["state"] == "in_progress", answer

    def _change(self, position):
        self.seq += 1
        return {"position": position, "seq": self.seq, "answer": ANSWERS[self.kinds[position - 1]], "flag": False, "age_ms": 350}

    def _send(self, changes, final=False):
        return self.browser.send(f"{self.attempt}/responses", self.token, {"changes": changes, "events": [], "final": final})

    def check(self):
        self.browser.get(f"{self.attempt}/check")

    def hand_in(self):
        assert self._send([], final=True)["state"] == "handed_in"

    def look_at_receipt(self):
        self.browser.get(f"{self.attempt}/receipt")

    def look_at_result(self):
        self.browser.get(f"/results/{self.attempt.rsplit('/', 1)[1]}")
        self.browser.close()


STEPS = {"sign in": Sitter.sign_in, "start page": Sitter.look_at_start, "start": Sitter.start, "exam page": Sitter.open_page,
         "15 saves": Sitter.answer, "check": Sitter.check, "hand in": Sitter.hand_in, "receipt": Sitter.look_at_receipt,
         "result": Sitter.look_at_result}  # fmt: skip


def _takers(store, sitting_id):
    """Return (account, sitting, kinds of the questions in the attempt's order) of everybody."""
    with store.app.app_context():
        query = select(Person.account, Attempt.items).join(Attempt, Attempt.person_id == Person.id).order_by(Person.id)
        found = db.session.execute(query).all()
        bodies = load_bodies({version_id for _, items in found for version_id, _ in items})
        takers = [(account, sitting_id, [bodies[version_id][0] for version_id, _ in items]) for account, items in found]
        db.session.remove()
    return takers


def _round(served, roots, takers, at_once):
    """Take everybody through all steps, so many at once; return {step: milliseconds of CPU for one person}."""
    sitters = [Sitter(*taker, browser=Browser(served.port)) for taker in takers]
    costs = {}
    with ThreadPoolExecutor(at_once) as pool:
        for step, act in STEPS.items():
            before = processes.cpu_seconds(*roots)
            list(pool.map(act, sitters))
            costs[step] = (processes.cpu_seconds(*roots) - before) / len(sitters) * 1000
    return costs


def _files_cost(served, roots, taker):
    """Return the milliseconds of CPU of the css and js of the start page, which a browser loads once; kept for good after that."""
    sitter = Sitter(*taker, browser=Browser(served.port))
    sitter.sign_in()
    page = sitter.browser.get(f"/sittings/{sitter.sitting_id}")
    before = processes.cpu_seconds(*roots)
    for _ in range(10):
        assets(served, page)
    return (processes.cpu_seconds(*roots) - before) / 10 * 1000


def _check_marked(store, count):
    with store.app.app_context():
        marked = db.session.scalars(select(Attempt.score).where(Attempt.marked_at.is_not(None))).all()
        db.session.remove()
    assert len(marked) == count and any(marked), f"{len(marked)} of {count} attempts are marked"


def _rows(name, rounds, crowded, grown):
    return [
        at_most(
            "whole sitting of 50 questions: server CPU, web + worker + database",
            name,
            [sum(costs.values()) for costs in rounds],
            "ms",
            MOST_CPU_MS,
        ),
        told(f"the same with {CROWD} people at once", name, [sum(crowded.values())], "ms"),
        at_most("disk for one attempt of 50, answered and marked", name, [grown / 1000], "kB", MOST_KILOBYTES),
    ]


def _notes(name, rounds, files, options):
    shares = ", ".join(f"{step} {statistics.median(costs[step] for costs in rounds):.1f}" for step in STEPS)
    return [
        f"{name}: one sitting costs, in ms of CPU: {shares} ({options.repeats} rounds of {options.sittings} people, one after another; "
        f"the start page's css and js, once for each browser: {files:.0f})",
        f"{name}: the disk holds the attempt, its answers and marks, the sign-in and the audit entries of both",
    ]
