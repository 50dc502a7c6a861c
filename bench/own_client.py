"""The closed loop without wrk: two processes of 32 connections each. Takes more of the computer than wrk does, from both sides of a pair.

Usage: python -m bench.own_client '{"WHAT": …, "PATH": …, "BASE": …, "ROUND": …, "seconds": …, "port": …}' takers.json
"""

import asyncio
import json
import multiprocessing
import sys
import time

from bench import wire

PROCESSES, CONNECTIONS = 2, 32
LETTERS = "ABCD"


class Requests:
    """What closed_loop.lua makes, made here."""

    def __init__(self, order, takers, number):
        self.order, self.made = order, 0
        part = len(takers) // PROCESSES
        self.takers = takers[number * part : (number + 1) * part]

    def next(self):
        """Return the bytes of the next request."""
        self.made += 1
        lap, at = divmod(self.made, len(self.takers))
        attempt, token, cookie = self.takers[at]
        path = self.order["PATH"]
        if self.order["WHAT"] == "page":
            return wire.get(path or f"/attempts/{attempt}", cookie)
        change = {"position": (lap + at + self.order["ROUND"]) % 100 + 1, "seq": self.order["BASE"] + self.made,
                  "answer": [LETTERS[self.made % 4]], "flag": False, "age_ms": 350}  # fmt: skip
        path = path.replace("ATTEMPT", str(attempt)) if path else f"/attempts/{attempt}/responses"
        return wire.post_json(path, cookie, token, json.dumps({"changes": [change], "events": [], "final": False}))


async def _loop(port, requests, end, seen):
    connection = wire.Connection(port)
    while (begun := time.perf_counter()) < end:
        try:
            status, body = await connection.exchange(requests.next())
        except (OSError, asyncio.IncompleteReadError):
            seen["broken"] += 1
            continue
        seen["latencies"].append(time.perf_counter() - begun)
        seen["bytes"] += len(body)
        seen["refused"] += status >= 400
    connection.close()


async def _loops(order, takers, number):
    requests, seen = Requests(order, takers, number), {"latencies": [], "bytes": 0, "refused": 0, "broken": 0}
    end = time.perf_counter() + order["seconds"]
    await asyncio.gather(*(_loop(order["port"], requests, end, seen) for _ in range(CONNECTIONS)))
    return seen


def _process(order, path, number):
    with open(path) as file:
        takers = json.load(file)
    return asyncio.run(_loops(order, takers, number))


def main(order, path):
    """Run the processes; print the RESULT line."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.starmap(_process, [(order, path, number) for number in range(PROCESSES)])
    latencies = sorted(latency for seen in found for latency in seen["latencies"])
    result = {name: sum(seen[name] for seen in found) for name in ("bytes", "refused", "broken")}
    result |= {
        "requests": len(latencies),
        "seconds": order["seconds"],
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000 if latencies else 0,
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2])
