"""Putting the text of a line where it belongs in the question being read: stem, options, key, explanation, fields."""

import re
import unicodedata

from app.bank.recogniser import options as opt
from app.bank.recogniser.keys import parse_letters, parse_truth
from app.bank.recogniser.labels import DIFFICULTY, EXPLANATION, IGNORED, KEY, KIND, OPTIONS, POINTS, SOURCE, STEM, TOPIC, segments
from app.bank.recogniser.lookahead import has_key, has_place, inline_options
from app.bank.recogniser.numbering import SURE, Number
from app.bank.recogniser.raw import Piece, RawKey, RawOption

SINGLE_LINE = (TOPIC, DIFFICULTY, SOURCE, KIND, POINTS)
NEXT_NUMBER = re.compile(r"(?<![\d.(《第\[])(\d{1,4})\s{0,2}[.、]\s{0,2}(?=[^\d\s])")
NEXT_AFTER_TRUTH = re.compile(r"[(\[]\s?(?:√|×|对|错|正确|错误)\s?[)\]]\s?[。.]?\s{0,8}(?=(\d{1,4})\s?[.、]\s?[^\d\s])")
WRAP_WIDTH = 56  # half-width columns: a line at least so wide that does not end a sentence may go on in the next
LIST_MARK = re.compile(r"[(\[]?\s?(?:\d{1,2}|[一二三四五六七八九十])\s?[)\].、]|[①-⑳•·●○■□◆-]|[甲乙丙丁][.、:]")
ENDS = "。？！?!；;：:"
OPEN_ENDS = "，、,（(“《—-"


def feed(parser, line, start):
    """Place everything on `line` from `start`, label by label; text before any label goes where the reading stands."""
    q = parser.q
    q.reach(line.no)
    for field, begin, end in segments(line.folded, start):
        if field is None:
            if line.folded[begin:end].strip():
                _unlabelled(parser, line, begin, end)
        elif parser.q is q:
            _labelled(parser, line, field, begin, end)
        else:
            q = parser.q
            _labelled(parser, line, field, begin, end)


def _piece(line, begin, end, joined=False):
    raw, folded = line.raw[begin:end], line.folded[begin:end]
    lead = len(raw) - len(raw.lstrip())
    return Piece(line.no, raw.strip(), folded[lead:].rstrip()[: len(raw.strip())], line.offset + begin + lead, joined)


def _unlabelled(parser, line, begin, end):
    if parser.state == "stem":
        _stem_text(parser, line, begin, end)
    elif parser.state == "option" and parser.q.options:
        parser.q.options[-1].pieces.append(_piece(line, begin, end))
    elif parser.state == "explanation":
        parser.q.explanation.append(_piece(line, begin, end))
    else:
        parser.q.stem.append(_piece(line, begin, end))


def _stem_text(parser, line, begin, end):
    """Stem text, which may go on into options on the same line, or into the next question."""
    q = parser.q
    found = inline_options(line.folded, begin, end, parser.ahead.next_is_option(line.no - 1, "B")) if not q.options else []
    if not found and not q.options:
        found = _spaced_options(line, begin, end)
    stem_end = found[0].start if found else end
    glued = NEXT_AFTER_TRUTH.search(line.folded, begin, stem_end) if q.number is not None else None
    if glued is not None and int(glued.group(1)) == q.number + 1:
        q.stem.append(_piece(line, begin, glued.end()))
        q.keyed = True
        number = parser_number(line, glued.end())
        parser.begin(line, number, number.end, glued=True)
        return
    if line.folded[begin:stem_end].strip():
        q.stem.append(_piece(line, begin, stem_end))
        q.keyed = q.keyed or has_key(line.folded[begin:stem_end])
    if found:
        _options(parser, line, found, end)


def _spaced_options(line, begin, end):
    """Options parted from their letters by spaces, on the stem's line: only after a blank place, and three at least."""
    if not has_place(line.folded[begin:end]):
        return []
    found = list(opt.spaced_inside(line.folded[:end], begin, None))
    return found if len(found) >= 3 else []


def parser_number(line, place):
    match = NEXT_NUMBER.match(line.folded, place)
    return Number(int(match.group(1)), ".", SURE, match.end())


