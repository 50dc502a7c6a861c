"""What makes two questions the same, what is searched, who may approve, what changed between two versions: pure functions."""

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass

REVIEW, APPROVED, RETIRED = "review", "approved", "retired"
STATES = (APPROVED, REVIEW, RETIRED)
EASY, MEDIUM, HARD = 1, 2, 3
LEVELS = (EASY, MEDIUM, HARD)
TOPIC_LONGEST, SOURCE_LONGEST, NOTE_LONGEST, NAME_LONGEST, SEARCH_LONGEST = 100, 1000, 200, 100, 100  # R55, in characters
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_AT_ONCE = 200  # questions in one bulk act


@dataclass(frozen=True)
class Draft:
    """A question as somebody wants it stored. `topic` is a name or ""; `review`: somebody else has to approve it before it is used."""

    kind: str
    body: dict
    source: str = ""
    topic: str = ""
    level: int = MEDIUM
    review: bool = False
    note: str = ""


_NO_WORDS = re.compile(r"[^\w%‰+=<>≤≥≠×÷√±°$¥]|_")


def words_only(text):
    """Return the text as duplicates are compared: NFKC, lower case, without spaces and punctuation; signs that change the meaning stay."""
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def fingerprint(body):
    """Return the 64 hex digits that two questions share when their stem and options say the same, whatever the options' order."""
    options = sorted(words_only(option["text"]) for option in body.get("options") or [])
    return hashlib.sha256("\n".join([words_only(body["stem"]), *options]).encode()).hexdigest()


def search_text(body):
    """Return stem and options as they are searched and compared for likeness."""
    return "\n".join([body["stem"], *(option["text"] for option in body.get("options") or [])])


def sorted_key(kind, key):
    """Return a key in the one form that compares equal: letters sorted, accepted answers as they are."""
    return key if kind == "fill_blank" else sorted(key)


def may_approve(person_id, author_id):
    """True when the person is not the author of the wording: nobody passes their own question (R54)."""
    return author_id is None or person_id != author_id


def key_text(kind, key):
    """Return a key in words: "A、C", "正确", "三个月 / 3个月；六个月"."""
    if kind == "true_false":
        return {"true": "正确", "false": "错误"}.get(key[0] if key else "", "")
    if kind == "fill_blank":
        return "；".join(" / ".join(answers) for answers in key)
    return "、".join(key)


def parts(kind, body, source):
    """Return [(name, text)] of all that a version says, in reading order; options by their letters."""
    options = [(option["label"], option["text"]) for option in body.get("options") or []]
    pinned = "、".join(option["label"] for option in body.get("options") or [] if option.get("pinned"))
    return [
        ("stem", body["stem"]), *options, ("pinned", pinned), ("key", key_text(kind, body["key"])),
        ("explanation", body.get("explanation") or ""), ("source", source),
    ]  # fmt: skip


ORDER = {"stem": 0, "pinned": 27, "key": 28, "explanation": 29, "source": 30}


def side_by_side(old, new):
    """Return [(name, old text, new text)] of the parts that differ, in reading order. old, new: lists as `parts` makes them."""
    before, after = dict(old), dict(new)
    names = [name for name, _ in new] + [name for name, _ in old if name not in after]
    differing = [name for name in names if before.get(name, "") != after.get(name, "")]
    return [(name, before.get(name, ""), after.get(name, "")) for name in sorted(differing, key=_place)]


def _place(name):
    """Where a part stands: the stem first, options by their letters, then what belongs to all of it."""
    return ORDER.get(name, LETTERS.find(name) + 1)


def changes(old, new):
    """Return [(name, [(op, text), …])] of the parts that differ; op is "same", "out" or "in".

    old, new: lists as `parts` makes them. A part that only one side has differs as a whole.
    """
    return [(name, diff(one, other)) for name, one, other in side_by_side(old, new)]


MOST_COMPARED = 1200  # characters; beyond that a part is shown as replaced as a whole


def diff(old, new):
    """Return [(op, text)] that turns `old` into `new`, character by character."""
    if len(old) > MOST_COMPARED or len(new) > MOST_COMPARED:
        return [piece for piece in (("out", old), ("in", new)) if piece[1]]
    found = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(("same", old[a:b]))
        else:
            found += [piece for piece in (("out", old[a:b]), ("in", new[c:d])) if piece[1]]
    return found
