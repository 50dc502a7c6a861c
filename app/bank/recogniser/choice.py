"""Deciding a choice question: which letters are right, wherever they were written, and whether it is one or several."""

import re

from app.bank import kinds
from app.bank.kinds.matching import answer_key
from app.bank.recogniser import headings, stems
from app.bank.recogniser import options as opt
from app.bank.recogniser.keys import parse_letters

CONCLUSION = re.compile(
    r"(?:故选|应选|因此选|所以选|答案为|答案是|答案选|故答案为|正确答案为|正确答案是)\s?:?\s?([A-L]{1,8})\s?(?:项|选项)?[。.]?$"
)
OPENING = re.compile(
    r"(?:本题)?(?:正确)?(?:答案)?\s?(?:应?选|为|是|:)?\s?([A-L]{1,8})(?:项|选项)?(?=[,。;、.\s]|$)"
)  # "选B，因为…"
BETWEEN = re.compile(r"[;；|、，,\n]")


def decide(draft):
    """Set kind and key of a Draft that has options, or whose key is letters."""
    said = _said(draft)
    written = _in_stem(draft, said)
    key = said if said is not None else written
    if key is None and not draft.raw.keys:
        key = _in_explanation(draft)
    if key is None and draft.look.coloured and len(draft.look.coloured) < len(draft.options):
        key = draft.look.coloured
        draft.problem(draft.raw.options[0].line, "key_from_format", key="、".join(key))
    key = sorted(key or [])
    draft.key = list(dict.fromkeys(key))
    if len(draft.key) != len(key):
        draft.problem(draft.line_of_key, "key_repeated", key="、".join(key))
    draft.kind = _kind(draft)
    _check_declared(draft)


def _in_explanation(draft):
    """An explanation that ends "…故选B。" or begins "选B，因为…", where nothing else says the answer."""
    pieces = draft.raw.explanation
    match = CONCLUSION.search(pieces[-1].folded[-40:]) or OPENING.match(pieces[0].folded) if pieces else None
    if match is None:
        return None
    letters = list(match.group(1))
    draft.key_line = draft.raw.explanation[-1].line
    draft.problem(draft.key_line, "key_in_explanation", key="、".join(letters))
    return letters


def _kind(draft):
    if draft.declared == headings.INDEFINITE:
        return headings.MULTIPLE
    if draft.declared in (headings.SINGLE, headings.MULTIPLE):
        return draft.declared
    if not draft.key:
        return None
    return headings.SINGLE if len(draft.key) == 1 else headings.MULTIPLE


def _check_declared(draft):
    if draft.declared in (headings.TRUE_FALSE, headings.FILL) and draft.options:
        label = kinds.get(draft.declared).label
        draft.problem(draft.raw.first, "kind_options_conflict", kind=label, labels="、".join(draft.labels))


def _said(draft):
    """Return the letters that key lines, tables or ticks give, None when there are none of them."""
    found = None
    for raw_key in draft.raw.keys:
        letters = read_key(draft, raw_key)
        if letters is None:
            continue
        draft.key_line = draft.key_line or raw_key.line
        if found is not None and sorted(set(letters)) != sorted(set(found)):
            draft.problem(raw_key.line, "key_conflict", one="、".join(found), other="、".join(letters))
        found = found or letters
    if draft.marked:
        if found is not None and sorted(found) != sorted(draft.marked):
            draft.problem(draft.line_of_key, "key_conflict", one="、".join(found), other="、".join(draft.marked))
        found = found or list(draft.marked)
    return found


def read_key(draft, raw_key):
    """Return the letters of one written key, or None with a problem when it cannot be read."""
    draft.skip_own_number(raw_key)
    letters = parse_letters(raw_key.folded)
    listed = _listed_options(raw_key) if letters is None or letters.rest else None
    if listed is not None:
        labels, rest = listed, ""
    elif letters is not None:
        labels, rest = letters.labels, raw_key.raw[len(raw_key.raw) - len(letters.rest) :] if letters.rest else ""
        if letters.lower and not any(option.lower for option in draft.raw.options):
            draft.problem(raw_key.line, "lowercase_key", key="、".join(labels))
    else:
        return _by_text(draft, raw_key)
    if rest:
        _check_rest(draft, raw_key, labels, rest)
    return labels


