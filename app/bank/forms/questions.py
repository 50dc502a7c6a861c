"""The editor's form. Options and blanks come as rows in the order of the page, so that they can be moved, added and taken out
with or without scripts; the letters follow from the order."""

from dataclasses import dataclass, replace

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import Length

from app.bank import kinds, rules
from app.bank.kinds.base import BLANK_RUN
from app.core.fields import Form, Line, Lines, clean, options

FEWEST_ROWS, MOST_ROWS, MOST_BLANKS = 4, len(rules.LETTERS), 30
LEVEL_WORDS = {rules.EASY: _l("Easy"), rules.MEDIUM: _l("Medium"), rules.HARD: _l("Hard")}
CHOICES = ("single_choice", "multiple_choice")


@dataclass(frozen=True)
class Row:
    """One option as typed; `id` tells rows apart while they are moved."""

    id: str
    text: str = ""
    is_key: bool = False
    pinned: bool = False


class QuestionForm(Form):
    """One question. `rows` are its options, `blanks` the accepted answers of each blank, one per line."""

    kind = RadioField(_l("Kind of question"), choices=options([(name, kinds.get(name).label) for name in kinds.NAMES]))
    stem = Lines(_l("Stem"), [Length(max=20_000, message=_l("At most 20,000 characters."))])
    truth = RadioField(_l("The statement is"), choices=options([("true", _l("Right")), ("false", _l("Wrong"))]))
    any_order = BooleanField(_l("The answers may stand in any order"))
    explanation = Lines(_l("Explanation"), [Length(max=20_000, message=_l("At most 20,000 characters."))])
    source = Line(_l("Source"), [Length(max=rules.SOURCE_LONGEST, message=_l("At most 1,000 characters."))])
    topic = Line(_l("Topic"), [Length(max=rules.TOPIC_LONGEST, message=_l("At most 100 characters."))])
    level = RadioField(_l("Difficulty"), coerce=int, choices=options(list(LEVEL_WORDS.items())))
    review = BooleanField(_l("Somebody else has to approve it before it is used"))
    note = Line(_l("What was changed"), [Length(max=rules.NOTE_LONGEST, message=_l("At most 200 characters."))])
    seen = HiddenField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.blanks = _typed_rows(), _typed_blanks()
        self.truth.validate_choice = self.level.validate_choice = False  # an empty choice has a default, or words of its own

    def start(self, kind, topic="", source=""):
        """Fill an empty form for a new question."""
        self.kind.data, self.level.data, self.topic.data, self.source.data = kind, rules.MEDIUM, topic, source
        self.rows, self.blanks = [Row(str(n)) for n in range(FEWEST_ROWS)], [""]

    def fill(self, question, version):
        """Show a question in the words of one of its versions."""
        body = version.body
        self.kind.data, self.stem.data, self.explanation.data = version.kind, body["stem"], body.get("explanation") or ""
        self.source.data, self.topic.data, self.level.data = (
            version.source,
            question.topic.name if question.topic else "",
            question.difficulty,
        )
        self.review.data, self.seen.data = question.state == rules.REVIEW, str(question.version)
        options = body.get("options") or []
        self.rows = [
            Row(str(n), one["text"], one["label"] in body["key"], bool(one.get("pinned"))) for n, one in enumerate(options)
        ]
        self.rows = self.rows or [Row(str(n)) for n in range(FEWEST_ROWS)]
        self.blanks = ["\n".join(answers) for answers in body["key"]] if version.kind == "fill_blank" else [""]
        self.any_order.data = not body.get("ordered", True)
        self.truth.data = body["key"][0] if version.kind == "true_false" else None

    def body(self):
        """Return the question as it is stored: see app.bank.kinds."""
        kind = self.kind.data
        body = {"stem": self.stem.data or "", "options": [], "key": [], "explanation": self.explanation.data or ""}
        if kind in CHOICES:
            rows = list(zip(rules.LETTERS, self.filled_rows(), strict=False))
            body["options"] = [{"label": letter, "text": row.text, "pinned": row.pinned} for letter, row in rows]
            body["key"] = [letter for letter, row in rows if row.is_key]
        elif kind == "true_false":
            body["key"] = [self.truth.data] if self.truth.data in ("true", "false") else []
        else:
            body["stem"] = BLANK_RUN.sub("____", body["stem"])
            body["key"] = [[line.strip() for line in blank.split("\n") if line.strip()] for blank in self.filled_blanks()]
            body |= {"ordered": False} if self.any_order.data else {}
        return body

    def filled_rows(self):
        """Return the rows up to the last one with something in it: empty ones at the end are only offered."""
        rows = list(self.rows)
        while rows and not rows[-1].text.strip() and not rows[-1].is_key:
            rows.pop()
        return rows

    def filled_blanks(self):
        """Return the blanks up to the last one with an answer."""
        blanks = list(self.blanks)
        while blanks and not blanks[-1].strip():
            blanks.pop()
        return blanks

    def draft(self):
        """Return what is to be stored."""
        level = self.level.data if self.level.data in rules.LEVELS else rules.MEDIUM
        return rules.Draft(
            self.kind.data, self.body(), self.source.data or "", self.topic.data or "", level, bool(self.review.data), self.note.data or ""
        )  # fmt: skip

    def apply(self, act):
        """Do what a button of the plain form asks: add, up:<id>, down:<id>, out:<id>, blank, kind."""
        name, _, row_id = act.partition(":")
        place = next((i for i, row in enumerate(self.rows) if row.id == row_id), None)
        if name == "add" and len(self.rows) < MOST_ROWS:
            self.rows.append(Row(_free_id(self.rows)))
        elif name == "blank" and len(self.blanks) < MOST_BLANKS:
            self.blanks.append("")
        elif name == "out" and place is not None:
            self.rows.pop(place)
        elif name in ("up", "down") and place is not None:
            to = place + (-1 if name == "up" else 1)
            if 0 <= to < len(self.rows):
                self.rows[place], self.rows[to] = self.rows[to], self.rows[place]
        self.even_out()

    def even_out(self):
        """Offer as many places for answers as the stem has blanks; keep one right option where only one can be."""
        self.rows = self.rows or [Row(str(n)) for n in range(FEWEST_ROWS)]
        wanted = min(len(BLANK_RUN.findall(self.stem.data or "")), MOST_BLANKS)
        self.blanks += [""] * (max(wanted, 1) - len(self.blanks))
        if self.kind.data == "single_choice":
            first = next((row.id for row in self.rows if row.is_key), None)
            self.rows = [replace(row, is_key=row.id == first) for row in self.rows]


def _free_id(rows):
    return str(max((int(row.id) for row in rows if row.id.isdecimal()), default=0) + 1)


def _typed_rows():
    ids, texts = request.form.getlist("row"), request.form.getlist("option")
    keys, pinned = set(request.form.getlist("key")), set(request.form.getlist("pinned"))
    pairs = list(zip(ids, texts, strict=False))[:MOST_ROWS]
    return [Row(id_[:8], clean(text, lines=True).strip(), id_ in keys, id_ in pinned) for id_, text in pairs]


def _typed_blanks():
    return [clean(text, lines=True) for text in request.form.getlist("blank")[:MOST_BLANKS]]
