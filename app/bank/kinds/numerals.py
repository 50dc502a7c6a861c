"""Chinese and Arabic numerals that mean the same number: 三个月 and 3个月, 二十九 and 29, 一九四九 and 1949."""

import re
from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10**4, "亿": 10**8}

NUMERAL = re.compile(r"\d{1,15}(?:\.\d{1,6})?[万亿]?|[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,20}")


def canonical(text):
    """Return `text` with every numeral written as its value between marks, or None when it has no numeral.

    Two texts that differ solely in the form of their numerals have the same canonical text.
    """
    if NUMERAL.search(text) is None:
        return None
    return NUMERAL.sub(lambda match: f"<{value(match.group())}>", text)


def value(numeral):
    """Return the number a numeral stands for: Arabic (with 万 or 亿), Chinese with units, or Chinese digit by digit."""
    if numeral[0].isascii():
        scale = BIG.get(numeral[-1], 1)
        return plain(Decimal(numeral.rstrip("万亿")) * scale)
    if not any(char in UNITS or char in BIG for char in numeral):
        return str(int("".join(str(DIGITS[char]) for char in numeral)))
    return str(_with_units(numeral))


def plain(number):
    return f"{number.normalize():f}"


def _with_units(numeral):
    total = section = digit = 0
    for char in numeral:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            section += (digit or 1) * UNITS[char]
            digit = 0
        else:
            total = (total + section + digit) * BIG[char] if char == "亿" else total + (section + digit) * BIG[char]
            section = digit = 0
    return total + section + digit
