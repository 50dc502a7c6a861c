"""What stands around the questions: rendered once with marks in the places that differ by person, then cut at the marks."""

import re
import secrets
from types import SimpleNamespace
from typing import NamedTuple

from flask import render_template
from markupsafe import escape

from app.exams.page.stream import loose, pack

ATTEMPT = ("id", "token", "generation", "acked", "ms_left", "state", "due", "late_until", "left_count", "earliest", "earliest_ms")
PERSON = ("id", "name", "unit")
UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
SHORT = 1500  # characters: sending a shorter text as it is costs less than another piece
_mark = secrets.token_hex(8)
_MARKS = re.compile(rf"{_mark}-(\w+)-{_mark}")


def _marked(name):
    return f"{_mark}-{name}-{_mark}"


class Shell:
    """Head and foot of one sitting's page in one language and text size: fixed Pieces, and Forms for what lies between them."""

    def __init__(self, sitting, count, *, has_earliest, **look):
        attempt = {name: _marked(f"attempt_{name}") for name in ATTEMPT}
        if not has_earliest:
            attempt |= {"earliest": "", "earliest_ms": ""}
        context = {
            "attempt": attempt,
            "person": {name: _marked(f"person_{name}") for name in PERSON} | {"number": ""},
            "sitting": sitting,
            "count": count,
            "saved": _marked("saved"),
            "csrf_token": lambda: _marked("csrf"),
            "request": SimpleNamespace(full_path=_marked("path")),
            **look,
        }
        self.head = _cut(render_template("exams/_attempt_head.html", **context))
        self.foot = _cut(render_template("exams/_attempt_foot.html", **context))

    @staticmethod
    def fill(parts, values):
        """Return the Pieces of a head or foot; values: {name: text}."""
        return [part.filled(values) if type(part) is Form else part for part in parts]


class Form(NamedTuple):
    """A text with places (`%s`) for values of these names."""

    text: str
    names: tuple

    def filled(self, values):
        return loose(self.text % tuple([values[name] for name in self.names]))


def _cut(html):
    """Return a list of Pieces and Forms: long fixed texts, and short ones with the values between them.

    What was saved stands in the page as JSON, so its mark came with the quotes of a string.
    """
    html = html.replace(f'"{_marked("saved")}"', _marked("saved"))
    parts, text, names = [], "", []
    for place, found in enumerate(_MARKS.split(html)):
        if place % 2:
            text, names = text + "%s", [*names, found]
        elif len(found) < SHORT:
            text += found.replace("%", "%%")
        else:
            parts += [*_form(text, names), *pack(found)]
            text, names = "", []
    return parts + _form(text, names)


def _form(text, names):
    return [Form(text, tuple(names))] if text else []


def values(attempt, person, saved_json, csrf):
    """Return {name: text} of what differs by person, as it may stand in the page."""
    found = {f"attempt_{name}": attempt.get(name, "") for name in ATTEMPT}  # numbers, times, a token: nothing to escape
    found |= {f"person_{name}": escape(person[name]) for name in PERSON}
    return found | {"csrf": csrf, "path": f"/attempts/{attempt['id']}", "saved": in_script(saved_json)}


def in_script(text):
    """Return JSON as it may stand in a script element."""
    for character, spelled in UNSAFE:
        text = text.replace(character, spelled)
    return text
