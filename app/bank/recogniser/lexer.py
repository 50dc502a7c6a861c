"""Lines: what each one could be, seen by itself. What it is, is decided by the parser, which knows its neighbours."""

import re

from app.bank.recogniser.characters import fold, unescape
from app.bank.recogniser.headings import KIND, parse_heading
from app.bank.recogniser.labels import HINT as LABEL_HINT
from app.bank.recogniser.labels import label_at_start
from app.bank.recogniser.numbering import KEY_BEFORE, SURE, WEAK, Number, number_at
from app.bank.recogniser.options import option_at
from app.bank.recogniser.tables import is_table_line

LONGEST_LINE = 25_000  # characters; a longer one is a file without line ends and is refused with a problem
HEADING_HINT = re.compile(r"题|选|断|空|案|章|节|编|篇|单元|讲|部分|模块|[(\[第]?\s?[一二三四五六七八九十]{1,3}\s?[)\]、.,:]")
FURNITURE = re.compile(
    r"[-=_*~·.•☆★—\s]{3,}$|-\s?\d{1,4}\s?-$|第\s?\d{1,4}\s?页(?:\s?[,、/共]?\s?共?\s?\d{1,4}\s?页)?$|```.*$|:::.*$|<!--.*-->$"
)
TAG_BEFORE = re.compile(rf"[(\[【]\s?(?P<kind>{KIND})\s?[)\]】]\s*(?=(?:第\s?)?\d{{1,4}}\s{{0,2}}(?:题|[.、:,)]))")
KIND_NUMBER = re.compile(rf"(?P<kind>{KIND})\s{{0,3}}(?P<n>\d{{1,4}})\s{{0,2}}(?:[.、:,)]\s*|$)")  # 单选题 3
BOXES, KIND_STARTS = frozenset("○□◯◻☐▢"), frozenset("单多判填选是不")
CHECKBOX = re.compile(r"[-*+]\s+\[(?P<mark>[ xX√])\]\s*")
MARKDOWN = re.compile(r"^[ \t]{0,12}(?:[-*+][ \t]{1,4}\[[ xX]\]|#{1,6})[ \t]", re.MULTILINE)
BULLET = re.compile(r"[-*+•·]\s+(?=[A-L][.、:,)]|[A-L]\s|【?(?:参考|正确|标准)?答案|【?解析|\d{1,4}[.、])")
NUMBER_STARTS = frozenset("0123456789第([【*★●◆▲■题试问QqNlIOo⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇")
OPTION_STARTS = frozenset("ABCDEFGHIJKLabcdefghijkl([【√*●○□◯◻☐·•▢选")


class Line:
    """One line: `raw` (stripped, backslashes resolved) and `folded`, its twin of the same length; `offset` is where raw
    began in the line as given. The rest is what the line could be: None or False when it could not."""

    __slots__ = (
        "no",
        "raw",
        "folded",
        "offset",
        "plain",
        "level",
        "checkbox",
        "number",
        "key_before",
        "tag_before",
        "option",
        "label",
        "heading",
        "is_table",
        "furniture",
        "too_long",
    )

    def __init__(self, no, raw, folded, offset=0, plain=False):
        self.no, self.raw, self.folded, self.offset, self.plain = no, raw, folded, offset, plain
        self.level = 0  # of a Markdown heading
        self.checkbox = self.number = self.key_before = self.tag_before = self.option = self.label = self.heading = None
        self.is_table = self.furniture = self.too_long = False


def lex(text):
    """Return the Lines of a cleaned text, blank ones as None; line numbers count from 1."""
    markdown = MARKDOWN.search(text) is not None
    return [_line(no, raw, markdown) for no, raw in enumerate(text.split("\n"), 1)]


def _line(no, given, markdown):
    raw = given.strip()
    if not raw:
        return None
    offset = len(given) - len(given.lstrip())
    if len(raw) > LONGEST_LINE:
        line = Line(no, raw[:LONGEST_LINE], fold(raw[:LONGEST_LINE]), offset)
        line.too_long = True
        return line
    if "\\" in raw:
        plain = raw[0] == "\\" and len(raw) > 1 and not (raw[1].isascii() and raw[1].isalnum())
        if plain and raw[1] == " ":
            words, folded = unescape(raw[2:].strip())
            return Line(no, words, folded, offset, plain=True)
        words, folded = unescape(raw)
        line = Line(no, words, folded, offset, plain)
    else:
        line = Line(no, raw, fold(raw), offset)
    if not line.folded.strip():
        return None
    if not line.plain:
        if markdown:
            _unmark(line)
        _classify(line)
    return line


def _cut(line, start, end=None):
    line.raw, line.folded = line.raw[start:end], line.folded[start:end]
    line.offset += start


def _unmark(line):
    """Take Markdown's own signs off a line: heading, quote, bold, bullet; remember level and checkbox."""
    match = re.match(r"(#{1,6})\s+|>\s*", line.folded)
    if match and match.end() < len(line.folded):
        line.level = len(match.group(1) or "")
        _cut(line, match.end())
    if "**" in line.folded:
        parts = [(m.start(), m.end()) for m in re.finditer(r"(?:(?!\*\*).)+", line.folded)]
        line.raw = "".join(line.raw[a:b] for a, b in parts)
        line.folded = "".join(line.folded[a:b] for a, b in parts)
    match = CHECKBOX.match(line.folded)
    if match:
        line.checkbox = match["mark"] != " "
        _cut(line, match.end())
        return
    match = BULLET.match(line.folded)
    if match:
        _cut(line, match.end())


def _classify(line):
    folded = line.folded
    if not folded:
        line.furniture = True
        return
    first = folded[0]
    if first in "-=_*~·.•☆★第`:<" and FURNITURE.match(folded):
        line.furniture = True
        return
    if first in OPTION_STARTS:
        line.option = option_at(folded)
    if first in BOXES and line.option is None:
        line.checkbox = False  # a box without a letter; 正确答案 behind it says that it is right
        _cut(line, len(folded) - len(folded[1:].lstrip()))
        return
    named = KIND_NUMBER.match(folded) if first in KIND_STARTS else None
    if named is not None:
        line.number, line.tag_before = Number(int(named["n"]), "题", SURE, named.end()), named
        return
    if first in NUMBER_STARTS:
        line.is_table = (first.isdigit() or first in "([") and is_table_line(folded)
        before = KEY_BEFORE.match(folded) if first in "([" else None
        tag = TAG_BEFORE.match(folded) if first in "([【" else None
        start = before.end() if before is not None else tag.end() if tag is not None else 0
        line.number = number_at(folded, start)
        if line.number is not None and line.number.strength == WEAK and "．" in line.raw[start : line.number.end]:
            line.number = line.number._replace(strength=SURE)  # decimals are not written with a full-width stop
        line.key_before, line.tag_before = (before, tag) if line.number else (None, None)
    if len(folded) <= 120 and HEADING_HINT.search(folded):
        line.heading = parse_heading(folded)
    if line.option is None and line.number is None and LABEL_HINT.search(folded[:14]):
        line.label = label_at_start(folded)
