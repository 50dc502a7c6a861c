"""Reading a key as it was written: letters, true or false, the answers of blanks. Nothing here guesses."""

import re
from typing import NamedTuple

from app.bank.recogniser.characters import fold, past

TRUE_WORDS = (
    "√",
    "对",
    "正确",
    "对的",
    "正确的",
    "是",
    "是的",
    "T",
    "TRUE",
    "True",
    "true",
    "Y",
    "YES",
    "Yes",
    "V",
    "v",
    "t",
    "y",
)
FALSE_WORDS = (
    "×",
    "错",
    "错误",
    "错的",
    "错误的",
    "不对",
    "不正确",
    "否",
    "不是",
    "F",
    "FALSE",
    "False",
    "false",
    "N",
    "NO",
    "No",
    "X",
    "x",
    "f",
    "n",
    "非",
)
TRUTH = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
TRUTH_WORD = r"√|×|对的?|错的?|正确的?|错误的?|不正确|不对|是的?|否|[Tt](?:rue|RUE)?|[Ff](?:alse|ALSE)?|[YNyn]|YES|NO|[XxVv]"

NOTHING = re.compile(
    r"[\s:：(\[【]*(?:略|无|暂无|待定|待补|未知|见解析|见后|如下|空)?[\s。.)\]】…_-]*$"
)  # a key that says nothing

_LETTER = r"[A-La-l]"
LETTERS = re.compile(rf"{_LETTER}(?:[\s、,;/|和与及+&.]{{0,3}}{_LETTER}){{0,11}}")
LEAD = re.compile(r"[\s:：=【\[(]*(?:应?选择?|故选|为|是|选项)?\s*[:：]?\s*[【\[(]*\s*")
OPENING = re.compile(r"[\s:=【\[(]*")
TAIL = re.compile(r"(?:选?项)?[\s()\[\]【】。.;,、:]*")
TRUTH_FIRST = re.compile(rf"({TRUTH_WORD})(?=$|[\s。.,;、:()\[\]】(-])")


class Letters(NamedTuple):
    """Letters of a key: `labels` in the order written, `rest` what stood after them, `lower` when written small."""

    labels: list
    rest: str
    lower: bool


def parse_letters(text):
    """Return the Letters that a key text begins with, or None when it is not a key of letters.

    "B", "A、C、D", "（ AC ）", "选B", "B. 50人", "ABC。" are; "Beijing" and "CPC 成立" are not.
    """
    folded = fold(text)
    lead = past(LEAD, folded)
    match = LETTERS.match(folded, lead)
    if match is None:
        return None
    end = match.end()
    tail = past(TAIL, folded, end)
    rest = text[tail:].strip()
    if rest and not _ends_cleanly(folded, end, tail):
        return None
    run = match.group()
    letters = re.findall(_LETTER, run)
    if re.search(r"[a-l]", run) and re.search(r"[A-L]", run):
        return None
    return Letters([letter.upper() for letter in letters], rest, run[0].islower())


def _ends_cleanly(folded, end, after):
    """Something must part the letters from what follows: a stop, a bracket or a space; a Latin letter never does."""
    return after > end and not (folded[after].isascii() and folded[after].isalpha() and folded[end:after].isspace())


def parse_truth(text):
    """Return ("true"|"false", rest) when a key text begins with a word or sign for it, else None."""
    folded = fold(text)
    lead = past(OPENING, folded)
    match = TRUTH_FIRST.match(folded, lead)
    if match is None:
        return None
    rest = text[past(TAIL, folded, match.end()) :].strip()
    return TRUTH[match.group(1)], rest


def truth_of(word):
    """Return "true", "false" or None for one word standing alone."""
    return TRUTH.get(fold(word).strip().strip("。.、,;()[]【】 "))


def truth_run(text):
    """Return the list of truth values in a run such as "√×√√×" or "对 错 对", or None."""
    folded = re.sub(r"[\s、,;.。]", "", fold(text))
    words = re.findall(r"√|×|正确|错误|对|错|[TFtf]|[Xx]|[Vv]", folded)
    if not words or "".join(words) != folded:
        return None
    return [TRUTH[word] for word in words]


