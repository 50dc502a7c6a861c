"""A card for each recognised question: whether it can be stored, what stands in the way, which one-click fixes there are. Pure."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.bank import rules
from app.bank.imports import fixes

READY, ERROR, SAME, LIKE, SKIPPED, DONE = "ready", "error", "same", "like", "skipped", "done"
KEY_CODES = {
    "no_key", "bad_key", "key_conflict", "several_keys_in_stem", "key_not_in_options", "kind_key_conflict", "true_false_letter",
    "no_key_true_false",
}  # fmt: skip
TONES = {ERROR: "e", LIKE: "w", SAME: "s", SKIPPED: "s", DONE: "d"}


@dataclass
class Card:
    """One recognised question on its way in. `same` is the Known, Like or earlier Card that says the same, if there is one."""

    place: int
    question: object
    choice: dict = field(default_factory=dict)
    review: bool = False
    same: object = None
    state: str = READY
    too_long: list = field(default_factory=list)  # sentences about topic and source

    @property
    def line(self):
        return self.question.lines[0]

    @property
    def problems(self):
        return self.question.problems

    @property
    def has_warning(self):
        return self.state == READY and any(not problem.is_error for problem in self.problems)

    @property
    def needs_work(self):
        return self.state in (ERROR, LIKE)

    @property
    def tone(self):
        """One letter for the lines of this card: e w q n s d."""
        return TONES.get(self.state) or ("n" if self.has_warning else "q")

    @property
    def other_key(self):
        """True when the bank, or an earlier question of the text, has this question with another key."""
        key = getattr(self.same, "key", None)
        return key is not None and key != rules.sorted_key(self.question.kind, self.question.key)

    @property
    def fixes(self):
        """Return the names of the fixes to offer: letters, many, truth, single, multiple."""
        codes = {problem.code for problem in self.problems if problem.is_error}
        if "kind_options_conflict" in codes:
            return ["multiple" if len(self.question.key) > 1 else "single"]
        if not codes & KEY_CODES:
            return []
        labels = [option["label"] for option in self.question.options]
        if not labels:
            return ["truth"] if self.question.kind == "true_false" or "true_false_letter" in codes else []
        if len(set(labels)) != len(labels):
            return []
        if self.question.kind == "multiple_choice":
            return ["many"]
        return ["multiple", "letters"] if "kind_key_conflict" in codes else ["letters"]


def make_cards(questions, choices, reviews):
    """Return the Cards of recognised questions; `reviews`: for each, whether it waits for a second person."""
    cards = []
    for place, (question, review) in enumerate(zip(questions, reviews, strict=True)):
        card = Card(place, question, choices.get(str(question.lines[0]), {}), review, too_long=_too_long(question))
        if card.too_long or question.has_errors:
            card.state = ERROR
        cards.append(card)
    return cards


def _too_long(question):
    found = []
    for text, most, words in (
        (question.topic, rules.TOPIC_LONGEST, _("The topic has %(count)s characters; %(most)s is the most. Shorten it.")),
        (question.source, rules.SOURCE_LONGEST, _("The source has %(count)s characters; %(most)s is the most. Shorten it.")),
    ):
        if len(text or "") > most:
            found.append(words % {"count": len(text), "most": most})
    return found


def settle(cards, known, most_like):
    """Set the state of every card. known: {fingerprint: Known} of the bank; most_like: a function from a text to a Like or None."""
    seen = {}
    for card in cards:
        do = card.choice.get("do")
        if do == fixes.DONE:
            card.state = DONE
        elif do == fixes.SKIP:
            card.state = SKIPPED
        elif card.state != ERROR:
            _compare(card, known, most_like, seen)
            if do == fixes.IMPORT:
                card.state = READY
    return cards


def _compare(card, known, most_like, seen):
    body = card.question.body()
    print_ = rules.fingerprint(body)
    card.same = known.get(print_) or seen.get(print_)
    if card.same is not None:
        card.state = LIKE if card.other_key else SAME
        return
    seen[print_] = Repeat(card.line, rules.sorted_key(card.question.kind, card.question.key))
    card.same = most_like(rules.search_text(body))
    if card.same is not None:
        card.state = LIKE


@dataclass(frozen=True)
class Repeat:
    """An earlier question of the same text that says the same."""

    line: int
    key: list


def runs(cards, roles):
    """Return [[tone, first line, last line], …] over the whole text, for the colours beside it; lines without a run are plain.

    roles: what the recogniser took each line for; stray lines and key tables get the tones "x" and "k", headings "h".
    """
    tones = [{"stray": "x", "key_table": "k", "heading": "h"}.get(role, "") for role in roles]
    for card in cards:
        first, last = card.question.lines
        for line in range(first, min(last, len(tones)) + 1):
            if roles[line - 1] in ("question", "skipped"):
                tones[line - 1] = card.tone
    found = []
    for line, tone in enumerate(tones, 1):
        if found and found[-1][0] == tone and found[-1][2] == line - 1:
            found[-1][2] = line
        elif tone:
            found.append([tone, line, line])
    return found
