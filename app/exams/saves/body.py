"""Reads the body of a save: the shape of brief JSON, every field checked, so that nothing strange reaches the writer (R56)."""

import json
from typing import NamedTuple

from app.core.fields import clean

MOST_BYTES = 256 * 1024
MOST_CHANGES = 500
MOST_EVENTS = 50
MOST_STRINGS = 40  # in one answer: blanks or chosen options
LONGEST_STRING = 20_000  # characters of answer text (R55)
LARGEST_SEQ = 2**31 - 1
LARGEST_AGE = 90 * 24 * 3600 * 1000  # milliseconds; a device may have been off for long
EVENT_KINDS = {"left_page"}


class BadBody(ValueError):
    """The body cannot be taken. `code` and `params` say why; `place` is the number of the change or event at fault, from 1."""

    def __init__(self, code, place=None, **params):
        super().__init__(code)
        self.code, self.place, self.params = code, place, params


class Change(NamedTuple):
    """One answer as it is stored: `answer` is JSON text."""

    position: int
    seq: int
    answer: str
    flag: bool
    age_ms: int


class Event(NamedTuple):
    """Something the page noticed. `age_ms`: how long before the request was sent."""

    kind: str
    age_ms: int
    seconds: int


class Body(NamedTuple):
    changes: list
    events: list
    final: bool


def _unique(pairs):
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadBody("field_twice")
    return fields


def _no_constant(name):
    raise BadBody("not_a_number", value=name)


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
_spelled = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_KNOWN: dict = {}  # the JSON of answers made of few letters, which are nearly all


def parse(raw, count):
    """Return the Body of the bytes of a request to an attempt of `count` questions. Raises BadBody."""
    try:
        fields = _decoder.decode(raw.decode())
    except BadBody:
        raise
    except (ValueError, RecursionError):
        raise BadBody("not_json") from None
    if type(fields) is not dict or not fields.keys() <= {"changes", "events", "final"}:
        raise BadBody("fields")
    changes, events, final = fields.get("changes", []), fields.get("events", []), fields.get("final", False)
    if type(changes) is not list or type(events) is not list or type(final) is not bool:
        raise BadBody("fields")
    if len(changes) > MOST_CHANGES or len(events) > MOST_EVENTS:
        raise BadBody("too_many", changes=MOST_CHANGES, events=MOST_EVENTS)
    return Body(
        [_change(change, count, place) for place, change in enumerate(changes, 1)],
        [_event(event, place) for place, event in enumerate(events, 1)],
        final,
    )


def _change(fields, count, place):
    if type(fields) is not dict or not fields.keys() <= {"position", "seq", "answer", "flag", "age_ms"}:
        raise BadBody("change_fields", place)
    position, seq, age = fields.get("position"), fields.get("seq"), fields.get("age_ms", 0)
    if not _within(position, 1, count):
        raise BadBody("position", place, count=count)
    if not _within(seq, 1, LARGEST_SEQ):
        raise BadBody("seq", place)
    if not _within(age, 0, LARGEST_AGE):
        raise BadBody("age", place)
    flag = fields.get("flag", False)
    if type(flag) is not bool:
        raise BadBody("flag", place)
    return Change(position, seq, _answer(fields.get("answer"), place), flag, age)


def _answer(strings, place):
    if type(strings) is not list or len(strings) > MOST_STRINGS:
        raise BadBody("answer", place)
    for text in strings:
        if type(text) is not str or len(text) > LONGEST_STRING:
            raise BadBody("answer", place)
    return answer_text(strings)


def answer_text(strings):
    """Return the stored JSON of a list of strings, freed of what no answer needs (R55)."""
    key = tuple(strings)
    known = _KNOWN.get(key)
    if known is None:
        known = _spelled([clean(text.encode("utf-8", "ignore").decode()) for text in strings])
        if len(known) <= 24 and len(_KNOWN) < 4096:
            _KNOWN[key] = known
    return known


def _event(fields, place):
    if type(fields) is not dict or not fields.keys() <= {"kind", "age_ms", "seconds"}:
        raise BadBody("event_fields", place)
    kind, age, seconds = fields.get("kind"), fields.get("age_ms", 0), fields.get("seconds", 0)
    if kind not in EVENT_KINDS or not _within(age, 0, LARGEST_AGE) or not _within(seconds, 0, LARGEST_AGE // 1000):
        raise BadBody("event_fields", place)
    return Event(kind, age, seconds)


def _within(value, low, high):
    return type(value) is int and low <= value <= high
