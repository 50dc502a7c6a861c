"""What stands around the questions: rendered once with marks in the places that differ by person, then cut at the marks."""

import re
import secrets
from types import SimpleNamespace

from flask import render_template
from markupsafe import escape

from app.exams.page.stream import loose, pack

ATTEMPT = ("id", "token", "generation", "acked", "ms_left", "state", "due", "late_until", "left_count", "earliest", "earliest_ms")
PERSON = ("id", "name", "unit")
UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_mark = secrets.token_hex(8)
_MARKS = re.compile(rf"{_mark}-(\w+)-{_mark}")


def _marked(name):
    return f"{_mark}-{name}-{_mark}"


class Shell:
    """Head and foot of one sitting's page in one language and text size: fixed Pieces and the names of what goes between them."""

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
        """Return the Pieces of a head or foot; values: {name: Piece}."""
        return [values[part] if type(part) is str else part for part in parts]


def _cut(html):
    """Return a list of Pieces and names. What was saved stands in the page as JSON, so its mark came with the quotes of a string."""
    html = html.replace(f'"{_marked("saved")}"', _marked("saved"))
    texts = _MARKS.split(html)
    return [pack(text) if place % 2 == 0 else text for place, text in enumerate(texts)]


def values(attempt, person, saved_json, csrf):
    """Return {name: Piece} of what differs by person."""
    pieces = {
        f"attempt_{name}": loose(str(attempt.get(name, ""))) for name in ATTEMPT
    }  # numbers, times, a token: nothing to escape
    pieces |= {f"person_{name}": loose(str(escape(person[name]))) for name in PERSON}
    return pieces | {"csrf": loose(csrf), "path": loose(f"/attempts/{attempt['id']}"), "saved": loose(in_script(saved_json))}


def in_script(text):
    """Return JSON as it may stand in a script element."""
    for character, spelled in UNSAFE:
        text = text.replace(character, spelled)
    return text
