"""kill -9 of the web processes in the middle of saves: `python -m bench.faults.kill_web [--seed N] [--trials N] [--store NAME]`.

Each trial serves the real app with gunicorn on a loopback port, saves from many connections, kills all its processes at a
moment drawn from the seed, and compares what was acknowledged with what is stored. The control is served the same way with a
writer that acknowledges before it commits (`eager`): it must lose answers, or the trial could not have seen a loss.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass

import psycopg
from sqlalchemy import select, text

from app.core.db import db
from app.exams.models import Response
from bench import processes, seeding, server, stores, wire

PEOPLE, QUESTIONS, CONNECTIONS = 400, 100, 32
SEQUENCES_OF_A_TRIAL = 1_000_000
SAVING_SECONDS = (0.8, 2.0)  # before the kill
EAGER = "bench.faults.eager:app"


@dataclass
class Found:
    """The outcome of one trial. `lost`: acknowledged and not there; `corrupt`: there, but never sent like that."""

    trial: str
    store: str
    seed: int
    killed_after_seconds: float
    acknowledged: int
    stored: int
    lost: int
    corrupt: int


class Client:
    """Saves answers from several connections until the server is gone; remembers what it sent and what was acknowledged."""

    def __init__(self, port, takers, base):
        self.port, self.takers, self.base = port, takers, base
        self.sent, self.acknowledged = {}, {}

    def run(self):
        """Save until no connection is left."""
        asyncio.run(self._all())

    async def _all(self):
        await asyncio.gather(*[self._one(self.takers[place::CONNECTIONS]) for place in range(CONNECTIONS)])

    async def _one(self, takers):
        connection, made = wire.Connection(self.port), 0
        try:
            while True:
                taker = takers[made % len(takers)]
                made += 1
                await self._save(connection, taker, made)
        except (OSError, asyncio.IncompleteReadError):
            connection.close()

    async def _save(self, connection, taker, made):
        position, seq, answer = made % QUESTIONS + 1, self.base + made, ["ABCD"[made % 4]]
        change = {"position": position, "seq": seq, "answer": answer, "flag": False, "age_ms": 5}
        key = taker.attempt, position
        self.sent[key, seq] = answer
        body = json.dumps({"changes": [change], "events": [], "final": False})
        status, _ = await connection.exchange(
            wire.post_json(f"/attempts/{taker.attempt}/responses", taker.cookie, taker.token, body)
        )
        if status == 200:
            self.acknowledged[key] = seq


def trial(store, takers, *, name, seed, number):
    """Run one trial; return what was Found."""
    seconds = random.Random(f"{seed}/{name}/{number}").uniform(*SAVING_SECONDS)
    application = EAGER if name == "control" else server.REAL
    with server.running(store, application) as served:
        client = Client(served.port, takers, (number + 1) * SEQUENCES_OF_A_TRIAL)
        thread = threading.Thread(target=client.run)
        thread.start()
        time.sleep(seconds)
        kill(served.pid)
        thread.join(30)
    return compared(store, client, trial=name, seed=seed, killed_after_seconds=round(seconds, 3))


def kill(pid):
    """kill -9 a server that we started, with all its processes, the youngest last so that none is started anew."""
    for member in processes.family(pid):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue


def compared(store, client, **about):
    """Return Found: the acknowledged answers beside the stored ones."""
    _wait_for_the_database(store)
    with store.app.app_context():
        rows = db.session.execute(select(Response.attempt_id, Response.position, Response.seq, Response.answer)).all()
        sound = store.name != "sqlite" or db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.session.remove()
    held = {(attempt, position): (seq, json.loads(answer)) for attempt, position, seq, answer in rows}
    kept = [key for key, seq in client.acknowledged.items() if held.get(key, (0,))[0] >= seq]
    strange = [key for key, (seq, answer) in held.items() if seq > client.base and client.sent.get((key, seq)) != answer]
    acknowledged = len(client.acknowledged)
    corrupt = len(strange) + (not sound)
    return Found(
        store=store.name, acknowledged=acknowledged, stored=len(kept), lost=acknowledged - len(kept), corrupt=corrupt, **about
    )


def _wait_for_the_database(store):
    """Let PostgreSQL end the sessions of the killed: a transaction of theirs may still be on its way."""
    if store.name == "sqlite":
        return
    url = store.app.extensions["settings"].database.replace("+psycopg", "", 1)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(100):
            if not connection.execute(others).fetchone()[0]:
                return
            time.sleep(0.1)


def trials_on(name, seed, count):
    """Run `count` trials and one control on a store; yield each Found."""
    with stores.opened(name) as store:
        takers = seeding.started(store, seeding.sitting(store, PEOPLE, QUESTIONS))
        for number in range(count):
            yield trial(store, takers, name="kill -9 web", seed=seed, number=number)
        yield trial(store, takers, name="control", seed=seed, number=count)


def verdict(found):
    """Return the sentences on what is wrong with the trials; none when all is as it must be."""
    wrong = [
        f"{one.store}: {one.lost} lost, {one.corrupt} corrupt"
        for one in found
        if one.trial != "control" and (one.lost or one.corrupt)
    ]
    wrong += [f"{one.store}: nothing was acknowledged, so nothing was tried" for one in found if not one.acknowledged]
    return wrong + [
        f"{one.store}: the control lost nothing, so the trial proves nothing"
        for one in found
        if one.trial == "control" and not one.lost
    ]


def main():
    """Run the trials, print each as JSON and a sum; exit 1 when something was lost, or the control lost nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20260410)
    parser.add_argument("--trials", type=int, default=2, help="of each store, before its control")
    parser.add_argument("--store", choices=stores.NAMES, action="append", help="default: both")
    options = parser.parse_args()
    found = []
    for name in options.store or stores.NAMES:
        for one in trials_on(name, options.seed, options.trials):
            found.append(one)
            print(json.dumps(asdict(one)), flush=True)
    real = [one for one in found if one.trial != "control"]
    sums = {field: sum(getattr(one, field) for one in real) for field in ("acknowledged", "stored", "lost", "corrupt")}
    control = sum(one.lost for one in found if one.trial == "control")
    print(json.dumps({"trials": len(real), **sums, "control_lost": control}))
    wrong = verdict(found)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
