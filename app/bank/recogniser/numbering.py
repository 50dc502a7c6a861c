"""Question numbers at the start of a line: 1.  1、  1．  (1)  第1题  一、 and what only looks like one."""

import re
from typing import NamedTuple

from app.bank.recogniser.headings import ordinal_of

PATTERN = re.compile(
    r"(?:[*★●◆▲■]\s?)?(?:"
    r"第\s?(?P<di>\d{1,4}|[一二三四五六七八九十百]{1,5})\s?(?:小题|道题|题|道)\s*[.、:,)。]{0,2}"
    r"|[(\[【]\s?(?P<par>\d{1,4})\s?[)\]】]\s*[.、:,]?"
    r"|(?:题目?|试题|问题|[Qq](?:uestion)?|No\.?)\s?(?P<word>\d{1,4})\s?[.、:,)]{1,2}"
    r"|(?P<n>\d{1,4})\s{0,3}(?:\.\s?[、,:)]|、\.|[.、:,)。·;]\.?)"
    r"|(?P<bare>\d{1,4})(?P<gap>\s{1,6})?(?=[^\d\s%℅‰℃])"
    r")\s*"
)
LEVELS = re.compile(r"\d{1,2}\.(\d{1,3})(?:[.、]\s*|\s+)(?=[^\d\s%])")  # 2.3 题干: the third question of part two
TAGGED = re.compile(r"[(\[【]\s?(?:单|多|不定|判断|填空|是非|选择题|简答)[^()\[\]【】]{0,10}[)\]】]")
BOLD = re.compile(r"(?P<n>[⒈-⒛])|(?P<par>[⑴-⒇])")
MISREAD = re.compile(r"(?P<n>[lI]|[lI\d]{0,2}[lIOo][lIOo\d]?)\s?[.、]\s*(?=[^A-Za-z\s.])")
UNIT = re.compile(
    r"年|月|日|号|个|名|条|章|届|次|种|项|周|天|岁|万|亿|千|百|元|小时|分|秒|级|大|中全会|期|位|人|所|倍|度|世纪|米|公|点|多|余|月份|份|支|家|岁|堂|课时|学时|k|K|m|M|kg"
)
KEY_BEFORE = re.compile(
    r"[(\[]\s{0,6}(?P<key>[A-H]{1,8}|√|×|对|错|正确|错误|T|F)?\s{0,6}[)\]]\s*(?=(?:第\s?)?\d{1,4}\s{0,2}(?:题|[.、:,)](?!\d)))"
)

DATED = re.compile(r"(?:1[89]|20)\d\d\s?年|\d\d世纪|\d{1,2}月\d{1,2}日")
SURE, WEAK, BARE, MISREAD_DIGITS = "sure", "weak", "bare", "misread"


class Number(NamedTuple):
    """A number at the start of a line. `strength`: SURE; WEAK when it may be a decimal or a date; BARE without a
    separator; MISREAD_DIGITS where l or O stands for a digit. `end` is where the text begins."""

    value: int
    style: str
    strength: str
    end: int


def number_at(folded, start=0):
    """Return the Number a folded line has at `start`, or None."""
    match = PATTERN.match(folded, start)
    if match is None:
        return _odd_number(folded, start)
    if match["di"]:
        value = int(match["di"]) if match["di"].isdigit() else ordinal_of(match["di"])
        return Number(value, "第", SURE, match.end())
    if match["par"]:
        return Number(int(match["par"]), "()", SURE, match.end())
    if match["word"]:
        return Number(int(match["word"]), "题", SURE, match.end())
    if match["n"]:
        strength = _strength(folded, match)
        levels = LEVELS.match(folded, start) if strength == WEAK else None
        if levels is not None and UNIT.match(folded, levels.end()) is None:
            return Number(int(levels.group(1)), "1.1", WEAK, levels.end())
        return Number(int(match["n"]), ".", strength, match.end())
    if TAGGED.match(folded, match.end()):
        return Number(int(match["bare"]), ".", SURE, match.end())  # 3【单选题】
    if UNIT.match(folded, match.end()) or (len(match["bare"]) == 4 and not match["gap"]):
        return None
    return Number(int(match["bare"]), ".", BARE, match.end())


def _strength(folded, match):
    """A separator with a digit right behind it may belong to a decimal, a date, a clock time or a thousand."""
    if folded[match.end("n")].isspace():
        return SURE  # "8 .50人": no decimal is written so
    digit_next = folded[match.end() : match.end() + 1].isdigit() and not folded[match.end() - 1].isspace()
    if DATED.match(folded, match.end()):
        return SURE  # "3.1978年": a year begins the stem, this is no decimal
    year = len(match["n"]) == 4 and match["n"][:2] in ("18", "19", "20")
    return WEAK if year or (digit_next and folded[match.end() - 1] in ".:,") else SURE


def _odd_number(folded, start):
    match = BOLD.match(folded, start)
    if match is not None:
        if match["n"]:
            return Number(ord(match["n"]) - ord("⒈") + 1, ".", SURE, match.end())
        return Number(ord(match["par"]) - ord("⑴") + 1, "()", SURE, match.end())
    match = MISREAD.match(folded, start)
    if match is None:
        return None
    digits = match["n"].translate({ord("l"): "1", ord("I"): "1", ord("O"): "0", ord("o"): "0"})
    return Number(int(digits), ".", MISREAD_DIGITS, match.end()) if int(digits) else None
