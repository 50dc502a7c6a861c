"""From lines to raw questions: reads the lines once and keeps what is being read; the decisions are in the modules beside it.

Every line with text ends up with a role. What cannot be placed is reported, never dropped.
"""

from typing import Any

from app.bank.problems import Problem
from app.bank.recogniser import continuing, keytables, placing, sections, starts, tables
from app.bank.recogniser.headings import INSTRUCTION, Section
from app.bank.recogniser.labels import KEY, KIND, POINTS, STEM
from app.bank.recogniser.lookahead import Ahead, has_place
from app.bank.recogniser.numbering import SURE
from app.bank.recogniser.options import SURE as OPTION
from app.bank.recogniser.raw import RawKey, RawQuestion

TITLE_LONGEST = 40  # characters; longer text before the first question is reported
MOST_ON_LINE = 60  # questions that are found hanging on one line
MOST_QUESTIONS = 20_000  # read at all; more are refused with a problem


class Parser:
    """Reads lexed lines once. Afterwards: `questions` (raw), `sections`, `problems`, `roles` (per line, from 1)."""

    def __init__(self, lines):
        self.lines = lines
        self.ahead = Ahead(lines)
        self.questions, self.tables, self.problems = [], [], []
        self.sections = [Section(0)]
        self.roles = ["blank"] * (len(lines) + 1)
        self.q: Any = None  # the question being read
        self.state: str | None = None  # the part of it that text would go on with
        self.sublist = None  # (style, last number) of a numbered list inside a stem or an explanation
        self.pending: Any = None  # (Number, place): the next question hangs on the line being read
        self.reader: Any = None  # of a key table
        self.kind_depth = 9  # of the heading that named the kind
        self.announced = []  # (field, line, text) of labels that stand above a question
        self.keyed_until = 0  # questions before this index have had their key table
        self.numbered = starts.is_numbered(lines)
        self.doubled = starts.is_numbered_twice(lines)

    def run(self):
        for i, line in enumerate(self.lines):
            if line is None:
                continue
            self.roles[line.no] = "question"
            announced = len(self.announced)
            self._take(i, line)
            self._take_hanging(line)
            if announced and len(self.announced) == announced:
                self._drop_announced()
            if len(self.questions) >= MOST_QUESTIONS:
                self._stop(i)
                break
        self._drop_announced()
        keytables.report(self, *tables.assign(self.tables, self.questions))
        return self

    def _take(self, i, line):
        """Give a line to the first reading that fits it."""
        if line.too_long:
            return self.stray(line, "line_too_long", limit=len(line.raw))
        if line.furniture:
            self.roles[line.no] = "heading"
            return None
        if self.reader is not None and self.reader.take(i, line):
            self.roles[line.no] = "key_table"
            return None
        self.reader = None
        if line.plain or not (self._structural(i, line) or self._inside(i, line)):
            self._text(i, line)
        return None

    def _structural(self, i, line):
        """Headings, key tables and numbers, which end what is being read."""
        if line.level and line.number is None and sections.markdown_heading(self, i, line):
            return True
        if keytables.is_row(line) and keytables.table_line(self, line):
            return True
        lettered = line.option is not None and line.option.strength == OPTION
        if line.heading is not None and not lettered and self._heading(i, line):
            return True
        if line.number is not None and starts.begins_question(self, i, line):
            self.begin(line, line.number, line.number.end)
            return True
        return False

    def _heading(self, i, line):
        return keytables.answers_heading(self, i, line) if line.heading.answers else sections.heading(self, i, line)

    def _inside(self, i, line):
        """Labels, boxes and options."""
        if line.label is not None and self._label(i, line):
            return True
        if line.checkbox is not None and self.q is not None:
            placing.checkbox(self, line)
            return True
        return line.option is not None and placing.option(self, i, line)

    # questions

    def begin(self, line, number, start, glued=False):
        """Start a question at `start` of a line; `number` is a Number, or None where the line has none."""
        previous = self.questions[-1] if self.questions else None
        q = self.open(line, number)
        for field, above, words in self.announced:
            q.fields[field] = (above, words)
            q.first = min(q.first, above)
        self.announced = []
        if number is not None:
            start = starts.skip_second_number(self, line, number, start)
            starts.check_number(self, line, number, previous)
        if not glued:
            _take_before(q, line)
        placing.feed(self, line, start)

    def open(self, line, number):
        """Make a raw question and read on in it."""
        style = number.style if number else None
        q = RawQuestion(number.value if number else None, style, self.sections[-1], line.no, line.no)
        self.questions.append(q)
        self.q, self.state, self.sublist = q, "stem", None
        return q

    def _take_hanging(self, line):
        """Begin the questions that hang on the end of the one before, and tell both; only so many on one line."""
        for count in range(MOST_ON_LINE + 1):
            if self.pending is None:
                return
            number, start = self.pending
            self.pending = None
            if count == MOST_ON_LINE:
                placing.rest_of_line(self, line, number, start)
                return
            self.begin(line, number, start, glued=True)
            for one in self.questions[-2:]:
                one.problem(line.no, "glued_stem", number=number.value)

    def begin_unnumbered(self, i, line, sure=True):
        """Start a question at a line without a number, or with a Chinese one (一、…)."""
        number = starts.chinese_number(line)
        self.begin(line, number, number.end if number else 0)
        if number is None and self.numbered:
            self.q.problem(line.no, "unnumbered_question")
        if not sure:
            self.q.problem(line.no, "unclear_boundary")

    # labels and text

    def _label(self, i, line):
        field, end = line.label
        if field in (KIND, POINTS) and self._announces(i):
            self.announced.append((field, line.no, line.raw[end:].strip()))
            return True
        if field == STEM:
            if self.q is not None and not self.q.stem and self.state == "stem":
                placing.feed(self, line, end)
            else:
                self.begin(line, None, end)
            return True
        if self.q is None:
            self.stray(line, "label_without_question" if field == KEY else "stray_text")
        elif field == KEY and keytables.table_after_label(self, line, end):
            pass
        else:
            placing.feed(self, line, 0)
        return True

    def _announces(self, i):
        """题型：单选题 above 题干：… or above a number speaks of the question that follows."""
        after = self.ahead.next(i)
        if self.q is not None and not self.q.complete and not self.announced:
            return False
        return after is not None and (
            after.number is not None or after.label is not None and after.label[0] in (STEM, KIND, POINTS)
        )

    def _drop_announced(self):
        """No question came after 题型：… and the like: report them."""
        for _, no, words in self.announced:
            self.roles[no] = "stray"
            self.problems.append(Problem(no, "stray_text", {"text": shortened(words)}))
        self.announced = []

    def _text(self, i, line):
        """Text that begins with nothing known: it goes on with the question, begins one, or is a title or a remark."""
        if self.q is not None:
            continuing.text(self, i, line)
        elif starts.is_unnumbered(self, i, line) and not starts.is_title(self, i, line):
            self.begin_unnumbered(i, line)
        elif self._is_frame(line):
            self.roles[line.no] = "heading"
        else:
            self.stray(line)

    def _is_frame(self, line):
        """A title before the first question, or what a heading asks for ("请将正确答案填在括号内。")."""
        lettered = line.option is not None and line.option.strength == OPTION
        if lettered or line.number is not None or has_place(line.folded) or len(line.raw) > 2 * TITLE_LONGEST:
            return False
        under_heading = self.sections[-1].line is not None and INSTRUCTION.match(line.folded) is not None
        return under_heading or not self.questions and len(line.raw) <= TITLE_LONGEST

    def stray(self, line, code="stray_text", **params):
        """Report a line that belongs to nothing."""
        self.roles[line.no] = "stray"
        self.problems.append(Problem(line.no, code, {"text": shortened(line.raw), **params}))

    def _stop(self, i):
        rest = [line for line in self.lines[i + 1 :] if line is not None]
        for line in rest:
            self.roles[line.no] = "stray"
        self.problems += [Problem(line.no, "too_much_text", {"limit": MOST_QUESTIONS}) for line in rest[:1]]


def _take_before(q, line):
    """Take what stands before the number: "( B )1." is a key, "【单选题】1." a kind."""
    if line.tag_before is not None:
        q.fields[KIND] = (line.no, line.folded[slice(*line.tag_before.span("kind"))])
    if line.key_before is not None and line.key_before["key"]:
        begin, end = line.key_before.span("key")
        q.keys.append(RawKey(line.no, line.raw[begin:end], line.folded[begin:end], "before"))


def shortened(text, longest=30):
    """Return the beginning of a text, for naming it in a problem."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


__all__ = ["SURE", "Parser", "shortened"]