def _labelled(parser, line, field, begin, end):
    q, piece = parser.q, _piece(line, begin, end)
    if field == KEY:
        glued = _glued_number(parser, line, begin, end)
        if glued is not None:
            piece = _piece(line, begin, glued.start())
        q.key_line = line.no
        if piece.raw:
            q.keys.append(RawKey(line.no, piece.raw, piece.folded, "line"))
        parser.state = "key"
        if glued is not None:
            parser.begin(line, parser_number(line, glued.start()), glued.end(), glued=True)
    elif field == EXPLANATION:
        if piece.raw:
            q.explanation.append(piece)
        parser.state = "explanation"
    elif field in SINGLE_LINE:
        q.fields.setdefault(field, (line.no, without_bracket(piece.raw)))
        parser.state = field
    elif field == OPTIONS:
        parser.state = "option" if q.options else "stem"
        _option_list(parser, line, begin, end)
    elif field == STEM:
        q.stem.append(piece)
    elif field == IGNORED:
        parser.state = "ignored"


def _option_list(parser, line, begin, end):
    first = opt.option_at(line.folded, begin)
    if first is not None and first.label == "A":
        _options(parser, line, [first, *opt.options_inside(line.folded[:end], first.end, "A")], end)


def option(parser, i, line):
    """Take a line that begins with an option label; False when it is only text."""
    q, found = parser.q, line.option
    if q is None:
        if found.strength != opt.SURE or found.label != "A" or not parser.ahead.next_is_option(i, "B"):
            return False
        parser.begin(line, None, len(line.folded))
        q = parser.q
    if not _is_option(parser, i, found):
        return False
    if found.label == "A" and "A" in q.labels and len(q.options) >= 2 and q.complete and "B" in q.labels:
        q.problem(line.no, "options_twice")
    if found.strength == opt.GLUED:
        q.problem(line.no, "label_without_separator", label=found.label)
    elif found.lower and q.options and not q.options[-1].lower:
        q.problem(line.no, "lowercase_label", label=found.label)
    body_end = next(iter(segments(line.folded, found.end)))[2]
    more = opt.spaced_inside if found.strength == opt.SPACED else opt.options_inside
    rest = list(more(line.folded[:body_end], found.end, found.label))
    if found.strength == opt.SURE:
        rest = list(opt.options_inside(line.folded[:body_end], found.end, found.label, "".join(q.labels), found.lower))
    q.reach(line.no)
    _options(parser, line, [found, *rest], body_end)
    if body_end < len(line.folded):
        feed(parser, line, body_end)
    return True


def _is_option(parser, i, found):
    q = parser.q
    expected = opt.LABELS[len(opt.LABELS) and opt.LABELS.find(q.options[-1].label) + 1 :][:1] if q.options else "A"
    if q.options and parser.state in ("explanation", KEY, *SINGLE_LINE):
        return found.strength == opt.SURE and found.label == expected and parser.state == KEY
    if found.strength == opt.SURE:
        return not found.lower or found.label == expected or bool(q.options and q.options[-1].lower)
    if found.label == expected and q.options:
        return parser.state == "option"
    return found.label == "A" and not q.options and parser.ahead.next_is_option(i, "B")


def _options(parser, line, found, end):
    """Add the options that begin at the given places of a line; the last one may hide the next question's stem."""
    q = parser.q
    for place, one in enumerate(found):
        last = place + 1 == len(found)
        stop = end if last else found[place + 1].start
        glued = _glued_number(parser, line, one.end, stop) if last else None
        piece = _piece(line, one.end, glued.start() if glued else stop)
        if not last:
            piece.raw = piece.raw.rstrip("；;，,、 ")  # "A.甲；B.乙": the sign parts the options
            piece.folded = piece.folded[: len(piece.raw)]
        q.options.append(RawOption(one.label, line.no, [piece], one.strength, one.lower, one.marked))
        parser.state = "option"
        if glued is not None:
            parser.begin(line, parser_number(line, glued.start()), glued.end(), glued=True)


def _glued_number(parser, line, begin, end):
    """Find the next question's number inside an option or a key: "…之一。 22 .毛泽东指出（ ）". It must be the number
    that comes next, and what follows it must be a question: with options after it, or a blank and a key in it."""
    if parser.q.number is None:
        return None
    for match in NEXT_NUMBER.finditer(line.folded, begin, end):
        if int(match.group(1)) != parser.q.number + 1 or match.start() == begin:
            continue
        rest = line.folded[match.end() :]
        if (
            parser.ahead.next_is_option(line.no - 1, "A")
            or (has_place(rest) or has_key(rest))
            and inline_options(rest, 0, len(rest), False)
        ):
            return match
    return None


def checkbox(parser, line):
    """Take a Markdown checkbox as an option: labels are given in order, a ticked box is right."""
    q = parser.q
    q.reach(line.no)
    inner = opt.option_at(line.folded) if line.option is None else line.option
    labelled = inner is not None and inner.strength == opt.SURE
    label = chr(ord("A") + len(q.options))
    if labelled and inner.label != label or labelled != all(option.strength == opt.SURE for option in q.options) and q.options:
        q.problem(line.no, "label_in_option", label=label, text=line.raw[:20])
    piece = _piece(line, inner.end if labelled else 0, len(line.folded))
    q.options.append(RawOption(label, line.no, [piece], opt.SURE if labelled else "box", marked=line.checkbox))
    parser.state = "option"


