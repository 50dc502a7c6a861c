"""Putting the text of a line where it belongs in the question being read: stem, options, key, explanation, fields."""

import re

from app.bank.recogniser import options as opt
from app.bank.recogniser.keys import NOTHING
from app.bank.recogniser.labels import EXPLANATION, KEY, OPTIONS, SINGLE_LINE, STEM, segments
from app.bank.recogniser.lookahead import has_key, has_place, inline_options
from app.bank.recogniser.numbering import SURE, Number, number_at
from app.bank.recogniser.raw import Piece, RawKey, RawOption
from app.bank.recogniser.wrapping import without_bracket

NEXT_NUMBER = re.compile(r"(?<![\d.(《第\[])(\d{1,4})\s{0,2}[.、]\s{0,2}(?=[^\d\s])")
AFTER_TRUTH = re.compile(r"[(\[]\s?(?:√|×|对|错|正确|错误)\s?[)\]]\s?[。.]?\s{0,8}(?=(\d{1,4})\s?[.、]\s?[^\d\s])")
MOST_OPTIONS = 30  # of one question; what follows is text, and reported
TRIES = 4  # numbers on one line that are looked at as the next question's


def feed(parser, line, start):
    """Place everything on `line` from `start`, label by label; text before any label goes where the reading stands.

    It stops where the next question is found hanging on the line (`parser.pending`).
    """
    parser.q.reach(line.no)
    for field, begin, end in segments(line.folded, start):
        if parser.pending is not None:
            return
        if field is not None:
            labelled(parser, line, field, begin, end)
        elif line.folded[begin:end].strip():
            _unlabelled(parser, line, begin, end)


def piece_of(line, begin, end, joined=False):
    """Return the Piece of a line between two places, without white space around it."""
    raw = line.raw[begin:end]
    lead = len(raw) - len(raw.lstrip())
    raw = raw.strip()
    begin += lead
    return Piece(line.no, raw, line.folded[begin : begin + len(raw)], line.offset + begin, joined)


def _unlabelled(parser, line, begin, end):
    q = parser.q
    if parser.state == "option" and q.options:
        q.options[-1].pieces.append(piece_of(line, begin, end))
    elif parser.state == EXPLANATION:
        q.explanation.append(piece_of(line, begin, end))
    elif parser.state == "stem":
        _stem_text(parser, line, begin, end)
    else:
        q.stem.append(piece_of(line, begin, end))


def _stem_text(parser, line, begin, end):
    """Stem text, which may go on into options on the same line, or into the next question."""
    q = parser.q
    found = [] if q.options else _options_in_stem(parser, line, begin, end)
    stem_end = found[0].start if found else end
    glued = AFTER_TRUTH.search(line.folded, begin, stem_end) if q.number is not None else None
    if glued is not None and int(glued.group(1)) == q.number + 1:
        q.stem.append(piece_of(line, begin, glued.end()))
        q.keyed = True
        parser.pending = _next_number(NEXT_NUMBER.match(line.folded, glued.end()))
        return
    if line.folded[begin:stem_end].strip():
        q.stem.append(piece_of(line, begin, stem_end))
        q.keyed = q.keyed or has_key(line.folded[begin:stem_end])
    if found:
        add_options(parser, line, found, end)


def _options_in_stem(parser, line, begin, end):
    """Options on the stem's line; parted from their letters by spaces only after an empty place, and three at least."""
    found = inline_options(line.folded, begin, end, parser.ahead.next_is_option(line.no - 1, "B"))
    if found or not has_place(line.folded[begin:end]):
        return found
    spaced = list(opt.spaced_inside(line.folded[:end], begin, None))
    return spaced if len(spaced) >= 3 else []


def rest_of_line(parser, line, number, start):
    """Too many questions hang on one line: keep the rest as one question that cannot be used, and say so."""
    q = parser.open(line, number)
    q.stem.append(piece_of(line, start, len(line.folded)))
    q.problem(line.no, "too_many_on_line", number=number.value)


def _next_number(match):
    """Return (Number, place behind it) for a match of NEXT_NUMBER."""
    return Number(int(match.group(1)), ".", SURE, match.end()), match.end()


def labelled(parser, line, field, begin, end):
    """Place the text behind a label."""
    q, piece = parser.q, piece_of(line, begin, end)
    if field == KEY:
        _key(parser, line, begin, end)
    elif field == EXPLANATION:
        _open_list(parser, piece)
        q.explanation += [piece] if piece.raw else []
        parser.state = EXPLANATION
    elif field in SINGLE_LINE:
        q.fields.setdefault(field, (line.no, without_bracket(piece.raw, piece.folded)))
        parser.state = field
    elif field == OPTIONS:
        parser.state = "option" if q.options else "stem"
        first = opt.option_at(line.folded, begin)
        if first is not None and first.label == "A":
            add_options(parser, line, [first, *opt.options_inside(line.folded[:end], first.end, "A")], end)
    elif field == STEM:
        q.stem.append(piece)


def _key(parser, line, begin, end):
    q = parser.q
    glued = _glued_number(parser, line, begin, end)
    piece = piece_of(line, begin, glued.start() if glued is not None else end)
    piece.raw = without_bracket(piece.raw, piece.folded, signs="")
    piece.folded = piece.folded[: len(piece.raw)]
    q.key_line = line.no
    _open_list(parser, piece)
    if NOTHING.match(piece.folded) is None:
        q.keys.append(RawKey(line.no, piece.raw, piece.folded, "line"))
    parser.state = KEY
    if glued is not None:
        parser.pending = _next_number(glued)


