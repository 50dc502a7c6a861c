"""Running the spreadsheet reader in a child process with limits: a small hostile file may ask for gigabytes (R58)."""

import faulthandler
import json
import multiprocessing
import resource

from app.people.roster.problems import FileRefused

SECONDS, MEGABYTES = 60, 1024


def run_limited(fn, *args, seconds=SECONDS, megabytes=MEGABYTES):
    """Return the JSON-able result of `fn(*args)`, computed in a forked child that may use so much time and memory.

    Raises FileRefused: the child's own, or "too_heavy" when it died of its limits.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, fn, args, seconds, megabytes), daemon=True)
    child.start()
    sender.close()
    try:
        answer = json.loads(receiver.recv_bytes()) if receiver.poll(seconds * 2) else None
    except (EOFError, OSError):
        answer = None  # the child died before it could answer
    finally:
        receiver.close()
        if answer is None and child.is_alive():
            child.kill()
        child.join()
    if answer is None:
        raise FileRefused("too_heavy")
    if "refused" in answer:
        raise FileRefused(answer["refused"], **answer["values"])
    return answer["result"]


def _work(sender, fn, args, seconds, megabytes):
    faulthandler.disable()  # dying of the limits is expected here
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_used() + megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = {"result": fn(*args)}
    except FileRefused as refusal:
        answer = {"refused": refusal.code, "values": refusal.values}
    except MemoryError:
        answer = {"refused": "too_heavy", "values": {}}
    sender.send_bytes(json.dumps(answer).encode())
    sender.close()


def _used():
    """Bytes of address space that the forked child has to begin with."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
