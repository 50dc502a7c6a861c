"""Where a question begins: which numbers are question numbers, and which lines without a number begin one."""

from app.bank.recogniser import headings
from app.bank.recogniser.labels import EXPLANATION, KEY, SINGLE_LINE
from app.bank.recogniser.lookahead import has_key, has_place
from app.bank.recogniser.numbering import BARE, MISREAD_DIGITS, SURE, WEAK, Number, number_at
from app.bank.recogniser.options import CIRCLED, GLUED


def begins_question(parser, i, line):
    """Decide whether the number of a line is a question's."""
    number, q = line.number, parser.q
    expected = q.number + 1 if q is not None and q.number is not None else None
    if number.strength != SURE:
        return _unsure(parser, i, number, expected)
    if line.key_before is not None and line.option is not None and q is not None and number.value != expected:
        return False  # "(A)3、…" is an option, not the key of question 3
    if q is None:
        return True
    if _goes_on_with_list(parser, i, number, expected):
        return False
    if parser.state == EXPLANATION or q.keys and parser.state == KEY and number.value != expected:
        return _after_explanation(parser, i, number, expected)
    return q.complete or _while_incomplete(parser, i, number, expected)


def _goes_on_with_list(parser, i, number, expected):
    """The next number of a list in a stem, a key or an explanation; unless it is the next question's as well, and asks."""
    if parser.sublist is None or (number.style, number.value) != (parser.sublist[0], parser.sublist[1] + 1):
        return False
    due = number.value == expected and number.style == parser.q.style
    if due and (parser.ahead.asks(i, number.end) or parser.state != EXPLANATION and parser.q.complete):
        return False
    parser.sublist = (number.style, number.value)
    return True


def _after_explanation(parser, i, number, expected):
    if number.value == expected and number.style == parser.q.style:
        return True
    asks = parser.ahead.asks(i, number.end)
    if number.value == 1 and not asks:
        parser.sublist = (number.style, 1)
    return asks


def _while_incomplete(parser, i, number, expected):
    """The question being read has neither options nor a key: is this the next one, or a list inside its stem?"""
    q = parser.q
    if parser.state == KEY and not q.keys and q.key_line is not None:
        opens_list = number.value == 1 and number.style != q.style
        return not opens_list and (number.value == expected or parser.ahead.asks(i, number.end))
    if number.value == 1 and (parser.ahead.is_sublist(i) or q.stem and parser.ahead.is_row_of_points(i, q.style)):
        parser.sublist = (number.style, 1)
        return False
    return number.value in (expected, 1) or number.style == q.style or parser.ahead.asks(i, number.end)


def _unsure(parser, i, number, expected):
    """A number that may be a decimal, a date or a misread one: only where the next number is due."""
    q = parser.q
    again = number.value == 1 and (q is None or number.strength == WEAK and q.complete)  # the numbers start again
    if number.value != expected and not again and not _continues(parser, number):
        return False
    asks = parser.ahead.asks(i, number.end)
    if number.strength != WEAK or again and q is not None:
        return asks and (q is None or q.complete or parser.state in SINGLE_LINE)
    begins = asks or _has_ended(parser, i)
    if not begins and number.value == expected:
        q.problem(parser.lines[i].no, "number_in_text", number=number.value)
    return begins


def _has_ended(parser, i):
    """Whether what was being read before line `i` has come to its end, so that a number that is due is a question's."""
    q = parser.q
    if q is None or parser.state in SINGLE_LINE:
        return True
    if parser.state == "stem" and q.stem:
        return q.stem[-1].raw[-1:] in "。？?！!)）"
    if parser.state == EXPLANATION:
        return parser.ahead.blank_before(i)
    return q.complete


def _continues(parser, number):
    """After a heading the numbers may simply go on."""
    if parser.q is not None or not parser.questions or number.strength == BARE:
        return False
    last = parser.questions[-1].number
    return last is not None and number.value == last + 1


def check_number(parser, line, number, previous):
    """Put what is odd about a question's number on its record."""
    q = parser.q
    if not parser.numbered and number.style not in "一①":
        q.problem(line.no, "number_only_here", number=number.value)
    elif number.strength == MISREAD_DIGITS:
        q.problem(line.no, "number_misread", number=number.value)
    elif number.strength == BARE and not line.folded[number.end - 1].isspace():
        q.problem(line.no, "number_without_separator", number=number.value)
    if previous is None or previous.number is None:
        return
    if number.value not in (1, previous.number + 1):
        q.problem(line.no, "number_gap", before=previous.number, number=number.value)


def skip_second_number(parser, line, number, start):
    """1、1.题干: exported papers number twice. The second goes when the whole file does so, or when it is the same."""
    second = number_at(line.folded, start)
    if second is None or second.strength == BARE or second.style != ".":
        return start
    if parser.doubled or (second.value == number.value and second.strength == SURE):
        return second.end
    return start


def chinese_number(line):
    """Return the Number of a line that begins with 一、 or ①, or None."""
    if line.plain:
        return None
    circled = CIRCLED.find(line.folded[0]) + 1
    if circled and line.folded[1:].strip():
        return Number(circled, "①", SURE, len(line.folded) - len(line.folded[1:].lstrip()))
    match = headings.CHINESE_NUMBER.match(line.folded) or headings.IN_BRACKETS.match(line.folded)
    if match is None:
        return None
    return Number(headings.ordinal_of(match["ordinal"]), "一", SURE, match.start("text"))


def is_unnumbered(parser, i, line):
    """True when a line without a number begins a question: it carries its key, or options or a key follow."""
    if line.plain or line.label is not None or line.option is not None and line.option.strength != GLUED:
        return False
    return has_key(line.folded) or parser.ahead.follows(i) in ("option", "box", KEY)


def is_title(parser, i, line):
    """A line that asks nothing, above a line that does or above a blank one: what follows belongs to that line."""
    if _asks(line):
        return False
    after = parser.ahead.next(i)
    if after is None or after.option is not None or after.label is not None or after.checkbox is not None:
        return False
    return parser.ahead.blank_follows(i) or _asks(after)


def _asks(line):
    return has_key(line.folded) or has_place(line.folded) or line.folded[-1] in "?:"


def is_numbered(lines):
    """True when the questions of a text have numbers: a third as many as there are lists of options, at least."""
    numbers, lists, boxed = 0, 0, False
    for line in lines:
        if line is None:
            continue
        numbers += line.number is not None and (line.number.strength == SURE or line.number.style == "1.1")
        lists += line.option is not None and line.option.label == "A" or line.checkbox is not None and not boxed
        boxed = line.checkbox is not None
    return numbers * 3 > lists


def is_numbered_twice(lines):
    """True when most numbers of a text have another behind them (1、1.)."""
    numbered = [line for line in lines if line is not None and line.number and line.number.strength == SURE]
    double = 0
    for line in numbered:
        second = number_at(line.folded, line.number.end)
        double += second is not None and second.strength == SURE and second.style == "."
    return double > 1 and double * 10 >= len(numbered) * 6
