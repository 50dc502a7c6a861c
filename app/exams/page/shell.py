"""What stands around the questions: rendered once with marks in the places that differ by person, then cut at the marks."""

import json
import re
import secrets
from types import SimpleNamespace

from flask import render_template
from markupsafe import escape

from app.exams.page.stream import Piece, loose, pack

ATTEMPT = ("id", "token", "generation", "acked", "ms_left", "state", "due", "late_until", "left_count", "earliest", "earliest_ms")
PERSON = ("id", "name", "unit")
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
        return [part if type(part) is Piece else values[part] for part in parts]


def _cut(html):
    """Return a list of Pieces and names. What was saved stands in the page as JSON, so its mark came with the quotes of a string."""
    html = html.replace(f'"{_marked("saved")}"', _marked("saved"))
    texts = _MARKS.split(html)
    return [pack(text) if place % 2 == 0 else text for place, text in enumerate(texts)]


def values(attempt, person, saved, csrf):
    """Return {name: Piece} of what differs by person. saved: {position: {"seq", "answer", "flag", "generation"}}."""
    texts = {f"attempt_{name}": attempt.get(name, "") for name in ATTEMPT}
    texts |= {f"person_{name}": person[name] for name in PERSON}
    texts |= {"csrf": csrf, "path": f"/attempts/{attempt['id']}"}
    pieces = {name: loose(str(escape(text))) for name, text in texts.items()}
    pieces["saved"] = loose(script_json(saved))
    return pieces


def script_json(value):
    """Return JSON that may stand in a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
