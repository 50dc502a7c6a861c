"""Key tables as the parser meets them: where one begins, and what is wrong with it in the end."""

import re

from app.bank.problems import Problem
from app.bank.recogniser import headings, sections, tables
from app.bank.recogniser.labels import EXPLANATION
from app.bank.recogniser.lookahead import places
from app.bank.recogniser.table_reading import TableReader, is_headed

SHOWN = 30  # characters of a table's text in a problem


def is_row(line):
    """True for a line of nothing but numbers and keys, or a row 题号 1 2 3."""
    return line.is_table or line.folded[0] in "题序" and tables.ROW_NUMBERS.match(line.folded) is not None


def answers_heading(parser, i, line):
    """参考答案: the start of a key table, or a 答案 label with its key on the next line, or part of the title."""
    after = parser.ahead.next(i)
    if not parser.questions:
        if line.heading.kind is not None:
            sections.open_section(parser, line, line.heading)
        parser.roles[line.no] = "heading"
        return True
    waiting = parser.q is not None and (not parser.q.keys or line.label is not None and line.label[0] == EXPLANATION)
    tabular = after is not None and _begins_table(after)
    if waiting and not line.heading.sure and not (tabular and _is_ahead(parser, i)):
        return False
    open_table(parser, line)
    return True


def _begins_table(line):
    """True for a first line that may stand under 参考答案: entries, a heading, a numbered key, a row of numbers."""
    headed = line.heading is not None and line.heading.kind is not None or is_headed(line.folded)
    bare = tables.UNNUMBERED.match(line.folded) is not None
    return is_row(line) or headed or bare or line.number is not None


def _is_ahead(parser, i):
    """After a bare 答案： a number line opens a table only when it is a key, not the next question; and letters alone are
    the key of the question before."""
    after = parser.ahead.next(i)
    if tables.UNNUMBERED.match(after.folded):
        return _keys_in_order(parser, after.folded)
    if after.number is None or is_row(after) or is_headed(after.folded):
        return True
    expected = (parser.q.number or 0) + 1
    return after.number.value != expected or not parser.ahead.asks(parser.ahead.after[i], after.number.end)


def table_line(parser, line):
    """Open a table at a line of nothing but keys, without a heading. False where it answers the blanks of one question."""
    q = parser.q
    if not parser.questions:
        return False
    waits = q is not None and parser.state == "key" and q.key_line is not None and not q.keys
    if waits and line.number is not None and q.section.kind == headings.FILL:
        return False
    open_table(parser, line, strict=True)
    parser.reader.take(line.no - 1, line)
    return True


def open_table(parser, line, strict=False):
    """Begin a table at `line`; it speaks for all questions since the last one. strict: it has no heading."""
    parser.roles[line.no] = "key_table"
    table = tables.Table(line.no, parser.keyed_until, len(parser.questions))
    parser.tables.append(table)
    kinds = {question.section.kind for question in parser.questions[parser.keyed_until :]}
    parser.reader = TableReader(table, parser.ahead, strict, kinds.pop() if len(kinds) == 1 else None)
    if not strict and line.heading is not None and line.heading.kind is not None:
        parser.reader.open_group(line.heading.kind, line.heading.ordinal, line.no)
    parser.keyed_until = len(parser.questions)
    parser.q, parser.state = None, None


def table_after_label(parser, line, end):
    """答案：1-5 ABCDD on one line is a key table, whatever question stands before it. True when it was."""
    rest = line.folded[end:].strip()
    listed = tables.is_table_line(rest) and (parser.q.section.kind != headings.FILL or bool(parser.q.keys))
    if not (listed or _keys_in_order(parser, rest) or _answers_of_section(parser, rest)):
        return False
    open_table(parser, line)
    parser.reader.take_text(line, end)
    return True


def _waiting(parser):
    """Return the questions of this section since the last table, or [] when one of them has a key already."""
    found = []
    for place in range(len(parser.questions) - 1, parser.keyed_until - 1, -1):
        q = parser.questions[place]
        if q.section is not parser.q.section:
            break
        if q.keys or q.keyed:
            return []
        found.append(q)
    return found[::-1]


def _keys_in_order(parser, rest):
    """答案：ABCDD after five questions without keys: one for each, in order. Only when it cannot be one question's key."""
    if tables.UNNUMBERED.match(rest) is None:
        return False
    waiting = _waiting(parser)
    if len(waiting) < 2 or tables.spread(rest, len(waiting)) is None:
        return False
    letters, groups = re.findall("[A-L]", rest), rest.split()
    rising = letters == sorted(set(letters))
    apart = len(groups) == len(waiting) and any(len(group) > 1 for group in groups)
    return not letters or not rising or apart or parser.q.section.kind == headings.SINGLE


def _answers_of_section(parser, rest):
    """答案：1.七月一日 2.十月一日 after the last of several questions: their answers, not the blanks of this one."""
    texts = tables.numbered_texts(rest)
    if len(texts) < 2:
        return False
    waiting = [q.number for q in _waiting(parser)]
    blanks = sum(len(places(piece.folded)) for piece in parser.q.stem)
    return blanks != len(texts) and [number for number, _, _ in texts] == waiting[-len(texts) :]


def report(parser, unmatched, ambiguous):
    """Add the problems of all key tables, once their entries have gone to their questions."""
    unclear = {id(group) for group in ambiguous}
    for table in parser.tables:
        for line, low, high, text in table.bad_spans:
            params = {"low": low, "high": high, "count": high - low + 1, "text": text[:SHOWN]}
            parser.problems.append(Problem(line, "key_table_span", params))
        if not table.bad_spans and not any(group.entries or group.in_order for group in table.groups):
            parser.problems.append(Problem(table.line, "key_table_empty"))
        for group in table.groups:
            if id(group) in unclear:
                parser.problems.append(Problem(group.line, "key_table_ambiguous"))
            elif group.in_order:
                parser.problems.append(Problem(group.in_order[0][0], "key_table_in_order", {"count": len(group.entries)}))
    for entry in unmatched:
        params = {"number": entry.number, "key": entry.text[:SHOWN]}
        parser.problems.append(Problem(entry.line, "key_table_unmatched", params))
