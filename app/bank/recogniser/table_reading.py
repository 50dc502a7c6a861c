"""Reading a key table line by line, from 参考答案 to its end: spans, pairs, rows, answers with their explanations."""

import re

from app.bank.recogniser.headings import CN, FILL, OTHER, kind_of_word, ordinal_of
from app.bank.recogniser.keys import parse_letters, parse_truth
from app.bank.recogniser.labels import EXPLANATION, KEY, segments
from app.bank.recogniser.lookahead import has_place
from app.bank.recogniser.numbering import BARE, SURE, number_at
from app.bank.recogniser.raw import Piece
from app.bank.recogniser.tables import (
    ROW_KEYS,
    ROW_NUMBERS,
    UNNUMBERED,
    Entry,
    Group,
    is_table_line,
    numbered_texts,
    read_entries,
)

HEADED = re.compile(
    rf"(?:第?(?P<ordinal>{CN})(?:大题|部分)?\s?[、.,:：)]|[(\[](?P<inner>{CN})[)\]])?\s*(?:(?P<kind>单项?选择?题?|多项?选择?题?|不定项?选?择?题?"
    r"|判断(?:对错|正误|是非)?题?|是非题|填空题?|选择题)\s*(?:[(\[][^()\[\]]{0,60}[)\]])?\s*(?:答案)?\s*[:：.、]?)?\s*"
)


WORDED = (FILL, OTHER)  # kinds whose answers are words
SHORT = 30  # characters of an answer in words where the kind is not known


class TableReader:
    """Takes lines into a Table until one is not part of it. `strict`: the table began without a heading, so only whole
    table lines belong to it. `kind`: of all the questions it speaks for, None when they are of several."""

    def __init__(self, table, ahead, strict, kind=None):
        self.table, self.ahead, self.strict, self.kind = table, ahead, strict, kind
        self.numbers = None  # of a 题号 row whose 答案 row is to come

    @property
    def group(self):
        if not self.table.groups:
            self.open_group(None, None, self.table.line)
        return self.table.groups[-1]

    def open_group(self, kind, ordinal, line):
        self.table.groups.append(Group(kind, ordinal, line))

    def take(self, i, line):
        """Take a line and return True, or return False when the table ends before it."""
        if not line.is_table and not self.strict and _entries_with_labels(line.folded):
            self._entries(line, 0, len(line.folded))
            return True
        if line.is_table:
            self._entries(line, 0, len(line.folded))
            return True
        if self._take_headed(line):
            return True
        if line.heading is not None and line.heading.kind is not None:
            return self._take_heading(i, line)
        if self._take_row(line):
            return True
        if UNNUMBERED.match(line.folded) and not self.group.entries and not self.strict:
            self.group.in_order.append((line.no, line.folded))
            return True
        if self.strict or line.plain or line.option is not None and line.number is None:
            return False
        if line.number is not None:
            return self._take_numbered(i, line)
        if line.label is not None and self.group.entries and line.label[0] in (EXPLANATION, KEY):
            return self._explain(line, line.label[1])
        if line.heading is not None or not self.group.entries or self.ahead.follows(i) == "option":
            return False
        return self._explain(line, 0)

    def take_text(self, line, start):
        """Take what stands behind a 答案： label."""
        rest = line.folded[start:]
        if UNNUMBERED.match(rest.strip()):
            self.group.in_order.append((line.no, rest.strip()))
            return None
        if is_table_line(rest.strip()):
            return self._entries(line, start, len(line.folded))
        lead = start + len(rest) - len(rest.lstrip())
        for number, begin, end in numbered_texts(line.folded[lead:]):
            self._entry(line, number, lead + begin, lead + end)
        return None

    def _entries(self, line, start, end):
        entries, bad = read_entries(_without_labels(line.folded[start:end]).strip(), line.no)
        self.group.entries += entries
        self.table.bad_spans += bad

    def _take_heading(self, i, line):
        """A heading of the next part of the answers; but not one whose first line is a question again."""
        after = self.ahead.next(i)
        if after is None:
            return False
        table_like = (
            after.is_table or after.number is not None and self._reads_as_entry(self.ahead.after[i], after, line.heading.kind)
        )
        if not table_like and not is_headed(after.folded) and not ROW_NUMBERS.search(after.folded):
            return False
        if self.strict and not after.is_table:
            return False
        self.open_group(line.heading.kind, line.heading.ordinal, line.no)
        return True

    def _take_headed(self, line):
        """单选题：1-5 ABCDD or 一、1-5 ABCDD, the heading and its keys on one line."""
        match = HEADED.match(line.folded)
        if match is None or not is_headed(line.folded):
            return False
        kind = kind_of_word(match["kind"]) if match["kind"] else None
        self.open_group(kind, ordinal_of(match["ordinal"] or match["inner"]), line.no)
        self.take_text(line, match.end())
        return True

    def _take_row(self, line):
        """Rows of a table: 题号 1 2 3, then 答案 A B C."""
        row = ROW_NUMBERS.search(line.folded)
        if row is not None:
            self.numbers = [int(number) for number in re.findall(r"\d+", row.group(1))]
            return True
        if self.numbers is None:
            return False
        row = ROW_KEYS.match(line.folded)
        keys = [key for key in re.split(r"[\s|、,]+", row.group(1)) if key] if row is not None else []
        if len(keys) != len(self.numbers):
            return False
        self.group.entries += [Entry(number, key, key, line.no) for number, key in zip(self.numbers, keys, strict=True)]
        self.numbers = None
        return True

    def _take_numbered(self, i, line):
        """1. B 解析：…   1.【答案】B   1. 三个月；六个月 (in a part for blanks)."""
        kind = self.group.kind or self.kind
        if not self._reads_as_entry(i, line, kind):
            return False
        texts = numbered_texts(line.folded)
        worded = kind in WORDED
        if len(texts) < 2 or not all(worded or _begins_with_key(line.folded[a:b]) for _, a, b in texts):
            texts = [(line.number.value, line.number.end, len(line.folded))]
        for number, begin, end in texts:
            self._entry(line, number, begin, end)
        return True

    def _entry(self, line, number, begin, end):
        entry = Entry(number, "", "", line.no)
        for field, a, b in segments(line.folded, begin):
            b = min(b, end)
            raw, folded = line.raw[a:b].strip(), line.folded[a:b].strip()
            if field == EXPLANATION:
                entry.explanation.append(Piece(line.no, raw, folded))
            elif field in (None, KEY) and raw and not entry.text:
                entry.text, entry.folded = raw, folded
        self.group.entries.append(entry)

    def _reads_as_entry(self, i, line, kind):
        """A numbered line belongs to the table when a key stands behind its number, not a question."""
        if line.number.strength not in (SURE, BARE) or self.ahead.follows(i) in ("option", "box"):
            return False
        field, begin, end = next(iter(segments(line.folded, line.number.end)))
        words = line.folded[begin:end].strip()
        if field == KEY or _begins_with_key(words):
            return True
        if has_place(words):
            return False
        return kind in WORDED or kind is None and bool(self.group.entries) and len(words) <= SHORT and words[-1:] != "?"

    def _explain(self, line, start):
        entry = self.group.entries[-1]
        for field, a, b in segments(line.folded, 0):
            raw = line.raw[a:b].strip()
            if field == KEY and not entry.text:
                entry.text, entry.folded = raw, line.folded[a:b].strip()
            elif raw:
                entry.explanation.append(Piece(line.no, raw, line.folded[a:b].strip()))
        return True


