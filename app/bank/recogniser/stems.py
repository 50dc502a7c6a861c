"""What a stem carries besides its words: tags such as 【单选题】（2分）, and a key in brackets or behind its end."""

import re
from dataclasses import dataclass, field

from app.bank.recogniser.headings import KIND, kind_of_word
from app.bank.recogniser.keys import TRUTH_WORD, parse_letters, truth_of
from app.bank.recogniser.lookahead import BLANK_PLACE

_TAG_KIND = rf"(?:题型\s?[:：]\s?)?(?P<kind>{KIND})"
_TAG_POINTS = r"(?:本题|每题|分值\s?:?)?\s?(?P<points>\d{1,3}(?:\.\d{1,2})?)\s?分"
_TAG_LEVEL = r"(?:难度\s?[:：]?\s?(?P<level>[^()\[\]【】\s]{1,6})|(?P<word>易|较易|容易|简单|中|中等|较难|难|困难))"
BRACKET_TAG = re.compile(
    rf"[(\[【]\s?(?:(?:{_TAG_KIND})(?:\s?[,、;:/-]?\s?{_TAG_POINTS.replace('points', 'points2')})?|{_TAG_POINTS}|{_TAG_LEVEL})\s?[)\]】]\s*\*?\s*"
)
BARE_TAG = re.compile(r"(?P<kind>单项选择题|单选题|多项选择题|多选题|不定项选择题|判断题|是非题|填空题|选择题)\s*[:：]\s*")
GROUP = re.compile(r"([(\[【])([^()\[\]【】]{0,80})([)\]】])")
LETTERS_INSIDE = re.compile(r"\s*[A-L](?:[\s、,;/.]{0,3}[A-L]){0,11}\s*[。.]?\s*$")
TAIL_LETTERS = re.compile(r"(?P<gap>[\s。.,;:?!、)\]】_”》…]*)(?P<letters>[A-L](?:[\s、,]{0,3}[A-L]){0,11})[\s。.]*$")
LOWER_TAIL = re.compile(r"(?<=[)\]】。\s])\s?(?P<letters>[a-l]{1,8})[\s。.]*$")
TAIL_TRUTH = re.compile(rf"(?P<before>[\s。.?!)\]】”》])\s*(?P<word>{TRUTH_WORD})[\s。.]*$|(?P<sign>[√×])[\s。.]*$")
DASH_KEY = re.compile(rf"\s?-\s?(?P<key>[A-L]{{1,10}}|{TRUTH_WORD})\s?:(?P<text>.*)$", re.DOTALL)
TAIL = 60  # characters at the end of a stem in which a key is looked for


@dataclass(slots=True)
class Stem:
    """A stem being taken apart: `raw` and `folded` are twins throughout; the rest is what was found in it."""

    raw: str
    folded: str
    kind: str | None = None
    points: str | None = None
    level: str | None = None
    tags: list = field(default_factory=list)

    def cut(self, start, end):
        self.raw = self.raw[:start] + self.raw[end:]
        self.folded = self.folded[:start] + self.folded[end:]

    def strip(self):
        lead = len(self.raw) - len(self.raw.lstrip())
        self.raw = self.raw.strip()
        self.folded = self.folded[lead : lead + len(self.raw)]

    def blank_out(self, start, end):
        """Replace what stands between two places by a space for an answer."""
        space = "　" if self.raw[start - 1 : start] in "（【［〔" else "  "
        self.raw = self.raw[:start] + space + self.raw[end:]
        self.folded = self.folded[:start] + " " * len(space) + self.folded[end:]


def take_tags(stem):
    """Take tags off both ends of a Stem: its kind, points and difficulty."""
    for _ in range(4):
        match = BRACKET_TAG.match(stem.folded) or BARE_TAG.match(stem.folded)
        if match is None or match.end() == len(stem.folded) or _is_word(match):
            break
        _note(stem, match)
        stem.cut(0, match.end())
    for _ in range(4):
        place = max(stem.folded.rstrip().rfind(opening) for opening in "([【")
        match = BRACKET_TAG.match(stem.folded, place) if place > 0 else None
        if match is None or match.end() < len(stem.folded.rstrip()) or _is_word(match):
            break
        _note(stem, match)
        stem.cut(place, len(stem.folded))
        stem.strip()


