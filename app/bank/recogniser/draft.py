"""A question being decided: its stem taken apart, its options written out, and what is known about kind and key so far."""

import re
from dataclasses import dataclass, field

from app.bank.problems import Problem
from app.bank.recogniser import options as opt
from app.bank.recogniser.lookahead import has_key, has_place
from app.bank.recogniser.numbering import SURE, number_at
from app.bank.recogniser.raw import RawQuestion
from app.bank.recogniser.stems import Stem

MARKED_END = re.compile(r"\s{0,4}(?:[(\[【]\s?(?:正确答案|正确选项|正确|答案|√)\s?[)\]】]|√)$")


@dataclass(slots=True)
class Look:
    """What a question's looks say: `coloured` labels of options that stand out by colour or underline, `underlined` words
    of the stem, `paired`: its section writes answers between underscores, __答案__."""

    coloured: list = field(default_factory=list)
    underlined: list = field(default_factory=list)
    paired: bool = False


@dataclass(slots=True)
class Draft:
    """`declared` is the kind that a heading, tag or field names (see headings); `kind` and `key` are the result."""

    raw: RawQuestion
    stem: Stem
    options: list = field(default_factory=list)
    marked: list = field(default_factory=list)  # labels of options that are ticked
    look: Look = field(default_factory=Look)
    declared: str | None = None
    kind: str | None = None
    key: list = field(default_factory=list)
    key_line: int | None = None
    ordered: bool = True
    remarks: list = field(default_factory=list)  # text behind a key that belongs to the explanation
    problems: list = field(default_factory=list)

    def problem(self, line, code, **params):
        self.problems.append(Problem(line, code, params))

    @property
    def labels(self):
        return [option["label"] for option in self.options]

    @property
    def line_of_key(self):
        """The line to name when something is wrong with the key."""
        return self.key_line or self.raw.key_line or self.raw.last

    def skip_own_number(self, raw_key):
        """答案：7.B under question 7: the number says nothing new."""
        number = number_at(raw_key.folded)
        if number is not None and number.strength == SURE and number.value == self.raw.number:
            raw_key.raw, raw_key.folded = raw_key.raw[number.end :], raw_key.folded[number.end :]

    def option_line(self, label):
        return next((option.line for option in self.raw.options if option.label == label), self.raw.last)


def twins(pieces):
    """Return (raw, folded) of Pieces: cut sentences closed up, other lines kept apart."""
    raw, folded, last = [], [], ""
    for piece in pieces:
        between = "\n" if last else ""
        if piece.joined and last:
            between = " " if _latin(last) and _latin(piece.raw[:1]) else ""
        raw += [between, piece.raw]
        folded += [between, piece.folded]
        last = piece.raw[-1:] or last
    return "".join(raw), "".join(folded)


def _latin(char):
    return char.isascii() and char.isalnum()


def unlabelled_first(raw):
    """Move lines that end the stem to the options when these begin with B or later: exactly as many as are missing.

    Only when the stem is whole without them (it has a place for the answer, or ends like a question) and they have no
    such place themselves. Returns the moved [(label, Piece)].
    """
    first = opt.LABELS.find(raw.options[0].label) if raw.options else 0
    head, rest = raw.stem[:-first] if first > 0 else raw.stem, raw.stem[-first:] if first > 0 else []
    if not head or not rest or len(rest) != first or len(set(raw.labels)) != len(raw.labels):
        return []
    whole = any(has_place(piece.folded) or has_key(piece.folded) for piece in head) or head[-1].folded[-1:] in "?:"
    if not whole or any(piece.joined or has_place(piece.folded) or piece.folded[-1:] in "?:" for piece in rest):
        return []
    raw.stem[-first:] = []
    return list(zip(opt.LABELS, rest, strict=False))


def write_options(draft, moved=()):
    """Fill in options from the raw ones: lines without a label that stand exactly where labels are missing become them."""
    raw = draft.raw
    labels = raw.labels
    inserted = _fill_gaps(draft, labels)
    if moved:
        inserted[0] = [(label, piece.raw) for label, piece in moved]
        for label, piece in moved:
            draft.problem(piece.line, "unlabelled_option", label=label)
    for place, one in enumerate(raw.options):
        draft.options += [{"label": label, "text": text} for label, text in inserted.get(place, [])]
        text, folded = twins(one.pieces)
        end = MARKED_END.search(folded)
        if end is not None and end.start() > 0:
            text = text[: end.start()].rstrip()
        if one.marked or end is not None and end.start() > 0:
            draft.marked.append(one.label)
        draft.options.append({"label": one.label, "text": text})
    draft.options += [{"label": label, "text": text} for label, text in inserted.get(len(raw.options), [])]
    labels = draft.labels
    if len(set(labels)) == len(labels) and labels != sorted(labels):
        draft.problem(raw.options[0].line, "options_out_of_order", labels="、".join(labels))
        draft.options.sort(key=lambda option: option["label"])


def _fill_gaps(draft, labels):
    """Return {place: [(label, text)]} for lines without a label, as many as there are labels missing at that place."""
    found = {}
    for place in {place for place, _ in draft.raw.gaps}:
        pieces = [piece for at, piece in draft.raw.gaps if at == place]
        missing = _missing_between(labels, place)
        if len(missing) == len(pieces):
            found[place] = [(label, piece.raw) for label, piece in zip(missing, pieces, strict=True)]
            for label, piece in zip(missing, pieces, strict=True):
                draft.problem(piece.line, "unlabelled_option", label=label)
        else:
            for piece in pieces:
                draft.problem(piece.line, "stray_text", text=piece.raw[:30])
            if place:
                draft.raw.options[place - 1].pieces += [_glue(piece) for piece in pieces]
    return found


def _glue(piece):
    piece.joined = True
    return piece


def _missing_between(labels, place):
    """Return the labels left out between the options before and after `place`."""
    before = opt.LABELS.find(labels[place - 1]) if place else -1
    after = opt.LABELS.find(labels[place]) if place < len(labels) else before + 1
    return [label for label in opt.LABELS[before + 1 : max(after, before + 1)] if label not in labels]
