"""Decisions and arithmetic of trainings: pure functions of plain values."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

LONGEST_DAYS = 62  # a training of more days than this is a slip of the pen
SPACED = re.compile(r"(?<![^\s,;、])[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff])+(?![^\s,;、])")  # 王 芳, padded to the width of three
MOST_LINES = 2000  # of a pasted list of people


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


@dataclass(frozen=True)
class Typed:
    """One line of a pasted list: its number from 1, and its words."""

    line: int
    words: tuple


def typed_people(text):
    """Return a Typed for each line that holds something; words stand apart by blanks, commas, tabs or 、; brackets are dropped.

    Leading numbers such as `1.` or `2、` are list numbers when another word follows.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = unicodedata.normalize("NFKC", line)
        plain = re.sub(r"^\s*\(?\d{1,4}\s*[.、)]\s*(?=\S)", "", plain)
        plain = SPACED.sub(lambda spaced: "".join(spaced.group().split()), plain)
        words = tuple(word for word in re.split(r"[\s,;、()\[\]|]+", plain) if word)
        if words:
            found.append(Typed(number, words))
    return found


@dataclass(frozen=True)
class Known:
    """A person as the paste needs to recognise them."""

    id: int
    name: str
    account: str
    phone: str | None
    beside: tuple  # what may stand beside the name: the unit's name first, its other names, the position

    @property
    def label(self):
        """The person with what tells them apart, for a list of people of one name."""
        return f"{self.name}（{self.beside[0]}，{self.account}）"

    def is_called(self, words):
        """True when every word fits this person."""
        own = {self.name, self.account, self.phone, *self.beside}
        return all(word in own or word.lower() == self.account for word in words)

    def is_named(self, words):
        """True when some word names this person; a unit or position alone does not."""
        return any(word in (self.name, self.phone) or word.lower() == self.account for word in words)


def recognise(typed, people):
    """Return ({line: person id}, {line: people it may mean}); an empty list there: nobody.

    typed: Typed lines. people: Known people who bear one of the words as name, account or phone.
    """
    sure, unclear = {}, {}
    by_word = {}
    for person in people:
        for word in {person.name, person.account, person.phone} - {None}:
            by_word.setdefault(word, []).append(person)
    for entry in typed:
        near = {person.id: person for word in entry.words for person in by_word.get(word, []) + by_word.get(word.lower(), [])}
        meant = [person for person in near.values() if person.is_called(entry.words) and person.is_named(entry.words)]
        if len(meant) == 1:
            sure[entry.line] = meant[0].id
        else:
            unclear[entry.line] = meant or [person for person in near.values() if person.is_named(entry.words)]
    return sure, unclear


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
