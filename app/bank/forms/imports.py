"""What the import page sends: the text, what holds for all questions, which button was pressed."""

from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from app.bank import kinds, rules
from app.bank.imports import fixes
from app.bank.imports.examining import BELONGS
from app.core.fields import Form, Line


class ImportForm(Form):
    """The settings of an import; the text comes beside it, because a long one is sent as a file."""

    topic = Line(_l("Topic if not given"), [Length(max=rules.TOPIC_LONGEST, message=_l("At most 100 characters."))])
    source = Line(_l("Source if not given"), [Length(max=rules.SOURCE_LONGEST, message=_l("At most 1,000 characters."))])
    review = BooleanField(_l("Review before use"))
    seen = HiddenField()

    def fill(self, batch):
        """Show an import's settings."""
        self.topic.data, self.source.data = batch.settings.get("topic", ""), batch.settings.get("source", "")
        self.review.data, self.seen.data = bool(batch.settings.get("review")), str(batch.version)

    @property
    def settings(self):
        return {"topic": self.topic.data or "", "source": self.source.data or "", "review": bool(self.review.data)}

    @property
    def version(self):
        """The version of the import that the window had; None when it insists on its own text."""
        if request.form.get("insist"):
            return None
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1


def typed_text():
    """Return the text that was sent, as a field or as a file part, with plain line ends; None when none was."""
    part = request.files.get("text")
    if part is not None:
        part.seek(0)  # it may have been read before
    text = part.read().decode("utf-8", "replace") if part is not None else request.form.get("text")
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@dataclass(frozen=True)
class Act:
    """A pressed button of the page: its name, the line of the question, and what it sets."""

    name: str
    line: int = 0
    values: dict | None = None


PLAIN = ("clear", "look")


def pressed():
    """Return the Act that was pressed; Act("look") for none or one that cannot be understood.

    Buttons are `key:41:A`, `keys:41` (with the ticked `pick-41`), `kind:41:multiple_choice`, `skip:41`, `import:41`, `undo:41`.
    """
    name, _, rest = request.form.get("act", "").partition(":")
    line, _, value = rest.partition(":")
    if name in PLAIN:
        return Act(name)
    if not line.isdecimal() or len(line) > 7:
        return Act("look")
    values = _values(name, line, value)
    return Act("choose", int(line), values) if values else Act("look")


def _values(name, line, value):
    if name == "key" and value in (*rules.LETTERS, "true", "false"):
        return {"key": [value], "do": None}
    if name == "keys":
        ticked = [letter for letter in request.form.getlist(f"pick-{line}") if letter in rules.LETTERS and letter]
        return {"key": sorted(set(ticked)), "do": None} if ticked else None
    if name == "kind" and value in kinds.NAMES:
        return {"kind": value, "do": None}
    simple = {"skip": {"do": fixes.SKIP}, "import": {"do": fixes.IMPORT}, "undo": {"do": None, "key": None, "kind": None}}
    return simple.get(name)


def wanted_view():
    """Return the filter of the cards that was asked for, or None."""
    name = request.form.get("show") or request.values.get("view")
    return name if name in BELONGS else None


def wanted_page():
    """Return the page of cards that was asked for: 1 or more."""
    text = request.form.get("turn") or request.values.get("page") or "1"
    return max(1, int(text)) if text.isdecimal() and len(text) < 5 else 1


COLUMN_ROLES = {
    "number": _l("Question number"), "kind": _l("Kind of question"), "stem": _l("Stem"), **{f"option-{n}": letter for n, letter in enumerate("ABCDEFGHIJKL")},
    "all_options": _l("All options in one cell"), "key": _l("Right answer"), "explanation": _l("Explanation"), "topic": _l("Topic"),
    "difficulty": _l("Difficulty"), "source": _l("Source"), "points": _l("Points"),
}  # fmt: skip


class ColumnsForm(Form):
    """Which column of which sheet holds what. `roles` {place: role} is read from the selects above the columns."""

    sheet = HiddenField()

    @property
    def roles(self):
        names = {name: value for name, value in request.form.items() if name.startswith("column-") and name[7:].isdecimal()}
        return {int(name[7:]): value for name, value in names.items() if value in COLUMN_ROLES}

    @property
    def head(self):
        """The row of the head from 0, -1 for none."""
        text = request.form.get("head", "")
        return int(text) - 1 if text.isdecimal() and len(text) < 4 else 0

    def mapping(self):
        """Return the columns as recognise_file takes them."""
        places = {role: place for place, role in self.roles.items()}
        options = [places[name] for name in COLUMN_ROLES if name.startswith("option-") and name in places]
        others = {role: place for role, place in places.items() if not role.startswith("option-")}
        return {**others, "options": options, "head": self.head, **({"sheet": self.sheet.data} if self.sheet.data else {})}

    def problems(self):
        """Return the sentences of what is wrong with the choice of columns."""
        roles, found = list(self.roles.values()), []
        if "stem" not in roles:
            found.append(_l("Say which column holds the stem."))
        if "key" not in roles:
            found.append(_l("Say which column holds the answer."))
        twice = [COLUMN_ROLES[role] for role in dict.fromkeys(roles) if roles.count(role) > 1]
        if twice:
            found.append(_l("Two columns are called “%(name)s”. Leave it to one of them.", name=twice[0]))
        return found
