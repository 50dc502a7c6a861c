"""Options: A. A、 A． A: (A) at the start of a line, and several of them on one line."""

import re
from typing import NamedTuple

LABELS = "ABCDEFGHIJKL"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
AT_START = re.compile(
    r"(?P<mark>[√*●]\s?)?(?:[○□◯◻☐·•▢]\s?)?(?:选项\s?)?(?:"
    r"[(\[【]\s?(?P<round>[A-La-l])\s?[)\]】]\s*[.、:,]?"
    r"|(?P<letter>[A-La-l])\s{0,3}(?:[.、:,)。·][:、.)]?|_(?!_))(?![A-Za-z]\.)"
    r"|(?P<spaced>[A-La-l])\s{1,8}(?=[^\s\-+=<>])"
    r"|(?P<glued>[A-L])(?=[一-龥“《\"‘（(])"
    r")\s*"
)
INSIDE = re.compile(
    r"(?P<mark>√\s?)?(?:[(\[]\s?(?P<round>[A-L])\s?[)\]]\s*[.、:,]?|(?P<letter>[A-L])\s{0,3}[.、:,)·][:、.]?(?![A-Za-z]\.))\s*"
)
INSIDE_LOWER = re.compile(r"(?:[(\[]\s?(?P<round>[a-l])\s?[)\]]|(?P<letter>[a-l])\s{0,3}[.、:,)])\s*")
INSIDE_SPACED = re.compile(r"(?<=\s)(?P<letter>[A-L])\s{1,3}(?=[^\sA-Za-z])")
LISTED = re.compile(r"[A-L]\s?[、,和与及]\s?$")
SURE, SPACED, GLUED = "sure", "spaced", "glued"


class Option(NamedTuple):
    """A label at some place: `start` of the label, `end` where its text begins. `marked`: √ or * stands before it."""

    label: str
    strength: str
    start: int
    end: int
    lower: bool = False
    marked: bool = False


def option_at(folded, start=0):
    """Return the Option that a folded line begins with at `start`, or None."""
    match = AT_START.match(folded, start)
    if match is None:
        return None
    letter = match["round"] or match["letter"] or match["spaced"] or match["glued"]
    strength = SPACED if match["spaced"] else GLUED if match["glued"] else SURE
    return Option(letter.upper(), strength, match.start(), match.end(), letter.islower(), bool(match["mark"]))


def options_inside(folded, start, last, used="", lower=False):
    """Yield the further options on a line from `start`, the last label so far being `last` (None: expect A).

    A label after a space may skip ahead or back to a letter not used yet; one glued to the text before it must
    be exactly the next.
    """
    used = set(used)
    place, expected = start, after(last)
    pattern = INSIDE_LOWER if lower else INSIDE
    for match in pattern.finditer(folded, start):
        label = (match["round"] or match["letter"]).upper()
        if match.start() < place or not _may_stand(folded, match.start(), start, label, expected, used):
            continue
        mark = match.groupdict().get("mark")
        if mark and not folded[place : match.start()].strip():
            mark, begin = None, match.start() + len(mark)  # "A.√ B.×": the sign is what option A says
        else:
            begin = match.start()
        yield Option(label, SURE, begin, match.end(), lower, bool(mark))
        used.add(label)
        place, expected = match.end(), after(label)


def spaced_inside(folded, start, last):
    """Yield further options written with a space for separator ("A 北京  B 上海"), strictly in order."""
    expected = after(last)
    for match in INSIDE_SPACED.finditer(folded, start):
        if match["letter"] == expected:
            yield Option(expected, SPACED, match.start(), match.end())
            expected = after(expected)


def glued_inside(folded, start):
    """Yield options with nothing at all behind their letters ("A甲类B乙类C丙类"), strictly in order, before an ideograph."""
    expected = "B"
    for match in re.finditer(r"(?<![A-Za-z])([B-L])(?=[一-龥“《])", folded[start:]):
        if match.group(1) == expected:
            yield Option(expected, GLUED, start + match.start(), start + match.end())
            expected = after(expected)


def _may_stand(folded, place, start, label, expected, used):
    before = folded[place - 1] if place > start else " "
    if LISTED.search(folded, max(start - 3, place - 4), place) is not None:
        return False  # "A、B都对": letters in a row, not options
    if label == expected:
        return not (before.isascii() and before.isalpha())
    near = abs(LABELS.index(label) - LABELS.index(expected or "A")) <= 3
    return before == " " and label not in used and near and expected != "A"


def after(label):
    """Return the label that comes next: A for None, None after the last."""
    if label is None:
        return "A"
    place = LABELS.find(label) + 1
    return LABELS[place] if 0 < place < len(LABELS) else None
