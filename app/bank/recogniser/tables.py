"""Key tables: "1-5 ABCDD 6-10 ACBDD", "1.A 2.B", "1、对 2、错", rows of 题号 and 答案, and which question each entry is for."""

import re
from dataclasses import dataclass, field

from app.bank.recogniser.keys import truth_run

_TF = r"(?:√|×|正确|错误|对|错|[TF])"
_SPAN = (
    r"\d{1,4}\s?(?:-{1,3}|~|至|到|\.{2,3})\s?\d{1,4}\s?(?:题|小题)?\s?[.、:)]?\s*+"
    rf"(?:[A-L][A-L\s,、;|]{{0,200}}+|{_TF}(?:[\s,、;|]{{0,4}}+{_TF}){{0,120}}+)"
)
_ONE = rf"[(\[]?\d{{1,4}}\s?[)\]]?\s?[.、:,-]?\s*+[(\[]?(?:[A-L]{{1,8}}+|{_TF})[)\]]?"
WHOLE_LINE = re.compile(rf"(?:(?>{_SPAN}|{_ONE})[\s;,、。.|]*+)++$")
SPAN = re.compile(r"(\d{1,4})\s?(?:-{1,3}|~|至|到|\.{2,3})\s?(\d{1,4})\s?(?:题|小题)?\s?[.、:)]?\s*")
ONE = re.compile(rf"[(\[]?(\d{{1,4}})\s?[)\]]?\s?[.、:,-]?\s*[(\[]?([A-L]{{1,8}}|{_TF})[)\]]?(?=[\s;,、。.|\d(\[]|$)")
PIECE = re.compile(
    rf"{SPAN.pattern}(?=[A-L√×对错正TF])|(?:^|(?<=[\s;,、。.|A-L√×对错确误TF)]))[(\[]?(\d{{1,4}})\s?[)\]]?\s?[.、:,-]?\s*(?=[(\[]?(?:[A-L]|{_TF}))"
)
NUMBERED_TEXT = re.compile(r"(?:^|(?<=[\s;。]))(\d{1,4})\s?[.、:)]\s*(?=\S)")
ROW_NUMBERS = re.compile(r"(?:题\s?号|序\s?号)[\s|:]*((?:\d{1,4}[\s|、,]*)+)$")
ROW_KEYS = re.compile(r"(?:参考|正确)?(?:答\s?案)[\s|:]*(.+)$")
UNNUMBERED = re.compile(rf"(?:[A-L]{{1,12}}[\s,、;|。.]*+){{2,}}+$|[A-L]{{2,}}$|(?:{_TF}[\s,、;|。.]*+){{2,}}+$")
MAX_LINE = 2_000


@dataclass(slots=True)
class Entry:
    """One line of a key table: what it says for question `number`. `span`: it came from "1-5 ABCDD"."""

    number: int
    text: str
    folded: str
    line: int
    explanation: list = field(default_factory=list)
    used: bool = False


@dataclass(slots=True)
class Group:
    """The entries under one heading inside a key table; `kind` and `ordinal` as that heading names them."""

    kind: str | None
    ordinal: int | None
    line: int
    entries: list = field(default_factory=list)
    in_order: list = field(default_factory=list)  # (line, text): keys without numbers, one for each question in turn


@dataclass(slots=True)
class Table:
    """One key table; it speaks for the questions from `first` up to `last` (indexes), those read before it."""

    line: int
    first: int
    last: int
    groups: list = field(default_factory=list)
    bad_spans: list = field(default_factory=list)  # (line, from, to, found)


def is_table_line(folded):
    """True for a line that holds nothing but numbers with their keys, at least two of them or a span."""
    if len(folded) > MAX_LINE or not folded or WHOLE_LINE.match(folded) is None:
        return False
    entries, bad = read_entries(folded, 0)
    return len(entries) + sum(2 for _ in bad) >= 2


def read_entries(folded, line):
    """Return (entries, bad spans) of a table line; a span whose count of keys is wrong gives none of its keys."""
    entries, bad = [], []
    pieces = list(PIECE.finditer(folded))
    for i, match in enumerate(pieces):
        end = pieces[i + 1].start() if i + 1 < len(pieces) else len(folded)
        text = folded[match.end() : end].strip(" ;,、。.|()[]")
        if match[3]:
            entries.append(Entry(int(match[3]), text, text, line))
            continue
        low, high = int(match[1]), int(match[2])
        keys = spread(text, high - low + 1) if low <= high else None
        if keys is None:
            bad.append((line, low, high, text))
        else:
            entries += [Entry(low + k, key, key, line) for k, key in enumerate(keys)]
    return entries, bad