KEY_LABEL = re.compile(r"[【\[(]?(?:参考|正确)?答案[】\])]?\s?[:是为]?")


def _without_labels(folded):
    return KEY_LABEL.sub(lambda match: " " * len(match.group()), folded)


def _entries_with_labels(folded):
    """1.【答案】A 2.【答案】B: entries once the words 答案 are taken away."""
    return "答案" in folded and folded[0].isdigit() and is_table_line(_without_labels(folded))


def is_headed(folded):
    """True for a line of keys with its heading in front of it."""
    match = HEADED.match(folded)
    rest = folded[match.end() :].strip() if match is not None and match.end() else ""
    if rest and match["kind"] and kind_of_word(match["kind"]) in WORDED and not has_place(rest):
        texts = numbered_texts(rest)
        return bool(texts) and texts[0][0] == 1
    return bool(rest) and (is_table_line(rest) or _short_entry(rest) or UNNUMBERED.match(rest) is not None)


def _short_entry(words):
    """True for one number with its key: "6.ABC"."""
    number = number_at(words)
    return number is not None and _short_key(words[number.end :])


def _begins_with_key(words):
    """True for a text that begins with letters or a truth word, and is no question with a place to fill in."""
    words = words.strip()
    letters = parse_letters(words)
    return parse_truth(words) is not None or letters is not None and not has_place(words)


def _short_key(words):
    """True for a text that is nothing but letters or a truth word."""
    words = words.strip(" ;,、。.")
    letters = parse_letters(words) if len(words) <= 24 else None
    truth = parse_truth(words) if len(words) <= 6 else None
    return letters is not None and not letters.rest or truth is not None and not truth[1]
