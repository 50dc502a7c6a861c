"""The busiest lists on the sample data (53 units, about 600 people, 395 questions): milliseconds from request to whole answer."""

import json
import statistics
import time

from sqlalchemy import select

from app.bank.models import Bank
from app.core.db import db
from app.exams.models import Sitting
from app.people import DEMO_FILE
from app.reports.sample import loader
from bench import server, stores
from bench.browser import Browser
from bench.results import at_most

MOST_MS, WARM_UP, TIMES = 150, 3, 15


def measure(name, options):
    """Return the row of the slowest list on one store."""
    with stores.opened(name, demo=True) as store:
        with store.app.app_context():
            loader.load()
            sittings = list(db.session.scalars(select(Sitting.id)))
            banks = list(db.session.scalars(select(Bank.id).order_by(Bank.id)))
            db.session.remove()
        accounts = {account: word for _, account, word in json.loads((store.folder / DEMO_FILE).read_text())}
        pages = {
            "admin": _of_administrator(sittings, banks),
            "auditor": ["/admin/audit", "/admin/audit?page=2"],
            "liaison": ["/unit", "/unit/people"],
        }
        with server.running(store) as served:
            took = {
                path: ms for account, paths in pages.items() for path, ms in _timed(served, account, accounts[account], paths)
            }
    slowest = sorted(took, key=took.get, reverse=True)
    rows = [at_most("busiest lists on the sample data: the slowest one's median", name, [took[slowest[0]]], "ms", MOST_MS)]
    return rows, [f"{name}: lists, median ms of {TIMES}: " + ", ".join(f"{path} {took[path]:.0f}" for path in slowest)]


def _of_administrator(sittings, banks):
    paths = [
        "/admin",
        "/admin/units",
        "/admin/people",
        "/admin/people?page=3",
        "/sittings",
        "/banks",
        "/admin/notices",
        "/admin/deliveries",
        "/trainings",
    ]
    paths += [f"/sittings/{number}/{page}" for number in sittings for page in ("candidates", "watch", "results")]
    return [*paths, *(f"/banks/{number}" for number in banks[:2])]


def _timed(served, account, password, paths):
    """Yield (path, median ms) of each page, asked for one after another."""
    browser = Browser(served.port)
    browser.submit("/signin", browser.get("/signin"), name=account, password=password, next="/")
    for path in paths:
        for _ in range(WARM_UP):
            browser.get(path)
        yield path, statistics.median(_milliseconds(browser, path) for _ in range(TIMES))
    browser.close()


def _milliseconds(browser, path):
    begun = time.perf_counter()
    browser.get(path)
    return (time.perf_counter() - begun) * 1000