def _open_list(parser, piece):
    """A key or an explanation that begins with "1." or "(1)" is a list: its next numbers are not questions."""
    number = number_at(piece.folded)
    parser.sublist = (number.style, 1) if number is not None and number.strength == SURE and number.value == 1 else None


def option(parser, i, line):
    """Take a line that begins with an option label; False when it is only text."""
    q, found = parser.q, line.option
    if q is not None and len(q.options) >= MOST_OPTIONS:
        return False
    if q is None:
        after = parser.ahead.next(i)
        more = after is not None and after.option is not None or any(opt.options_inside(line.folded, found.end, "A"))
        if found.strength != opt.SURE or found.label != "A" or not more:
            return False
        parser.begin(line, None, len(line.folded))
        q = parser.q
    if not _is_option(parser, i, line, found):
        return _glued_options(parser, line)
    _check_label(q, line, found)
    q.reach(line.no)
    body_end = next(iter(segments(line.folded, found.end)))[2]
    add_options(parser, line, [found, *_further(q, line.folded[:body_end], found)], body_end)
    if body_end < len(line.folded) and parser.pending is None:
        feed(parser, line, body_end)
    return True


def _further(q, folded, found):
    """Return the options after the first one of a line."""
    if found.strength == opt.SURE:
        return list(opt.options_inside(folded, found.end, found.label, [*q.labels, found.label], found.lower))
    further = opt.spaced_inside if found.strength == opt.SPACED else opt.options_inside
    return list(further(folded, found.end, found.label))


def _check_label(q, line, found):
    if found.label == "A" and "A" in q.labels and "B" in q.labels:
        q.problem(line.no, "options_twice")
    if found.strength == opt.GLUED:
        q.problem(line.no, "label_without_separator", label=found.label)
    elif found.lower and q.options and not q.options[-1].lower:
        q.problem(line.no, "lowercase_label", label=found.label)


def _glued_options(parser, line):
    """A甲类B乙类C丙类: letters with nothing behind them, three in order, right after the stem."""
    q, found = parser.q, line.option
    if found.strength != opt.GLUED or found.label != "A" or q.options or parser.state != "stem":
        return False
    glued = [found, *opt.glued_inside(line.folded, found.end)]
    if len(glued) < 3:
        return False
    q.problem(line.no, "label_without_separator", label="、".join(one.label for one in glued))
    q.reach(line.no)
    add_options(parser, line, glued, len(line.folded))
    return True


def _is_option(parser, i, line, found):
    q = parser.q
    expected = opt.after(q.options[-1].label) if q.options else "A"
    if q.options and parser.state in (EXPLANATION, KEY, *SINGLE_LINE):
        return found.strength == opt.SURE and found.label == expected and parser.state == KEY
    if found.strength == opt.SURE:
        return not found.lower or found.label == expected or bool(q.options and q.options[-1].lower)
    if found.label == expected and q.options:
        return parser.state == "option"
    if found.label != "A" or q.options:
        return False
    in_row = found.strength == opt.SPACED and len(list(opt.spaced_inside(line.folded, found.end, "A"))) >= 2
    return in_row or parser.ahead.next_is_option(i, "B")


def add_options(parser, line, found, end):
    """Add the options that begin at the given places of a line; the last one may hide the next question's stem."""
    parser.state = "option"
    for one, following in zip(found, [*found[1:], None], strict=True):
        glued = _glued_number(parser, line, one.end, end) if following is None else None
        stop = following.start if following is not None else glued.start() if glued is not None else end
        piece = piece_of(line, one.end, stop)
        if following is not None:
            piece.raw = piece.raw.rstrip("；;，,、|｜ ")  # "A.甲；B.乙": the sign parts the options
            piece.folded = piece.folded[: len(piece.raw)]
        parser.q.options.append(RawOption(one.label, line.no, [piece], one.strength, one.lower, one.marked))
        if glued is not None:
            parser.pending = _next_number(glued)


def _glued_number(parser, line, begin, end):
    """Find the next question's number inside an option or a key: "…之一。 22 .毛泽东指出（ ）". It must be the number
    that comes next, and what follows it must be a question: with options after it, or a blank and options in it."""
    if parser.q.number is None:
        return None
    wanted, tries = str(parser.q.number + 1), 0
    if wanted not in line.folded[begin:end]:
        return None
    for match in NEXT_NUMBER.finditer(line.folded, begin, end):
        if match.group(1) != wanted or match.start() == begin:
            continue
        tries += 1
        if tries > TRIES:
            return None
        rest = line.folded[match.end() :]
        if parser.ahead.next_is_option(line.no - 1, "A") or has_place(rest) and inline_options(rest, 0, len(rest), False):
            return match
    return None


def checkbox(parser, line):
    """Take a Markdown checkbox as an option: labels are given in order, a ticked box is right."""
    q = parser.q
    q.reach(line.no)
    inner = opt.option_at(line.folded)
    lettered = inner is not None and inner.strength == opt.SURE
    label = chr(ord("A") + min(len(q.options), 25))
    mixed = bool(q.options) and lettered != (q.options[-1].strength == opt.SURE)
    if lettered and inner.label != label or mixed:
        q.problem(line.no, "label_in_option", label=label, text=line.raw[:20])
    piece = piece_of(line, inner.end if lettered else 0, len(line.folded))
    q.options.append(RawOption(label, line.no, [piece], opt.SURE if lettered else "box", marked=line.checkbox))
    parser.state = "option"