def _is_word(match):
    """ "（中）" in round brackets is text, 【中】 is a difficulty."""
    return match.groupdict().get("word") is not None and match.group().startswith("(")


def _note(stem, match):
    found = match.groupdict()
    if found.get("kind"):
        stem.tags.append(found["kind"])
        stem.kind = kind_of_word(found["kind"])
    stem.points = stem.points or found.get("points") or found.get("points2")
    stem.level = stem.level or found.get("level") or found.get("word")


def groups(folded):
    """Return [(start, end, inner text)] of every pair of brackets; start and end lie inside the brackets."""
    return [(match.start(2), match.end(2), match.group(2)) for match in GROUP.finditer(folded)]


def empty_places(folded):
    return BLANK_PLACE.findall(folded)


def letter_groups(folded, labels):
    """Return [(start, end, labels in it)] of the brackets that hold letters of options, and nothing else."""
    found = []
    for start, end, inner in groups(folded):
        if LETTERS_INSIDE.match(inner):
            letters = re.findall("[A-L]", inner)
            if len(set(letters)) == len(letters) and (not labels or all(letter in labels for letter in letters)):
                found.append((start, end, letters))
    return found


def tail_letters(folded, labels):
    """Return (start, letters, glued) of the letters behind a stem's end ("…的是（　）AB"), or None.

    glued: nothing parts them from the words before.
    """
    offset = max(0, len(folded) - TAIL)
    match = TAIL_LETTERS.search(folded, offset)
    if match is None:
        return None
    letters = re.findall("[A-L]", match["letters"])
    before = folded[: match.start("letters")]
    if not before.strip() or (before[-1].isascii() and before[-1].isalnum()) or len(set(letters)) != len(letters):
        return None
    if labels and not all(letter in labels for letter in letters):
        return None
    return match.start("letters"), letters, not match["gap"]


LINE_END_LETTERS = re.compile(r"[)\]】][ 。.]{0,8}(?P<letters>[A-L](?:[ 、,]{0,3}[A-L]){0,11})[ 。.]{0,8}(?=\n)")


def line_end_letters(folded, labels):
    """Return (start, end, letters) of letters that end a line inside a stem, right behind a bracket; or None."""
    for match in LINE_END_LETTERS.finditer(folded):
        letters = re.findall("[A-L]", match["letters"])
        if len(set(letters)) == len(letters) and all(letter in labels for letter in letters):
            return match.start("letters"), match.end("letters"), letters
    return None


def truth_groups(folded):
    """Return [(start of bracket, end of bracket, "true"|"false")] for brackets that hold a truth word or sign."""
    found = []
    for start, end, inner in groups(folded):
        value = truth_of(inner) if inner.strip() and len(inner) <= 12 else None
        if value is not None:
            found.append((start - 1, end + 1, value))
    return found


def tail_truth(folded):
    """Return (start, value, sign) for a truth word or sign at a stem's end, or None. sign: √ or × itself, not a word."""
    match = TAIL_TRUTH.search(folded, max(0, len(folded) - TAIL))
    if match is None or match.start() == 0:
        return None
    word = match["word"] or match["sign"]
    place = match.start("word") if match["word"] else match.start("sign")
    return place, truth_of(word), word in "√×"


def dash_key(folded):
    """Return the match of "…（）。-D:开除党籍" at a stem's end, or None."""
    place = folded.rfind("-")
    while place >= 0 and len(folded) - place < 2_000:
        match = DASH_KEY.match(folded, place)
        if match is not None and place > 0:
            return match
        place = folded.rfind("-", 0, place)
    return None


__all__ = ["Stem", "parse_letters"]
