"""Lines that begin with nothing known while a question is being read: they go on with it, or a new one begins there."""

import re

from app.bank.recogniser import options as opt
from app.bank.recogniser import starts
from app.bank.recogniser.keys import parse_letters, parse_truth
from app.bank.recogniser.labels import EXPLANATION, KEY, SOURCE, segments
from app.bank.recogniser.lookahead import has_key, has_place
from app.bank.recogniser.placing import feed, labelled, piece_of
from app.bank.recogniser.raw import RawKey
from app.bank.recogniser.wrapping import goes_on, is_open, is_wrapped

SIGNS = re.compile(r"[(\[]\s?(?:[A-L]{1,8}|√|×|对|错|正确|错误)\s?[)\]]|[√×]\s?$|@@@|答案")
LIST_GOES_ON = re.compile(r"[(\[]?\s?\d{1,2}\s?[)\].、]|[②-⑩]|第[二三四五六七八九十]空")
LIST_BEGINS = re.compile(r"[(\[]?\s?1\s?[)\].、]|①|第一空")
SHORT_KEY = 12  # characters: a line so short under an empty 答案： is its text, whatever follows
LONGEST_SOURCE, LONGEST_KEY = 300, 5_000  # characters up to which a source or a key goes on in the next line
FEW = 4  # lines without a label that may stand between two options


def text(parser, i, line):
    """Place a line of text by where the reading stands."""
    parts = {"stem": _in_stem, "option": _after_option, KEY: _after_key, EXPLANATION: _in_explanation}
    return parts.get(parser.state, _after_field)(parser, i, line)


def _whole(line, joined=False):
    return piece_of(line, 0, len(line.folded), joined)


def _after_field(parser, i, line):
    """After 知识点, 难度 or 出处: the source may run over a line's end, anything else is a question or a remark."""
    q = parser.q
    empty = parser.state in q.fields and not q.fields[parser.state][1]
    if empty and len(line.raw) <= LONGEST_SOURCE:  # 知识点： with its words in the next line
        q.fields[parser.state] = (line.no, line.raw)
        q.reach(line.no)
    elif starts.is_unnumbered(parser, i, line):
        parser.begin_unnumbered(i, line)
    elif parser.state == SOURCE and not parser.ahead.blank_before(i) and len(q.fields[SOURCE][1]) < LONGEST_SOURCE:
        number, words = q.fields[SOURCE]
        q.fields[SOURCE] = (number, words + line.raw)
        q.reach(line.no)
    else:
        parser.stray(line)


def _in_stem(parser, i, line):
    q, ahead = parser.q, parser.ahead
    if line.plain:
        q.stem.append(_whole(line))
        q.reach(line.no)
    elif _begins_next(parser, i, line):
        parser.begin_unnumbered(i, line)
    elif not q.options and q.stem and not q.keyed and _is_bare_truth(line):
        _take_key(parser, line, "bare")
    else:
        count = len(q.stem)
        joined = bool(q.stem) and goes_on(q.stem[-1], line) and not ahead.blank_before(i)
        feed(parser, line, 0)
        if joined and len(q.stem) > count:
            q.stem[count].joined = True


def _begins_next(parser, i, line):
    """After a stem with its key in it, a line with a key of its own is the next question, if it does not lead to options."""
    q, ahead = parser.q, parser.ahead
    if not q.keyed or q.options:
        return False
    if has_key(line.folded) and ahead.follows(i) not in ("option", "box"):
        return True
    return ahead.blank_before(i) and starts.is_unnumbered(parser, i, line)


def _is_bare_truth(line):
    truth = parse_truth(line.folded) if len(line.folded) <= 6 else None
    return truth is not None and not truth[1]


def _take_key(parser, line, source):
    parser.q.keys.append(RawKey(line.no, line.raw, line.folded, source))
    parser.q.reach(line.no)
    parser.state = KEY


def _after_option(parser, i, line):
    q, ahead = parser.q, parser.ahead
    if line.plain or not q.options[-1].pieces[-1].raw:
        q.options[-1].pieces.append(_whole(line))
        q.reach(line.no)
    elif ahead.follows(i) in ("option", "box") or _is_keyed_statement(line):
        parser.begin_unnumbered(i, line)
    elif not q.keys and len(q.options) >= 2 and _is_bare_letters(line, q):
        _take_key(parser, line, "bare")
    else:
        _between_options(parser, i, line)


def _is_keyed_statement(line):
    """ "党员可以不交党费。（×）" with a key of its own, not just letters."""
    return has_key(line.folded) and parse_letters(line.folded) is None and _shows_question(line)


def _shows_question(line):
    return has_place(line.folded) or SIGNS.search(line.folded) is not None