def _listed_options(raw_key):
    """ "A.权力 C.责任": letters with the words of their options. Return the letters, or None."""
    first = opt.option_at(raw_key.folded)
    if first is None or first.strength != opt.SURE:
        return None
    found, place = [first.label], first.end
    for match in opt.INSIDE.finditer(raw_key.folded, place):
        label = (match["round"] or match["letter"]).upper()
        if label > found[-1] and raw_key.folded[place : match.start()].strip(" 、,;"):
            found.append(label)
            place = match.end()
    return found if len(found) > 1 else None


def _check_rest(draft, raw_key, labels, rest):
    """What stands behind the letters: the words of the option, or the beginning of an explanation."""
    words = rest.strip("。.；;，, ")
    texts = {answer_key(option["text"]): option["label"] for option in draft.options}
    bare = answer_key(words.strip("（）()"))
    named = texts.get(bare)
    if named is not None and named not in labels:
        draft.problem(raw_key.line, "key_conflict", one="、".join(labels), other=named)
    elif named is None and bare != answer_key("".join(option["text"] for option in draft.options if option["label"] in labels)):
        draft.remarks.append(rest)
        draft.problem(raw_key.line, "unlabelled_explanation", text=rest[:30])


def _by_text(draft, raw_key):
    """A key written as the words of its options."""
    texts = {answer_key(option["text"]): option["label"] for option in draft.options}
    whole = texts.get(answer_key(raw_key.raw))
    given = [part for part in BETWEEN.split(raw_key.raw) if part.strip()]
    parts = [whole] if whole else [texts.get(answer_key(part), "") for part in given]
    if parts and all(parts) and len(texts) == len(draft.options):
        draft.problem(raw_key.line, "key_by_text", key="、".join(parts))
        return parts
    draft.problem(raw_key.line, "bad_key", text=raw_key.raw[:30])
    return None


def _in_stem(draft, said):
    """Take a key out of the stem, brackets or behind its end. Return its letters, None without one.

    A bracket of letters is text when the stem has an empty place besides it and another key is known, or none follows."""
    stem, labels = draft.stem, draft.labels
    dash = stems.dash_key(stem.folded)
    if dash is not None and stems.truth_of(dash["key"]) is None and not draft.options:
        letters = list(dash["key"])
        stem.cut(dash.start(), len(stem.folded))
        return letters
    groups, places = stems.letter_groups(stem.folded, labels), stems.empty_places(stem.folded)
    if groups and not places:
        return _from_groups(draft, said, groups)
    return _from_tail(draft, said, places)


def _from_groups(draft, said, groups):
    letters = groups[-1][2]
    same = all(sorted(group[2]) == sorted(letters) for group in groups)
    if said is not None:
        for start, end, inner in reversed(groups):
            if sorted(inner) == sorted(set(said)):
                draft.stem.blank_out(start, end)
                return None
        draft.problem(draft.raw.first, "key_conflict", one="、".join(letters), other="、".join(said))
        return None
    if not same:
        shown = "、".join("".join(group[2]) for group in groups)
        draft.problem(draft.raw.first, "several_keys_in_stem", keys=shown)
        return None
    for start, end, _ in reversed(groups):
        draft.stem.blank_out(start, end)
    draft.key_line = draft.raw.first
    return letters


def _from_tail(draft, said, places):
    tail = stems.tail_letters(draft.stem.folded, draft.labels)
    if tail is None:
        return _from_line_end(draft, said)
    start, letters, glued = tail
    if said is not None:
        if sorted(letters) == sorted(set(said)) and not glued:
            _cut_tail(draft, start)
        elif places and not glued:
            draft.problem(draft.raw.first, "key_conflict", one="、".join(letters), other="、".join(said))
        return None
    if glued and not places or not draft.options:
        return None
    _cut_tail(draft, start)
    if glued:
        draft.problem(draft.raw.stem[-1].line, "key_glued", key="、".join(letters))
    elif not places:
        draft.problem(draft.raw.stem[-1].line, "key_after_stem", key="、".join(letters))
    draft.key_line = draft.raw.stem[-1].line
    return letters


def _from_line_end(draft, said):
    """The key stands behind the bracket and the stem goes on in the next line."""
    found = stems.line_end_letters(draft.stem.folded, draft.labels)
    if found is None or said is not None and sorted(found[2]) != sorted(set(said)):
        return None
    draft.stem.cut(found[0], found[1])
    draft.problem(draft.raw.first, "key_after_stem", key="、".join(found[2]))
    return found[2] if said is None else None


def _cut_tail(draft, start):
    draft.stem.cut(start, len(draft.stem.folded))
    draft.stem.strip()
