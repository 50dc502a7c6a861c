"""From lines to raw questions: which line begins a question, which goes on with one, and which is neither.

Every line with text ends up with a role. What cannot be placed is reported, never dropped.
"""

from app.bank.problems import Problem
from app.bank.recogniser import headings, placing, tables
from app.bank.recogniser.headings import Section
from app.bank.recogniser.labels import IGNORED, KEY, KIND, POINTS, STEM
from app.bank.recogniser.lookahead import Ahead, has_key, has_place, places
from app.bank.recogniser.numbering import BARE, MISREAD_DIGITS, SURE, WEAK, Number, number_at
from app.bank.recogniser.raw import Piece, RawKey, RawQuestion
from app.bank.recogniser.table_reading import TableReader, is_headed

TITLE_LONGEST = 40  # characters; longer text before the first question is reported
MOST_QUESTIONS = 20_000  # read at all; more are refused with a problem


class Parser:
    """Reads lexed lines once. Afterwards: `questions` (raw), `sections`, `problems`, `roles` (per line, from 1)."""

    def __init__(self, lines):
        self.lines = lines
        self.ahead = Ahead(lines)
        self.questions, self.tables, self.problems = [], [], []
        self.sections = [Section(0)]
        self.roles = ["blank"] * (len(lines) + 1)
        self.q = None  # the question being read
        self.state = None  # the part of it that text would go on with
        self.sublist = None  # (style, last number) of a numbered list inside a stem or an explanation
        self.reader = None  # of a key table
        self.kind_depth = 9  # of the heading that named the kind
        self.announced = []  # (field, line, text) of labels that stand above a question
        self.keyed_until = 0  # questions before this index have had their key table
        numbers = [line.number for line in lines if line is not None and line.number and line.number.strength == SURE]
        self.numbered = len(numbers) * 3 > self._option_lists()
        self.doubled = self._has_double_numbers(numbers)

    def run(self):
        for i, line in enumerate(self.lines):
            if line is None:
                continue
            self.roles[line.no] = "question"
            announced = len(self.announced)
            self._take(i, line)
            if announced and len(self.announced) == announced:
                self._drop_announced()
            if len(self.questions) >= MOST_QUESTIONS:
                self._stop(i)
                break
        self._drop_announced()
        unmatched, ambiguous = tables.assign(self.tables, self.questions)
        self._report_tables(unmatched, ambiguous)
        return self

    # lines

    def _take(self, i, line):
        if line.too_long:
            return self._stray(line, "line_too_long", limit=len(line.raw))
        if line.furniture:
            self.roles[line.no] = "heading"
            return None
        if self.reader is not None and self.reader.take(i, line):
            self.roles[line.no] = "key_table"
            return None
        self.reader = None
        if line.plain:
            return self._text(i, line)
        if line.level and line.number is None and self._markdown_heading(i, line):
            return None
        if (line.is_table or line.folded[0] in "题序" and tables.ROW_NUMBERS.match(line.folded)) and self._table_line(i, line):
            return None
        if line.heading is not None and self._heading(i, line):
            return None
        if line.number is not None and self._number(i, line):
            return None
        if line.label is not None and self._label(i, line):
            return None
        if line.checkbox is not None and self.q is not None:
            return placing.checkbox(self, line)
        if line.option is not None and placing.option(self, i, line):
            return None
        return self._text(i, line)

    def _stray(self, line, code="stray_text", **params):
        self.roles[line.no] = "stray"
        self.problems.append(Problem(line.no, code, {"text": shortened(line.raw), **params}))

    def _stop(self, i):
        rest = [line for line in self.lines[i + 1 :] if line is not None]
        for line in rest:
            self.roles[line.no] = "stray"
        if rest:
            self.problems.append(Problem(rest[0].no, "too_much_text", {"limit": MOST_QUESTIONS}))

    # headings

    def _heading(self, i, line):
        heading = line.heading
        if heading.answers:
            return self._answers_heading(i, line)
        if line.number is not None and self.ahead.follows(i) in ("option", "box", KEY):
            return False
        if heading.kind is None and not self._is_plain_heading(i, line):
            return False
        if heading.kind is not None and not heading.sure and self.q is not None and not self.q.complete and self.state == "stem":
            if self.ahead.follows(i) != "number":
                return False
        self.roles[line.no] = "heading"
        self._open_section(line, heading)
        return True

    def _markdown_heading(self, i, line):
        """### stem, when options or a key follow it; any other # line without a kind is a heading."""
        if line.heading is not None and (line.heading.kind is not None or line.heading.answers):
            return False
        if self.ahead.follows(i) in ("option", "box", KEY):
            self.begin_unnumbered(i, line)
            return True
        self.roles[line.no] = "heading"
        self._open_section(line, line.heading or headings.Heading())
        return True

    def _open_section(self, line, heading):
        kind = heading.kind
        if kind is not None:
            self.kind_depth = _depth(line.folded)
        elif _depth(line.folded) > self.kind_depth:
            kind = self.sections[-1].kind  # （一） under 一、单选题 is a part of it
        section = Section(len(self.sections), line.no, line.raw, kind, heading.ordinal, heading.points_each, heading.promised)
        self.sections.append(section)
        self.q, self.state, self.sublist = None, None, None

    def _is_plain_heading(self, i, line):
        """A line such as 二、纪律处分 is a heading, unless what follows shows that it is a question or goes on with one."""
        follows, heading = self.ahead.follows(i), line.heading
        if follows in ("option", "box", KEY):
            return False
        introduces = follows in ("number", "heading") and line.folded[-1] not in "。;,、"
        if self.state == "explanation":
            listed = self.sublist is not None and self.sublist == ("一", (heading.ordinal or 0) - 1)
            if listed or not introduces:
                self.sublist = ("一", heading.ordinal)
                return False
        if self.q is None or self.q.complete:
            return heading.sure or introduces
        after = self.ahead.next(i)
        return bool(
            after and after.number and after.number.value in (1, (self.q.number or 0) + 1) and after.number.strength == SURE
        )

    def _answers_heading(self, i, line):
        """参考答案: the start of a key table, or a 答案 label with its key on the next line, or part of the title."""
        after = self.ahead.next(i)
        waiting = self.q is not None and not self.q.keys
        tabular = after is not None and _begins_table(after)
        if not self.questions:
            self.roles[line.no] = "heading"
            if line.heading.kind is not None:
                self._open_section(line, line.heading)
            return True
        if waiting and not line.heading.sure and not (tabular and self._is_table_ahead(i)):
            return False
        self._open_table(line)
        return True

    def _is_table_ahead(self, i):
        """After a bare 答案： a number line opens a table only when it is a key, not the next question."""
        after = self.ahead.next(i)
        if after.number is None or after.is_table or is_headed(after.folded):
            return True
        expected = (self.q.number or 0) + 1
        return after.number.value != expected or not self.ahead.asks(self.ahead.after[i], after.number.end)

    # key tables

    def _table_line(self, i, line):
        if not self.questions:
            return False
        if (
            self.q is not None
            and self.state == "key"
            and self.q.key_line
            and not self.q.keys
            and line.number
            and self.q.section.kind == headings.FILL
        ):
            return False
        self._open_table(None, line.no)
        self.reader.take(i, line)
        self.roles[line.no] = "key_table"
        return True

    def _open_table(self, line, number=None):
        if line is not None:
            self.roles[line.no] = "key_table"
        table = tables.Table(line.no if line else number, self.keyed_until, len(self.questions))
        self.tables.append(table)
        self.reader = TableReader(table, self.ahead, strict=line is None)
        if line is not None and line.heading is not None and line.heading.kind is not None:
            self.reader.open_group(line.heading.kind, line.heading.ordinal, line.no)
        self.keyed_until = len(self.questions)
        self.q, self.state = None, None

    def _report_tables(self, unmatched, ambiguous):
        for table in self.tables:
            for line, low, high, text in table.bad_spans:
                self.problems.append(
                    Problem(line, "key_table_span", {"low": low, "high": high, "count": high - low + 1, "text": shortened(text)})
                )
            if not any(group.entries for group in table.groups) and not table.bad_spans:
                self.problems.append(Problem(table.line, "key_table_empty"))
        for entry in unmatched:
            self.problems.append(
                Problem(entry.line, "key_table_unmatched", {"number": entry.number, "key": shortened(entry.text)})
            )
        for group in ambiguous:
            self.problems.append(Problem(group.line, "key_table_ambiguous"))

    # numbers

    def _number(self, i, line):
        number = line.number
        if not self._begins_question(i, line, number):
            return False
        self.begin(line, number, number.end)
        return True

    def _begins_question(self, i, line, number):
        q, asks = self.q, None
        expected = q.number + 1 if q is not None and q.number is not None else None
        if number.strength != SURE:
            return self._unsure_number(i, line, number, expected)
        if q is None:
            return True
        if self.sublist is not None and number.style == self.sublist[0] and number.value == self.sublist[1] + 1:
            asks = self.ahead.asks(i, number.end)
            if not (
                number.value == expected and number.style == q.style and (asks or self.state != "explanation" and q.complete)
            ):
                self.sublist = (number.style, number.value)
                return False
        if self.state == "explanation" or q.keys and self.state == "key" and number.value != expected:
            if number.value == expected and number.style == q.style:
                return True
            asks = self.ahead.asks(i, number.end)
            if number.value == 1 and not asks:
                self.sublist = (number.style, 1)
            return asks
        if not q.complete:
            return self._while_incomplete(i, line, number, expected)
        return True

    def _while_incomplete(self, i, line, number, expected):
        """The question being read has neither options nor a key: is this the next one, or a list inside its stem?"""
        q = self.q
        if self.state == "key" and not q.keys and q.key_line is not None:
            return not (number.value == 1 and number.style != q.style) and (
                number.value == expected or self.ahead.asks(i, number.end)
            )
        if number.value == 1 and (q.stem or q.number != 0) and self.ahead.is_sublist(i):
            self.sublist = (number.style, 1)
            return False
        if number.value == expected or number.value == 1:
            return True
        return self.ahead.asks(i, number.end) or number.style == q.style

    def _unsure_number(self, i, line, number, expected):
        q = self.q
        again = number.value == 1 and number.strength == WEAK and q is not None and q.complete  # the numbers start again
        if number.value != expected and not again and not (q is None and number.value == 1):
            continued = (
                q is None
                and self.questions
                and self.questions[-1].number is not None
                and number.value == self.questions[-1].number + 1
            )
            if not continued or number.strength == BARE:
                return False
        ready = q is None or q.complete
        if number.strength == WEAK and not again:
            return ready or self.ahead.asks(i, number.end)
        return ready and self.ahead.asks(i, number.end)

    def begin(self, line, number, start, glued=False):
        """Start a question at `start` of a line; `number` is a Number, or None where the line has none."""
        previous = self.q or (self.questions[-1] if self.questions and self.questions[-1].section is self.sections[-1] else None)
        q = RawQuestion(number.value if number else None, number.style if number else None, self.sections[-1], line.no, line.no)
        self.questions.append(q)
        self.q, self.state, self.sublist = q, "stem", None
        for field, above, words in self.announced:
            q.fields[field] = (above, words)
            q.first = min(q.first, above)
        self.announced = []
        if line.tag_before is not None and not glued:
            q.fields[KIND] = (line.no, line.folded[slice(*line.tag_before.span("kind"))])
        if number is not None:
            start = self._skip_second_number(line, number, start)
            self._check_number(line, number, previous)
        if glued:
            for one in (q, previous):
                one.problem(line.no, "glued_stem", number=q.number)
        if line.key_before is not None and not glued and line.key_before["key"]:
            a, b = line.key_before.span("key")
            q.keys.append(RawKey(line.no, line.raw[a:b], line.folded[a:b], "before"))
        placing.feed(self, line, start)

    def _check_number(self, line, number, previous):
        if not self.numbered:
            self.q.problem(line.no, "number_only_here", number=number.value)
        elif number.strength == MISREAD_DIGITS:
            self.q.problem(line.no, "number_misread", number=number.value)
        elif number.strength == BARE and not line.folded[number.end - 1].isspace():
            self.q.problem(line.no, "number_without_separator", number=number.value)
        if (
            previous is not None
            and previous.number is not None
            and previous.section is self.q.section
            and number.value not in (1, previous.number + 1)
        ):
            self.q.problem(line.no, "number_gap", before=previous.number, number=number.value)

    def _skip_second_number(self, line, number, start):
        """1、1.题干: exported papers number twice. The second goes when the whole file does so, or when it is the same."""
        second = number_at(line.folded, start)
        if second is None or second.strength == BARE or second.style != ".":
            return start
        if self.doubled or (second.value == number.value and second.strength == SURE):
            return second.end
        return start

    def _option_lists(self):
        """Return how many lists of options the text seems to have: lines with an A, and first boxes."""
        count, boxed = 0, False
        for line in self.lines:
            if line is None:
                continue
            count += line.option is not None and line.option.label == "A" or line.checkbox is not None and not boxed
            boxed = line.checkbox is not None
        return count

    def _has_double_numbers(self, numbers):
        lines = [line for line in self.lines if line is not None and line.number and line.number.strength == SURE]
        double = sum(
            1
            for line in lines
            if (second := number_at(line.folded, line.number.end)) and second.strength != BARE and second.style == "."
        )
        return double > 1 and double * 10 >= len(numbers) * 6

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
            if not self.questions or self.state is None:
                self._stray(line, "label_without_question" if field == KEY else "stray_text")
                return True
        if field == KEY and self._table_after_label(i, line, end):
            return True
        if field == IGNORED:
            self.q.reach(line.no)
            return True
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

    def _table_after_label(self, i, line, end):
        """答案：1-5 ABCDD on one line is a key table, whatever question stands before it."""
        rest = line.folded[end:].strip()
        if not (
            tables.is_table_line(rest) and (self.q.section.kind != headings.FILL or self.q.keys)
        ) and not self._answers_of_section(rest):
            return False
        self._open_table(line)
        self.reader.take_text(line, end)
        return True

    def _answers_of_section(self, rest):
        """答案：1.七月一日 2.十月一日 after the last of several questions: their answers, not the blanks of this one."""
        texts = tables.numbered_texts(rest)
        if len(texts) < 2:
            return False
        waiting = [q.number for q in self.questions[self.keyed_until :] if q.section is self.q.section and not q.keys]
        blanks = sum(len(places(piece.folded)) for piece in self.q.stem)
        return blanks != len(texts) and [number for number, _, _ in texts] == waiting[-len(texts) :]

    def _text(self, i, line):
        if self.q is None:
            return self._text_outside(i, line)
        return placing.text(self, i, line)

    def _text_outside(self, i, line):
        """Text before the first question of a file or section: a question without a number, a title, or a remark."""
        if self.starts_unnumbered(i, line) and not self._is_title(i, line):
            return self.begin_unnumbered(i, line)
        if not self.questions and len(line.raw) <= TITLE_LONGEST and not has_place(line.folded):
            self.roles[line.no] = "heading"
            return None
        return self._stray(line)

    def _is_title(self, i, line):
        """A line that asks nothing, above a line that does or above a blank one: what follows belongs to that line."""
        if has_key(line.folded) or has_place(line.folded) or line.folded[-1] in "?:":
            return False
        place = self.ahead.after[i]
        after = self.lines[place] if place < len(self.lines) else None
        plain = after is not None and after.option is None and after.label is None and after.checkbox is None
        return plain and (
            self.ahead.blank_follows(i) or has_place(after.folded) or has_key(after.folded) or after.folded[-1] in "?:"
        )

    def starts_unnumbered(self, i, line):
        """True when a line without a number begins a question: it carries its key, or options or a key follow."""
        if line.plain or line.option is not None and line.option.strength != "glued":
            return False
        if line.label is not None:
            return False
        return has_key(line.folded) or self.ahead.follows(i) in ("option", "box", KEY)

    def begin_unnumbered(self, i, line, sure=True):
        chinese = headings.CHINESE_NUMBER.match(line.folded)
        if chinese is not None:
            number = Number(headings.ordinal_of(chinese["ordinal"]), "一", SURE, chinese.start("text"))
            return self.begin(line, number, number.end)
        self.begin(line, None, 0)
        if self.numbered:
            self.q.problem(line.no, "unnumbered_question")
        if not sure:
            self.q.problem(line.no, "unclear_boundary")
        return None


def shortened(text, longest=30):
    """Return the beginning of a text, for naming it in a problem."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _begins_table(line):
    """True for a first line that may stand under 参考答案: entries, a heading, a numbered key, a row of numbers."""
    headed = line.heading is not None and line.heading.kind is not None or is_headed(line.folded)
    return line.is_table or headed or line.number is not None or tables.ROW_NUMBERS.match(line.folded) is not None


def _depth(folded):
    """How deep a heading lies: 第一章 0, 一、 or no ordinal 1, （一） 2."""
    if headings.CHAPTER.match(folded):
        return 0
    return 2 if headings.IN_BRACKETS.match(folded) else 1


__all__ = ["Parser", "Piece", "shortened"]
