"""Cells: what a spreadsheet hands over, as clean text with a note of what it was (text, number, date, yes/no)."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ufff9-\ufffb]")
MOST_EXACT = 10**15  # Excel keeps 15 digits of a number


@dataclass(frozen=True)
class Cell:
    """One cell: its clean text, and "text", "number", "date" or "logical"; `exact` is False when digits were lost."""

    text: str
    kind: str = "text"
    exact: bool = True


EMPTY = Cell("")


def tidy(text):
    """Return text as NFC on one line, without control and invisible characters and without spaces at its ends (R55)."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        " " if ch in "\n\r\t\v\f\u2028\u2029" else ch
        for ch in text
        if ch in "\n\r\t\v\f" or unicodedata.category(ch) not in {"Cc", "Cs"}
    )
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text)).strip()


def cell(value):
    """Return the Cell of a value as the spreadsheet reader gives it; `5.0` becomes 5."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        text = tidy(value)
        return Cell(text) if text else EMPTY
    if isinstance(value, bool):
        return Cell("是" if value else "否", "logical")
    if isinstance(value, int):
        return Cell(str(value), "number", abs(value) < MOST_EXACT)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (datetime, date, time)):
        return Cell(value.isoformat(), "date")
    return Cell(tidy(str(value)))


def _number(value):
    if not math.isfinite(value):
        return Cell(str(value), "number", False)
    if value == int(value):
        return Cell(str(int(value)), "number", abs(value) < MOST_EXACT)
    return Cell(repr(value), "number")


FORMULA = re.compile(r"""^['"\s]*[=+\-@\t\r\n＝＋－＠]""")


def defused(text):
    """Return text as a CSV cell that no spreadsheet takes for a formula (R67): with an apostrophe before it where needed."""
    return f"'{text}" if FORMULA.match(text) else text


def undefused(text):
    """Return what `defused` was given: the apostrophe before a would-be formula goes away."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text