def text(parser, i, line):
    """Take a line that begins with nothing known, while a question is being read."""
    q, state = parser.q, parser.state
    if state == "stem":
        return _text_in_stem(parser, i, line)
    if state == "option":
        return _text_after_option(parser, i, line)
    if state == KEY:
        return _text_after_key(parser, i, line)
    if state == EXPLANATION:
        return _text_in_explanation(parser, i, line)
    if parser.starts_unnumbered(i, line):
        return parser.begin_unnumbered(i, line)
    if state == SOURCE and not parser.ahead.blank_follows(i - 1):
        number, words = q.fields[SOURCE]
        q.fields[SOURCE] = (number, words + line.raw)
        q.reach(line.no)
        return None
    return parser._stray(line)


def _text_in_stem(parser, i, line):
    q = parser.q
    own_key = has_key(line.folded) and not line.plain
    if q.keyed and not q.options and own_key and parser.ahead.follows(i) not in ("option", "box"):
        return parser.begin_unnumbered(i, line)
    if q.keyed and not q.options and not line.plain and parser.ahead.blank_follows(i - 1) and parser.starts_unnumbered(i, line):
        return parser.begin_unnumbered(i, line)
    if not q.options and q.stem and not line.plain:
        bare = parse_truth(line.folded) if len(line.folded) <= 6 else None
        if bare is not None and not bare[1] and not q.keyed:
            q.keys.append(RawKey(line.no, line.raw, line.folded, "bare"))
            q.reach(line.no)
            parser.state = "key"
            return None
    if line.plain:
        q.stem.append(Piece(line.no, line.raw, line.folded, line.offset))
        q.reach(line.no)
        return None
    count = len(q.stem)
    joined = bool(q.stem) and goes_on(q.stem[-1], line) and not parser.ahead.blank_follows(i - 1)
    feed(parser, line, 0)
    if joined and parser.q is q and len(q.stem) > count:
        q.stem[count].joined = True
    return None


def _text_after_option(parser, i, line):
    q, ahead = parser.q, parser.ahead
    if line.plain:
        q.options[-1].pieces.append(Piece(line.no, line.raw, line.folded, line.offset))
        q.reach(line.no)
        return None
    if ahead.follows(i) in ("option", "box") or (
        has_key(line.folded) and not parse_letters(line.folded) and has_place_or_truth(line.folded)
    ):
        return parser.begin_unnumbered(i, line)
    if not q.keys and len(q.options) >= 2 and _is_bare_letters(line, q):
        q.keys.append(RawKey(line.no, line.raw, line.folded, "bare"))
        q.reach(line.no)
        parser.state = KEY
        return None
    after = ahead.next(i)
    wrapped = is_wrapped(q.options[-1].pieces[-1].raw, line.raw) and not ahead.blank_follows(i - 1)
    inside = after is not None and (after.option is not None or after.checkbox is not None or after.label is not None)
    if after is not None and after.option is not None and after.option.label not in ("A", _after(q.options[-1].label)):
        q.gaps.append((len(q.options), _piece(line, 0, len(line.folded))))
        q.reach(line.no)
        return None
    if q.gaps and q.gaps[-1][0] == len(q.options) and not wrapped:
        q.gaps.append((len(q.options), _piece(line, 0, len(line.folded))))
        q.reach(line.no)
        return None
    if _leads_to_gap(parser, i):
        q.gaps.append((len(q.options), _piece(line, 0, len(line.folded))))
        q.reach(line.no)
        return None
    if not wrapped and not inside:
        q.problem(line.no, "stray_text", text=line.raw[:30])
        q.reach(line.no)
        parser.roles[line.no] = "stray"
        return None
    if not wrapped or not inside and not is_open(q.options[-1].pieces[-1].raw, line.raw):
        q.problem(line.no, "continued_option", label=q.options[-1].label)
    q.reach(line.no)
    for field, begin, end in segments(line.folded, 0):
        if field is None:
            piece = _piece(line, begin, end, joined=True)
            q.options[-1].pieces.append(piece)
        else:
            _labelled(parser, line, field, begin, end)
    return None


