"""Options that are numbered ①②③ instead of lettered: seen only where the key itself is written in those numbers."""

import re

from app.bank.recogniser.options import CIRCLED, LABELS
from app.bank.recogniser.raw import Piece, RawKey, RawOption

ITEM = re.compile(f"[{CIRCLED}]")
KEY = re.compile(rf"[\s(\[【]*(?:选|应选)?\s*([{CIRCLED}](?:[\s、,;和]{{0,3}}[{CIRCLED}]){{0,11}})[\s)\]】。.]*$")
IN_STEM = re.compile(rf"(?<=[(\[【])\s{{0,6}}([{CIRCLED}](?:[\s、,]{{0,2}}[{CIRCLED}]){{0,11}})\s{{0,6}}(?=[)\]】])")


def take(raw):
    """Turn the list ①…②…③… that ends a stem into options A, B, C…, and its key into letters.

    Only when the question has no other options, and every key written for it is made of numbers of that list. A list
    with options "A. ①②" under it, or with a key in words, stays part of the stem.
    """
    if raw.options or not raw.stem:
        return
    items = _items(raw.stem)
    written = [KEY.match(key.folded) for key in raw.keys] if raw.keys else [_bracket(raw.stem, items)]
    if len(items) < 2 or not all(written):
        return
    keys = [[CIRCLED.index(sign) for sign in ITEM.findall(match.group(1))] for match in written]
    if any(place >= len(items) for key in keys for place in key):
        return
    if not raw.keys:
        _empty(raw.stem, written[0])
    _move(raw, items)
    letters = ["".join(LABELS[place] for place in key) for key in keys]
    lines = [(key.line, key.source) for key in raw.keys] or [(raw.first, "line")]
    raw.keys = [RawKey(line, key, key, source) for key, (line, source) in zip(letters, lines, strict=True)]
    raw.problem(raw.options[0].line, "numbered_options", key="、".join(letters[0]))


def _items(pieces):
    """Return [(place of its Piece, start, end)] of ①, ②, … that stand in a row up to the stem's end, else []."""
    found: list[tuple[int, int, int]] = []
    for place, piece in enumerate(pieces):
        begin = 0
        if place and not found and not piece.folded.startswith(CIRCLED[0]):
            continue
        if found and piece.folded[:1] != CIRCLED[min(len(found), len(CIRCLED) - 1)]:
            return []  # a line of something else between or behind them
        while len(found) < len(LABELS):
            start = piece.folded.find(CIRCLED[len(found)], begin)
            if start < 0 or not found and start and piece.folded[start - 1] not in " )]】。:?!;,":
                break
            if found and found[-1][0] == place:
                found[-1] = (place, found[-1][1], start)
            found.append((place, start, len(piece.folded)))
            begin = start + 1
    whole = all(pieces[place].folded[start + 1 : end].strip(" ;、,。") for place, start, end in found)
    return found if whole else []


def _bracket(pieces, items):
    """Return the one bracket before the list that holds its numbers, or None."""
    if not items:
        return None
    place, start, _ = items[0]
    found = [match for piece in pieces[:place] for match in IN_STEM.finditer(piece.folded)]
    found += list(IN_STEM.finditer(pieces[place].folded[:start]))
    return found[0] if len(found) == 1 else None


def _empty(pieces, match):
    """Take the key out of its bracket."""
    for piece in pieces:
        if match.string in (piece.folded, piece.folded[: len(match.string)]):
            start, end = match.span(1)
            signs = " " * (end - start)
            piece.raw = piece.raw[:start] + signs + piece.raw[end:]
            piece.folded = piece.folded[:start] + signs + piece.folded[end:]
            return


def _move(raw, items):
    """Move the items of a list from the stem to the options."""
    for label, (place, start, end) in zip(LABELS, items, strict=False):
        piece = raw.stem[place]
        words, folded = piece.raw[start + 1 : end], piece.folded[start + 1 : end]
        lead = len(words) - len(words.lstrip(" 　.、．"))
        words = words[lead:].rstrip(" 　；;，,、")
        moved = Piece(piece.line, words, folded[lead : lead + len(words)], piece.offset + start + 1 + lead)
        raw.options.append(RawOption(label, piece.line, [moved]))
    place, start, _ = items[0]
    head = raw.stem[place]
    head.raw, head.folded = head.raw[:start].rstrip(), head.folded[: len(head.raw[:start].rstrip())]
    raw.stem[place + (1 if head.raw else 0) :] = []