def spread(text, count):
    """Return `count` keys from the text behind a span, or None when it does not hold that many."""
    truths = truth_run(text) if re.search("[√×对错]", text) or re.fullmatch(r"[TF\s,、;]+", text) else None
    if truths is not None:
        words = ["√" if value == "true" else "×" for value in truths]
        return words if len(words) == count else None
    groups = [group for group in re.split(r"[\s,、;|]+", text) if group]
    if not all(re.fullmatch("[A-L]+", group) for group in groups):
        return None
    if len(groups) == count:
        return groups
    letters = "".join(groups)
    return list(letters) if len(letters) == count else None


def numbered_texts(folded):
    """Return [(number, start, end)] for several numbered free texts on one line, numbers rising by one; else []."""
    found: list[tuple[int, int, int]] = []
    for match in NUMBERED_TEXT.finditer(folded):
        if not found or int(match[1]) == found[-1][0] + 1:
            found.append((int(match[1]), match.start(), match.end()))
    if not found or found[0][1] != 0:
        return []
    ends = [start for _, start, _ in found[1:]] + [len(folded)]
    return [(number, begin, end) for (number, _, begin), end in zip(found, ends, strict=True)]


def assign(tables, questions):
    """Give every table entry to its question as a key; return the entries and groups that found none.

    questions: raw questions in order, each with `number`, `section` (kind, ordinal, index) and `add_key(entry)`.
    Returns (unmatched entries, ambiguous groups).
    """
    unmatched, ambiguous = [], []
    for table in tables:
        runs = _runs(questions[table.first : table.last])
        for place, group in enumerate(_groups(table)):
            targets = _targets(group, runs, place, table)
            if targets is not None and group.in_order:
                targets = _number_entries(group, targets)
            if targets is None:
                ambiguous.append(group)
                continue
            for entry in group.entries:
                question = targets.get(entry.number)
                if question is None:
                    unmatched.append(entry)
                else:
                    question.add_table_key(entry)
    return unmatched, ambiguous


def _number_entries(group, targets):
    """Give keys without numbers to the questions in turn. Return the targets, or None when the counts differ."""
    numbers = [number for number, question in targets.items() if not question.keys]
    keys = spread(" ".join(text for _, text in group.in_order), len(numbers))
    if keys is None or group.entries:
        return None
    line = group.in_order[0][0]
    group.entries = [Entry(number, key, key, line) for number, key in zip(numbers, keys, strict=True)]
    return targets


def _groups(table):
    """A table without headings whose numbers start again is as many groups as it has starts."""
    if len(table.groups) != 1 or table.groups[0].kind or table.groups[0].ordinal:
        return [group for group in table.groups if group.entries or group.in_order]
    if table.groups[0].in_order:
        return table.groups
    whole = table.groups[0]
    parts: list[Group] = []
    for entry in whole.entries:
        if not parts or entry.number <= parts[-1].entries[-1].number:
            parts.append(Group(None, None, entry.line))
        parts[-1].entries.append(entry)
    return parts


def _runs(questions):
    """Split questions into runs of one section with rising numbers, each as (section, {number: question})."""
    runs: list[tuple] = []
    for question in questions:
        if question.number is None:
            continue
        last = runs[-1] if runs else None
        if last is None or last[0] is not question.section or question.number in last[1]:
            runs.append((question.section, {}))
        runs[-1][1][question.number] = question
    return runs


def _targets(group, runs, place, table):
    """Return {number: question} for a group: by what its heading names, by unique numbers, or by order; None if unclear."""
    if not runs:
        return {}
    numbers = [entry.number for entry in group.entries]
    if group.kind or group.ordinal:
        named = [run for run in runs if _named(group, run[0])]
        if len(named) != 1 and group.kind:
            named = [run for run in runs if run[0].kind == group.kind] or named
        if len(named) == 1:
            return named[0][1]
        if named and _unique(named):
            return {number: question for run in named for number, question in run[1].items()}
    if _unique(runs):
        return {number: question for run in runs for number, question in run[1].items()}
    groups = _groups(table)
    if len(groups) == len(runs):
        return runs[place][1]
    fitting = [run for run in runs if all(number in run[1] for number in numbers)]
    return fitting[0][1] if len(fitting) == 1 else None


def _named(group, section):
    if group.kind and section.kind and group.kind != section.kind:
        return False
    if group.ordinal and section.ordinal and group.ordinal != section.ordinal:
        return False
    return bool((group.kind and section.kind) or (group.ordinal and section.ordinal))


def _unique(runs):
    count = sum(len(run[1]) for run in runs)
    return count == len({number for run in runs for number in run[1]})