def _leads_to_gap(parser, i):
    """True when a few plain lines on, the options go on with a label that leaves some out."""
    expected, place = _after(parser.q.options[-1].label), parser.ahead.after[i]
    for _ in range(4):
        line = parser.lines[place] if place < len(parser.lines) else None
        if line is None or line.number is not None or line.label is not None or line.heading is not None:
            return False
        if line.option is not None and line.option.strength == opt.SURE:
            return line.option.label not in ("A", expected)
        place = parser.ahead.after[place]
    return False


def has_place_or_truth(folded):
    return has_place(folded) or bool(re.search(r"[(\[]\s?(?:[A-L]{1,8}|√|×|对|错|正确|错误)\s?[)\]]|[√×]\s?$|@@@|答案", folded))


def _is_bare_letters(line, q):
    if len(line.folded) > 24:
        return False
    letters = parse_letters(line.folded)
    return letters is not None and not letters.rest and all(label in q.labels for label in letters.labels)


def _text_after_key(parser, i, line):
    q = parser.q
    if not q.keys and q.key_line is not None and not line.plain:
        if not parser.starts_unnumbered(i, line) or len(line.folded) <= 12:
            q.keys.append(RawKey(line.no, line.raw, line.folded, "line"))
            q.reach(line.no)
            return None
    if not line.plain and parser.starts_unnumbered(i, line):
        return parser.begin_unnumbered(i, line)
    if q.keys and q.keys[-1].source == "line" and (line.plain or _goes_on(q.keys[-1], line)):
        last = q.keys[-1]
        last.raw, last.folded = f"{last.raw}\n{line.raw}", f"{last.folded}\n{line.folded}"
        q.reach(line.no)
        return None
    q.problem(line.no, "unlabelled_explanation", text=line.raw[:30])
    q.explanation.append(_piece(line, 0, len(line.folded)))
    q.reach(line.no)
    parser.state = EXPLANATION
    return None


def _goes_on(key, line):
    """A list of answers, "(1)…" "(2)…", one to a line."""
    return bool(re.match(r"[(\[]?\s?\d{1,2}\s?[)\].、]|[②-⑩]|第[二三四五六七八九十]空", line.folded)) and bool(
        re.match(r"[(\[]?\s?1\s?[)\].、]|①|第一空", key.folded)
    )


def _text_in_explanation(parser, i, line):
    q = parser.q
    if not line.plain and line.number is None and parser.starts_unnumbered(i, line) and _own_question(parser, i, line):
        return parser.begin_unnumbered(i, line, sure=parser.ahead.blank_follows(i - 1) or not parser.numbered)
    joined = bool(q.explanation) and is_wrapped(q.explanation[-1].raw, line.raw)
    for field, begin, end in segments(line.folded, 0) if not line.plain else [(None, 0, len(line.folded))]:
        if field is None:
            q.explanation.append(_piece(line, begin, end, joined))
        else:
            _labelled(parser, line, field, begin, end)
    q.reach(line.no)
    return None


def _own_question(parser, i, line):
    """In an explanation, options after a line make it a stem only when it is the last line of text before them or stands
    after a blank line; a key in it only when it has a blank place or a truth sign."""
    after = parser.ahead.next(i)
    if after is not None and (after.option is not None and after.option.label == "A" or after.checkbox is not None):
        return True
    return parser.ahead.blank_follows(i - 1) or has_place_or_truth(line.folded) and has_key(line.folded)


def is_wrapped(before, after):
    """True when a line was cut in the middle of a sentence: it is full, or ends with a comma, and the next begins small."""
    if not before or before[-1] in ENDS:
        return False
    return is_open(before, after) or columns(before) >= WRAP_WIDTH


def is_open(before, after):
    """True when the end of one line or the beginning of the next shows that they belong together."""
    return before[-1:] in OPEN_ENDS or after[:1] in "，、。；：）)”》,.;"


def goes_on(piece, line):
    """True when a stem's line goes on in the next: it ends no sentence, has no place for an answer at its end, and the
    next begins no list."""
    if not piece.raw or piece.raw[-1] in ENDS or LIST_MARK.match(line.folded):
        return False
    return re.search(r"[)\]】_]\s{0,9}[A-L\s]{0,12}$", piece.folded[-24:]) is None


def columns(text):
    """Return the width of a text in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text[-WRAP_WIDTH:])


def _after(label):
    place = opt.LABELS.find(label) + 1
    return opt.LABELS[place] if 0 < place < len(opt.LABELS) else None


def without_bracket(words):
    """Take a closing bracket off that was opened before the label: "（难度：易）"."""
    if words[-1:] in ")）】]" and words.count("(") + words.count("（") < words.count(")") + words.count("）") + (
        words[-1:] in "】]"
    ):
        return words[:-1].rstrip()
    return words