def _is_bare_letters(line, q):
    if len(line.folded) > 24:
        return False
    letters = parse_letters(line.folded)
    return letters is not None and not letters.rest and all(label in q.labels for label in letters.labels)


def _between_options(parser, i, line):
    """A line without a label after an option: an option whose letter is missing, the rest of a cut line, or a stray."""
    q, ahead = parser.q, parser.ahead
    last = q.options[-1]
    wrapped = is_wrapped(last.pieces[-1].raw, line.raw) and not ahead.blank_before(i)
    q.reach(line.no)
    open_gap = bool(q.gaps) and q.gaps[-1][0] == len(q.options) and not wrapped
    if open_gap or _leads_to_gap(parser, i):
        q.gaps.append((len(q.options), _whole(line)))
        return
    after = ahead.next(i)
    inside = after is not None and (after.option is not None or after.checkbox is not None or after.label is not None)
    if not wrapped and not inside:
        q.problem(line.no, "stray_text", text=line.raw[:30])
        parser.roles[line.no] = "stray"
        return
    if not wrapped or not inside and not is_open(last.pieces[-1].raw, line.raw):
        q.problem(line.no, "continued_option", label=last.label)
    _append(parser, line, last.pieces, joined=True)


def _leads_to_gap(parser, i):
    """True when, few plain lines on, the options go on with a label that leaves some out."""
    expected, place = opt.after(parser.q.options[-1].label), parser.ahead.after[i]
    for _ in range(FEW):
        line = parser.lines[place] if place < len(parser.lines) else None
        if line is None or line.number is not None or line.label is not None or line.heading is not None:
            return False
        if line.option is not None and line.option.strength == opt.SURE:
            return line.option.label not in ("A", expected)
        place = parser.ahead.after[place]
    return False


def _append(parser, line, pieces, joined):
    """Add a line to option or explanation; what stands behind a label inside it goes where the label says."""
    parts = [(None, 0, len(line.folded))] if line.plain else segments(line.folded, 0)
    for field, begin, end in parts:
        if field is not None:
            labelled(parser, line, field, begin, end)
        elif line.folded[begin:end].strip():
            pieces.append(piece_of(line, begin, end, joined))


def _after_key(parser, i, line):
    q = parser.q
    begins = not line.plain and starts.is_unnumbered(parser, i, line)
    if not q.keys and q.key_line is not None and not line.plain and (not begins or len(line.folded) <= SHORT_KEY):
        _take_key(parser, line, "line")
    elif begins:
        parser.begin_unnumbered(i, line)
    elif q.keys and q.keys[-1].source == "line" and (line.plain or _list_goes_on(q.keys[-1], line)):
        key = q.keys[-1]
        key.raw, key.folded = f"{key.raw}\n{line.raw}", f"{key.folded}\n{line.folded}"
        q.reach(line.no)
    else:
        q.problem(line.no, "unlabelled_explanation", text=line.raw[:30])
        q.reach(line.no)
        parser.state = EXPLANATION
        _append(parser, line, q.explanation, joined=False)


def _list_goes_on(key, line):
    """A list of answers, "(1)…" "(2)…", one to a line."""
    short = len(key.folded) < LONGEST_KEY
    return short and LIST_GOES_ON.match(line.folded) is not None and LIST_BEGINS.match(key.folded) is not None


def _in_explanation(parser, i, line):
    q = parser.q
    if line.number is None and starts.is_unnumbered(parser, i, line) and _own_question(parser, i, line):
        parser.begin_unnumbered(i, line, sure=parser.ahead.blank_before(i) or not parser.numbered)
        return
    if _lists_options(parser, i, line):
        q.problem(line.no, "options_in_explanation")
    joined = bool(q.explanation) and is_wrapped(q.explanation[-1].raw, line.raw) and not line.plain
    q.reach(line.no)
    _append(parser, line, q.explanation, joined)


def _lists_options(parser, i, line):
    """A list of options stands apart in an explanation: perhaps those of a question whose stem is lost."""
    found = line.option
    if found is None or (found.label, found.strength) != ("A", opt.SURE):
        return False
    return parser.ahead.blank_before(i) or any(opt.options_inside(line.folded, found.end, "A"))


def _own_question(parser, i, line):
    """Whether a line in an explanation begins a question without a number. Explanations go through options, too ("A. 正确；"),
    so where questions are numbered it must ask something, or a key must follow the options."""
    asks = has_place(line.folded) or line.folded[-1] in "?:"
    if parser.numbered and not asks and not parser.ahead.key_follows_options(i):
        return False
    after = parser.ahead.next(i)
    if after is not None and (after.option is not None and after.option.label == "A" or after.checkbox is not None):
        return True
    return parser.ahead.blank_before(i) or _shows_question(line) and has_key(line.folded)
