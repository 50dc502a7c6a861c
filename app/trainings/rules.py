"""Decisions and arithmetic of trainings: pure functions of plain values."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

LONGEST_DAYS = 62  # a training of more days than this is a slip of the pen
SPACED = re.compile(
    r"(?<![^\s,，;；、])[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff])+(?![^\s,，;；、])"
)  # 王 芳, padded to the width of three


def group_of(path, known):
    """Return the id of the deepest unit of `known` on a unit path ("/1/7/12/"), or the path's own unit: a branch counts with its school."""
    ids = [int(part) for part in path.strip("/").split("/")]
    return next((unit_id for unit_id in reversed(ids) if unit_id in known), ids[-1])


def phase(starts_on, ends_on, today, state="planned"):
    """Return how a training stands on a day: upcoming, running, over, or closed."""
    if state == "closed":
        return "closed"
    if today < starts_on:
        return "upcoming"
    return "running" if today <= ends_on else "over"


def overlapping(items):
    """Return the ids of agenda items that share time with another one. items: objects with id, starts_at, ends_at (half open)."""
    clashes = (
        pair for pair in combinations(items, 2) if pair[0].starts_at < pair[1].ends_at and pair[1].starts_at < pair[0].ends_at
    )
    return {item.id for pair in clashes for item in pair}


def seen_roster(person_ids):
    """Return a short digest of who is on a roster, so that a unit confirms the people it saw and no others."""
    return blake2b(",".join(map(str, sorted(person_ids))).encode(), digest_size=12).hexdigest()


def tidy(text):
    """Return a pasted list with names joined that were padded to the width of three characters: 王　芳 is 王芳."""
    return "\n".join(SPACED.sub(lambda spaced: "".join(spaced.group().split()), line) for line in text.splitlines())


@dataclass(frozen=True)
class Counts:
    """Everything the spine of a training counts. People, units, sittings and copies as whole numbers."""

    agenda: int = 0
    people: int = 0
    units: int = 0
    units_confirmed: int = 0
    courses: int = 0
    finished: int = 0  # people on the roster who finished every course
    sittings: int = 0
    sittings_open: int = 0  # published and not over
    due: int = 0  # candidates
    handed_in: int = 0
    marked: int = 0  # of those who handed in, the ones whose papers are all marked
    confirmed: int = 0  # sittings with confirmed results
    notices: int = 0  # drafted in any state but withdrawn
    issued: int = 0
    to_sign: int = 0
    signed: int = 0


def steps(counts):
    """Return {step: state} in the order of the spine; states: done, now (something is under way or waiting), todo."""
    some = {
        "plan": (counts.agenda > 0 and counts.people > 0, counts.agenda > 0 or counts.people > 0),
        "roster": (0 < counts.units == counts.units_confirmed, counts.units > 0),
        "learn": (counts.courses > 0 and 0 < counts.people <= counts.finished, counts.courses > 0 and counts.people > 0),
        "test": (counts.sittings > 0 and not counts.sittings_open and counts.handed_in > 0, counts.sittings > 0),
        "marking": (0 < counts.handed_in == counts.marked, counts.handed_in > 0),
        "results": (
            0 < counts.sittings == counts.confirmed,
            counts.confirmed > 0 or (counts.sittings > 0 and not counts.sittings_open),
        ),
        "notices": (0 < counts.notices == counts.issued, counts.notices > 0 or counts.confirmed > 0),
        "signing": (counts.issued > 0 and counts.to_sign == counts.signed, counts.to_sign > 0),
    }
    return {step: "done" if done else "now" if begun else "todo" for step, (done, begun) in some.items()}