# Answers of blanks. `；` parts blanks, `/` or `|` parts accepted spellings of one blank; a backslash takes that meaning away.

_ALTERNATIVE = re.compile(r"(?<!\d)/|/(?!\d)|\|")
_NUMBERED = re.compile(
    r"(?:[(\[]\s?(\d{1,2})\s?[)\]]|(?:^|(?<=[\s;。,、]))(\d{1,2})\s?[.、)](?!\d)|第([一二三四五六七八九十])空\s*[:：]?|([①②③④⑤⑥⑦⑧⑨⑩]))\s*"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
SEPARATORS = (";", r"\|", "、", r"\n", ",", r"\s+")
LISTED = 3  # separators of the list above that are the documented ones


class Answers(NamedTuple):
    """The answers of blanks: one list per blank. `unusual`: parted by a sign that is not a documented one."""

    blanks: list
    unusual: bool


def parse_answers(raw, folded, blanks):
    """Return the Answers to `blanks` blanks in a key text, or None when it does not give that many.

    raw and folded are twins: the words come from `raw`, the separators are found in `folded`.
    """
    if blanks == 1:
        numbered = _numbered(raw, folded)
        parts = numbered or _split(raw, folded, ";")
        return Answers([_alternatives(*parts[0])], False) if len(parts) == 1 and parts[0][0].strip() else None
    numbered = _numbered(raw, folded)
    if len(numbered) == blanks:
        return _answers(numbered, False)
    for place, separator in enumerate(SEPARATORS):
        parts = _split(raw, folded, separator)
        if len(parts) == blanks:
            return _answers(parts, place >= LISTED)
    return None


def count_parts(raw, folded):
    """Return how many answers a key text seems to give, for the words of a problem."""
    numbered = _numbered(raw, folded)
    if len(numbered) > 1:
        return len(numbered)
    for separator in SEPARATORS[:LISTED]:
        parts = _split(raw, folded, separator)
        if len(parts) > 1:
            return len(parts)
    return 1 if raw.strip() else 0


def _answers(parts, unusual):
    found = [_alternatives(raw, folded) for raw, folded in parts]
    return Answers(found, unusual) if all(found) else None


def _split(raw, folded, separator):
    """Return (raw, folded) pairs between the separators, empty ends left out."""
    pairs, begin = [], 0
    for match in re.finditer(separator, folded):
        pairs.append((raw[begin : match.start()].strip(), folded[begin : match.start()].strip()))
        begin = match.end()
    pairs.append((raw[begin:].strip(), folded[begin:].strip()))
    while pairs and not pairs[-1][1].strip("。. "):
        pairs.pop()
    while pairs and not pairs[0][1]:
        pairs.pop(0)
    return pairs


def _numbered(raw, folded):
    """Return the pairs of a numbered list "(1)…(2)…" or "①…②…" that counts from one, else []."""
    places: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(folded):
        number = match[1] or match[2]
        value = int(number) if number else _CIRCLED.find(match[4]) + 1 if match[4] else "一二三四五六七八九十".find(match[3]) + 1
        if value == len(places) + 1:
            places.append((match.start(), match.end()))
    if not places or folded[: places[0][0]].strip():
        return []
    ends = [start for start, _ in places[1:]] + [len(folded)]
    parts = [
        (raw[begin:end].strip().strip(";；、，,"), folded[begin:end].strip().strip(";、,"))
        for (_, begin), end in zip(places, ends, strict=True)
    ]
    return parts if all(words for words, _ in parts) else []  # "①③" are numbers themselves, not a list


def _alternatives(raw, folded):
    """Return the accepted spellings in one answer. "1/3" and "2021/7/1" are one answer: a slash between digits stays."""
    parts, begin = [], 0
    for match in _ALTERNATIVE.finditer(folded):
        parts.append(raw[begin : match.start()].strip())
        begin = match.end()
    parts.append(raw[begin:].strip())
    return [part for part in dict.fromkeys(parts) if part]
