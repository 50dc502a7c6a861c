"""Lines that were cut in the middle of a sentence, and lines that begin something."""

import re
import unicodedata

WRAP_WIDTH = 56  # half-width columns: a line at least so wide that does not end a sentence may go on in the next
SHORT = 24  # columns: a shorter line of a stem is an entry or a sentence of its own
LIST_MARK = re.compile(r"[(\[]?\s?(?:\d{1,2}|[一二三四五六七八九十])\s?[)\].、]|[①-⑳•·●○■□◆-]|[甲乙丙丁][.、:]")
ANSWER_END = re.compile(r"[)\]】_]\s{0,9}[A-L\s]{0,12}$")
ENDS = "。？！?!；;：:"
OPEN_ENDS = "，、,（(“《—-"


def is_wrapped(before, after):
    """True when a line was cut in the middle of a sentence: it is full, or ends with a comma, and the next begins small."""
    if not before or before[-1] in ENDS:
        return False
    return is_open(before, after) or columns(before) >= WRAP_WIDTH


def is_open(before, after):
    """True when the end of one line or the beginning of the next shows that they belong together."""
    return before[-1:] in OPEN_ENDS or after[:1] in "，、。；：）)”》,.;"


def goes_on(piece, line):
    """True when a stem's line goes on in the next: it ends no sentence, has no place for an answer at its end, is not short,
    and the next begins no list."""
    if not piece.raw or piece.raw[-1] in ENDS or LIST_MARK.match(line.folded):
        return False
    if not is_open(piece.raw, line.raw) and columns(piece.raw) < (WRAP_WIDTH if LIST_MARK.match(piece.folded) else SHORT):
        return False
    return ANSWER_END.search(piece.folded[-24:]) is None


def columns(text):
    """Return the width of a text's end in half-width columns, counted as far as it matters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text[-WRAP_WIDTH:])


def without_bracket(raw, folded, signs=" ;|"):
    """Take a closing bracket off that was opened before the label: "（难度：易）"; and signs that part fields.

    raw and folded are twins; what is taken is seen in `folded`, so that a backslash protects it.
    """
    folded = folded.rstrip(signs)
    for opening, closing in ("()", "【】", "[]"):
        if folded.endswith(closing) and folded.count(opening) < folded.count(closing):
            folded = folded[:-1].rstrip()
            break
    return raw[: len(folded)]
