"""Deciding a true/false question: the word or sign that says so, in brackets, behind the stem, or on a key line."""

import re

from app.bank import kinds
from app.bank.recogniser import headings, stems
from app.bank.recogniser.keys import parse_letters, parse_truth, truth_of

SLOT = re.compile(r"\s{0,10}[(\[【]\s{0,30}[)\]】]\s{0,10}(?P<stop>[。.]?)$")
SLOT_FIRST = re.compile(r"[(\[【]\s{0,30}[)\]】]\s*")
STOPS = " 。.,;:?!"


def two_truths(options):
    """Return {label: "true"|"false"} when the options are just 对 and 错 in some words, else None."""
    if len(options) != 2:
        return None
    values = {option["label"]: truth_of(option["text"]) for option in options}
    return values if set(values.values()) == {"true", "false"} else None


def shows_truth(draft):
    """True when stem or key speaks of true or false, though nothing declares it."""
    folded = draft.stem.folded
    if any(parse_truth(key.folded) for key in draft.raw.keys):
        return not _blank_inside(folded)
    if draft.raw.keys:
        return False
    groups = [group for group in stems.truth_groups(folded) if _at_an_end(folded, group) and _is_plain(folded, group)]
    tail = stems.tail_truth(folded)
    dash = stems.dash_key(folded)
    if groups or (folded[:1] in ("√", "×") and folded[1:].strip()) or dash and truth_of(dash["key"]):
        return True
    return tail is not None and (tail[2] or folded[tail[0] - 1] in "。.?!)")


def is_lettered_truth(raw_key):
    """ "A.对": a letter with its meaning."""
    letters = parse_letters(raw_key.folded)
    return letters is not None and len(letters.labels) == 1 and truth_of(letters.rest) is not None


def _blank_inside(folded):
    """An empty place that is not the slot for √ or × at one of the ends: something is to be filled in."""
    trimmed = SLOT.sub("", SLOT_FIRST.sub("", folded, count=1) if SLOT_FIRST.match(folded) else folded)
    return bool(stems.empty_places(trimmed))


def decide(draft):
    """Set kind and key of a Draft that is true or false; take the answer slot out of its stem."""
    draft.kind = headings.TRUE_FALSE
    values = two_truths(draft.options)
    said = _said(draft, values)
    written = _in_stem(draft, said)
    key = said or written
    if draft.options and values is None:
        labels = "、".join(draft.labels)
        draft.problem(draft.raw.first, "kind_options_conflict", kind=kinds.get(draft.kind).label, labels=labels)
    elif values is not None:
        draft.options = []
    draft.key = [key] if key else []


def _said(draft, values):
    found = None
    marked = [values[label] for label in draft.marked if values] if values else []
    for raw_key in draft.raw.keys:
        value = _read(draft, raw_key, values)
        if value is None:
            continue
        draft.key_line = draft.key_line or raw_key.line
        if found is not None and value != found:
            draft.problem(raw_key.line, "key_conflict", one=_shown(found), other=_shown(value))
        found = found or value
    return found or (marked[0] if len(marked) == 1 else None)


def _read(draft, raw_key, values):
    draft.skip_own_number(raw_key)
    truth = parse_truth(raw_key.raw)
    if truth is not None:
        value, rest = truth
        if rest:
            draft.remarks.append(rest.strip("（）()"))
            draft.problem(raw_key.line, "unlabelled_explanation", text=rest[:30])
        return value
    letters = parse_letters(raw_key.folded)
    if letters is not None and len(letters.labels) == 1:
        if values is not None and letters.labels[0] in values:
            return values[letters.labels[0]]
        if truth_of(letters.rest) is not None:
            return truth_of(letters.rest)  # "A.对"
        value = draft.raw.section.truth_of(letters.labels[0])
        if value is not None:
            return value
        draft.problem(raw_key.line, "true_false_letter", key=letters.labels[0])
        draft.key_line = raw_key.line
        return None
    draft.problem(raw_key.line, "bad_key", text=raw_key.raw[:30])
    return None


def _in_stem(draft, said):
    """Take the key, or the empty slot for it, out of the stem. Return its value, None without one."""
    stem = draft.stem
    dash = stems.dash_key(stem.folded)
    if dash is not None and truth_of(dash["key"]) is not None:
        stem.cut(dash.start(), len(stem.folded))
        return _agree(draft, said, truth_of(dash["key"]))
    values = []
    for group in reversed(stems.truth_groups(stem.folded)):
        if _at_an_end(stem.folded, group):
            stem.cut(group[0], group[1])
            stem.strip()
            values.append(group[2])
    tail = stems.tail_truth(stem.folded)
    if tail is not None and not values and (tail[2] or said is None or said == tail[1]):
        stem.cut(tail[0], len(stem.folded))
        stem.strip()
        values.append(tail[1])
    sign = re.match(r"[√×]\s*(?=\S)", stem.folded) if not values else None
    if sign is not None:
        values.append(truth_of(sign.group()))
        stem.cut(0, sign.end())
    for value in values:
        said = _agree(draft, said, value) or said
    if values:
        draft.key_line = draft.key_line or draft.raw.first
    return values[0] if values else None


def _agree(draft, said, value):
    if said is not None and said != value:
        draft.problem(draft.raw.first, "key_conflict", one=_shown(value), other=_shown(said))
    return value


def _is_plain(folded, group):
    """Signs and words that mean nothing else; "（X）" or "（是）" count only where true or false is asked."""
    return folded[group[0] + 1 : group[1] - 1].strip() in ("√", "×", "对", "错", "正确", "错误", "T", "F")


def _at_an_end(folded, group):
    start, end, _ = group
    return not folded[:start].strip() or not folded[end:].strip(STOPS)


def _shown(value):
    return "对" if value == "true" else "错"
