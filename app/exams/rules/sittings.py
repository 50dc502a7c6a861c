"""Planning a sitting: its phases, its times, who sees what when, and reading a pasted list of people. Plain values only."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

PHASES = ("draft", "upcoming", "open", "closed", "confirmed", "cancelled")
PASS_SHARE = Decimal("0.6")
SOON = timedelta(hours=2)  # a sitting that starts so soon leaves people little time to see it
LONGEST_WINDOW = timedelta(days=366)
RELEASE_ORDER = ("handed_in", "closed", "confirmed", "never")  # the earliest first
MOST_LINES = 5000
SEPARATORS = re.compile(r"[\s,，、;；|]+")


def phase(state, opens_at, closes_at, now):
    """Return which of PHASES a sitting is in; a published one by its half-open window (R3)."""
    if state != "published":
        return state
    if now < opens_at:
        return "upcoming"
    return "open" if now < closes_at else "closed"


def default_pass_mark(total):
    """Return 60 % of a paper's points, to the hundredth."""
    return (total * PASS_SHARE).quantize(Decimal("0.01"), ROUND_HALF_UP)


def minutes_between(start, end):
    """Return the whole minutes from `start` to `end`."""
    return int((end - start) / timedelta(minutes=1))


def last_full_start(closes_at, minutes_allowed):
    """Return the latest moment from which the whole time allowed still fits before the close (R2)."""
    return closes_at - timedelta(minutes=minutes_allowed)


def is_sooner(policy, other):
    """True when `policy` shows something earlier than `other` does."""
    return RELEASE_ORDER.index(policy) < RELEASE_ORDER.index(other)


def overlap(opens_at, closes_at, other_opens_at, other_closes_at):
    """True when two half-open windows share a moment."""
    return opens_at < other_closes_at and other_opens_at < closes_at


def tokens(line):
    """Return the words of one pasted line, half width: 「林知远　示例一中」 → ["林知远", "示例一中"]."""
    return [token for token in SEPARATORS.split(unicodedata.normalize("NFKC", line).strip()) if token]


@dataclass(frozen=True)
class Known:
    """A person who may be meant by a pasted line. `unit_names`: all names their unit goes by."""

    id: int
    name: str
    account: str
    phone: str | None
    unit_names: frozenset
    is_active: bool = True

    @property
    def unit(self):
        return min(self.unit_names, key=len, default="")


@dataclass(frozen=True)
class BadLine:
    """A line that names nobody, or several. code: unknown ambiguous inactive mismatch; people: those it could mean."""

    number: int
    text: str
    code: str
    people: tuple = ()


def read_list(text, known):
    """Return (ids of the people named, in order and once each, [BadLine, …]) of a pasted list, one person a line.

    A line holds a name, an account or a phone number, and may hold the unit and more beside it. known: the Known people it may mean.
    """
    found, bad = [], []
    by_key, by_name = _index(known)
    for number, line in enumerate(text.splitlines(), 1):
        words = tokens(line)
        if not words:
            continue
        person, code, people = _meant(words, by_key, by_name)
        if code:
            bad.append(BadLine(number, line.strip()[:80], code, tuple(people)))
        else:
            found.append(person.id)
    return list(dict.fromkeys(found)), bad


def _index(known):
    by_key, by_name = {}, {}
    for person in known:
        by_key[person.account.lower()] = person
        if person.phone:
            by_key[person.phone] = person
        by_name.setdefault(person.name, []).append(person)
    return by_key, by_name


def _meant(words, by_key, by_name):
    """Return (person, None, ()) or (None, code, people)."""
    keyed = {by_key[word.lower()] for word in words if word.lower() in by_key}
    named = [person for word in words for person in by_name.get(word, ())]
    if len(keyed) > 1:
        return None, "ambiguous", sorted(keyed, key=lambda person: person.id)
    if keyed:
        (person,) = keyed
        if named and person not in named:
            return None, "mismatch", [person]
        return _if_active([person])
    at_unit = [person for person in named if person.unit_names & set(words)]
    return _if_active(at_unit or named)


def _if_active(people):
    active = [person for person in people if person.is_active]
    if len(active) == 1:
        return active[0], None, ()
    if len(active) > 1:
        return None, "ambiguous", active
    return None, "inactive" if people else "unknown", people
