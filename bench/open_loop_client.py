"""The open loop: everybody saves when it is due, whether the server kept up or not; lateness counts from the moment it was due.

A process of its own, with one kept connection for each person. Everybody opens the exam page in the first two intervals
(the warm-up), then saves once in each interval, at an even distance from the others.
Usage: python -m bench.open_loop_client takers.json PORT SECONDS EVERY → one RESULT line.
"""

import asyncio
import gc
import json
import sys
import time

from bench import wire

LEAD_SECONDS = 1
OPENING = 2  # intervals in which everybody opens the page
ANSWERED_WITHIN = 20  # seconds; after that the answer counts as lost
LETTERS = "ABCD"


class Seen:
    """What all people saw together."""

    def __init__(self):
        self.late_ms, self.page_ms, self.sent_late_ms = [], [], 0.0
        self.errors, self.reconnects, self.acked = {}, 0, {}

    def error(self, what):
        self.errors[what] = self.errors.get(what, 0) + 1


async def person(taker, port, opens, first, saves, every, seen):
    """Open the page at `opens` (loop time), then save `saves` times from `first` on."""
    loop = asyncio.get_running_loop()
    connection = wire.Connection(port)
    page = wire.get(f"/attempts/{taker['attempt']}", taker["cookie"])
    await asyncio.sleep(opens - loop.time())
    await _timed(connection, page, opens, seen.page_ms, seen, lambda body: len(body) > 1000)
    for number in range(1, saves + 1):
        due = first + (number - 1) * every
        if loop.time() < due:
            await asyncio.sleep(due - loop.time())
            seen.sent_late_ms = max(seen.sent_late_ms, (loop.time() - due) * 1000)
        stored = await _timed(
            connection, _save(taker, number), due, seen.late_ms, seen, lambda body, n=number: _is_acknowledged(body, n)
        )
        if stored:
            seen.acked[taker["attempt"]] = number
    seen.reconnects += connection.opened - 1
    connection.close()


def _save(taker, number):
    change = {
        "position": (taker["attempt"] + number) % 100 + 1,
        "seq": number,
        "answer": [LETTERS[number % 4]],
        "flag": False,
        "age_ms": 350,
    }
    body = json.dumps({"changes": [change], "events": [], "final": False})
    return wire.post_json(f"/attempts/{taker['attempt']}/responses", taker["cookie"], taker["token"], body)


def _is_acknowledged(body, number):
    answer = json.loads(body)
    return answer["state"] == "in_progress" and answer["acked"] == number


async def _timed(connection, request, due, times, seen, is_good):
    """Exchange; a connection that the server had closed is opened again, as a browser does. Return whether all was well."""
    try:
        status, body = await asyncio.wait_for(_exchange(connection, request), ANSWERED_WITHIN)
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
        connection.close()
        seen.error(type(error).__name__)
        return False
    times.append((asyncio.get_running_loop().time() - due) * 1000)
    if status != 200 or not is_good(body):
        seen.error(f"status {status}")
        return False
    return True


async def _exchange(connection, request):
    try:
        return await connection.exchange(request)
    except wire.Closed:
        return await connection.exchange(request)


async def run(takers, port, seconds, every):
    """Return the Seen of everybody."""
    seen, start = Seen(), asyncio.get_running_loop().time() + LEAD_SECONDS
    gc.freeze()
    places = [every * n / len(takers) for n in range(len(takers))]
    saving = start + OPENING * every
    await asyncio.gather(
        *(
            person(taker, port, start + OPENING * place, saving + place, int(seconds // every), every, seen)
            for taker, place in zip(takers, places, strict=True)
        )
    )
    return seen


def main(path, port, seconds, every):
    """Run and print the RESULT line."""
    with open(path) as file:
        takers = json.load(file)
    begun = time.monotonic()
    seen = asyncio.run(run(takers, int(port), float(seconds), float(every)))
    late = sorted(seen.late_ms)
    result = {
        "saves": len(late),
        "seconds": time.monotonic() - begun,
        "p50_ms": late[len(late) // 2],
        "p99_ms": late[int(len(late) * 0.99)],
        "latest_ms": late[-1],
        "pages_latest_ms": max(seen.page_ms),
        "client_late_ms": seen.sent_late_ms,
        "errors": seen.errors,
        "reconnects": seen.reconnects,
        "acked": seen.acked,
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
