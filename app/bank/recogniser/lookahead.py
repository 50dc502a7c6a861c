"""What the next lines say about a line that could be two things. Every look is bounded, so reading stays linear."""

import re

from app.bank.recogniser.labels import EXPLANATION, KEY
from app.bank.recogniser.labels import INLINE as INLINE_LABEL
from app.bank.recogniser.numbering import number_at
from app.bank.recogniser.options import options_inside

SECOND = re.compile(r"[(\[]\s?2\s?[)\]]|(?<=[\s;。])2\s?[.、)]|⑵")
FIRST = re.compile(r"(?:[(\[]\s?)?A\s{0,3}[.、:,)\]]")
TRIES = 6  # places on a line where options may begin
FAR = 8  # lines with text
BLANK_PLACE = re.compile(r"[(\[【]\s{0,30}[)\]】]|_{2,}|《\s{0,10}》|“\s{1,10}”")
OWN_KEY = re.compile(
    r"[(\[【]\s?(?:[A-L](?:[\s、,]{0,2}[A-L]){0,9}|√|×|对|错|正确|错误|T|F)\s{0,8}[)\]】]|[√×]\s{0,4}[。.]?$|@@@"
    r"|^(?:\d{1,4}\s{0,2}[.、]\s{0,3})?[√×]\s{0,3}(?=\S)|-\s?(?:[A-L]{1,8}|对|错|正确|错误)\s?:|(?:答案)\s?(?:是|为)?\s?:|】\s?(?=[A-L√×对错正])"
)


class Ahead:
    """Looks forward over the lexed lines; None stands for a blank line."""

    def __init__(self, lines):
        self.lines = lines
        self.after = [len(lines)] * len(lines)
        nearest = len(lines)
        for i in range(len(lines) - 1, -1, -1):
            self.after[i] = nearest
            if lines[i] is not None:
                nearest = i
        self._follows = {}

    def next(self, i):
        """Return the next line with text after `i`, or None."""
        place = self.after[i]
        return self.lines[place] if place < len(self.lines) else None

    def next_is_option(self, i, label):
        line = self.next(i)
        return line is not None and line.option is not None and line.option.label == label

    def blank_follows(self, i):
        return self.after[i] != i + 1

    def blank_before(self, i):
        return i > 0 and self.lines[i - 1] is None

    def follows(self, i):
        """Return what ends the run of plain text lines after `i`: "option", "box", "key", "explanation", "number",
        "heading", "text" (too far) or "end"; an option counts only if its label is A."""
        if i not in self._follows:
            self._follows[i] = self._look(i)
        return self._follows[i]

    def _look(self, i):
        place = self.after[i]
        for _ in range(FAR):
            if place >= len(self.lines):
                return "end"
            line = self.lines[place]
            if line.plain or line.furniture:
                place = self.after[place]
                continue
            if line.option is not None and line.option.label == "A" and line.option.strength != "glued":
                return "option"
            if line.checkbox is not None:
                return "box"
            if line.label is not None and line.label[0] in (KEY, EXPLANATION):
                return line.label[0]
            if line.is_table or line.heading is not None or line.level:
                return "heading"
            if line.number is not None and line.number.strength == "sure":
                return "number"
            place = self.after[place]
        return "text"

    def key_follows_options(self, i):
        """True when a 答案 label comes after `i`, options before it, and no number or heading between."""
        place, seen = self.after[i], False
        for _ in range(FAR * 2):
            line = self.lines[place] if place < len(self.lines) else None
            if line is None or line.heading is not None or line.number is not None and line.number.strength == "sure":
                return False
            if line.label is not None and line.label[0] == KEY:
                return seen
            seen = seen or line.option is not None
            place = self.after[place]
        return False

    def asks(self, i, start=0):
        """True when line `i` from `start` reads like a question: a blank or a key in it, or options or a key after it."""
        folded = self.lines[i].folded
        return has_place(folded, start) or has_key(folded, start) or self.follows(i) in ("option", "box", KEY)

    def is_row_of_points(self, i, style):
        """True for "(1)甲 (2)乙 (3)丙" on one line in another style than the questions have, the options after it."""
        line = self.lines[i]
        if line.number.style == style or self.follows(i) not in ("option", KEY) or has_place(line.folded):
            return False
        second = SECOND.search(line.folded, line.number.end)
        return second is not None and number_at(line.folded, second.start()) is not None

    def is_sublist(self, i):
        """True when line `i` ("1." or "(1)") opens a list inside a stem: 1, 2, … and only then the options, a key, or the
        question after this one."""
        expected, place = 1, i
        first = self.lines[i].number
        for _ in range(40):
            if place >= len(self.lines):
                return False
            line = self.lines[place]
            if line.label is not None and line.label[0] == KEY:
                return expected > 2
            if line.heading is not None and line.number is None or line.is_table:
                return False
            if line.option is not None and line.number is None:
                return expected > 2 and line.option.label == "A"
            if line.number is not None and line.number.style == first.style:
                if line.number.value != expected or has_key(line.folded, line.number.end):
                    return False
                expected += 1
            elif line.number is not None:
                return expected > 2
            place = self.after[place]
        return False


def has_place(folded, start=0):
    return BLANK_PLACE.search(folded, start) is not None


def places(folded):
    """Return the empty places of a text, for counting them."""
    return BLANK_PLACE.findall(folded)


def has_key(folded, start=0):
    """True when a line carries its own key: "（B）", "√" at its end, 答案： …"""
    return OWN_KEY.search(folded, start) is not None


def inline_options(folded, start, end, next_is_b):
    """Return the Options that begin inside a stem's text, or []: A and B at least, or A with B on the next line."""
    for match in list(FIRST.finditer(folded, start, end))[:TRIES]:
        if not _may_begin(folded, match.start(), start):
            continue
        found = list(options_inside(folded[:end], match.start(), None))
        apart = [folded[one.end : two.start].strip(" 、,.;") for one, two in zip(found, found[1:], strict=False)]
        if len(found) >= 2 and found[1].label == "B" and all(apart):
            return found
        if len(found) == 1 and next_is_b and folded[found[0].end : end].strip():
            return found
    return []


def _may_begin(folded, place, start):
    """Options begin behind a space or the end of a sentence, and not inside a bracket that waits for an answer."""
    before = folded[start:place]
    return bool(before.strip()) and before[-1] in " )]】。?:!;”》…_" and before.rstrip()[-1] not in "([【"


__all__ = ["INLINE_LABEL", "Ahead", "has_key", "has_place", "inline_options"]
