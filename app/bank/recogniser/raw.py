"""A question as it was collected from its lines, before anything in it is decided."""

from dataclasses import dataclass, field

from app.bank.problems import Problem
from app.bank.recogniser.headings import Section


@dataclass(slots=True)
class Piece:
    """Some text of one line: `raw` and its folded twin; `offset` is where it began in the line as given;
    `joined` says that it goes on in the middle of a sentence that was cut by the end of a line."""

    line: int
    raw: str
    folded: str
    offset: int = 0
    joined: bool = False


@dataclass(slots=True)
class RawOption:
    label: str
    line: int
    pieces: list = field(default_factory=list)
    strength: str = "sure"
    lower: bool = False
    marked: bool = False  # √ or a filled box stands at it: it is right


@dataclass(slots=True)
class RawKey:
    """A key as written. `source`: "line" 答案：, "table", "bare" (letters alone on a line), "box" (ticked), "before" (in front)."""

    line: int
    raw: str
    folded: str
    source: str


@dataclass(slots=True)
class RawQuestion:
    number: int | None
    style: str | None
    section: Section
    first: int
    last: int
    stem: list = field(default_factory=list)
    options: list = field(default_factory=list)
    keys: list = field(default_factory=list)
    explanation: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)  # topic, difficulty, source, kind, points → (line, text)
    gaps: list = field(default_factory=list)  # (place in options, [Piece]): lines without a label between two options
    problems: list = field(default_factory=list)
    key_line: int | None = None  # of a 答案 label, even an empty one
    keyed: bool = False  # the stem itself holds a key

    def problem(self, line, code, **params):
        self.problems.append(Problem(line, code, params))

    def reach(self, line):
        self.last = max(self.last, line)

    @property
    def labels(self):
        return [option.label for option in self.options]

    @property
    def complete(self):
        """True once nothing more has to come: options, or a key."""
        return len(self.options) >= 2 or bool(self.keys) or self.keyed

    def add_table_key(self, entry):
        entry.used = True
        self.keys.append(RawKey(entry.line, entry.text, entry.folded, "table"))
        self.explanation += entry.explanation
