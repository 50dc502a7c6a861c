"""A draft import looked at: its text recognised, its questions compared with the bank, everything counted for the page."""

import json
from dataclasses import dataclass
from functools import lru_cache

from app.bank import rules
from app.bank.imports import cards as card_states
from app.bank.imports import fixes
from app.bank.imports.drafts import draft_of, waits_for_review
from app.bank.queries import likeness
from app.bank.recogniser import recognise

TODO, READY, NOTED, SAME, DONE, SKIPPED, ALL = "todo", "ready", "noted", "same", "done", "skipped", "all"


@dataclass
class Examined:
    """What the import page shows. `problems`: those of the text as a whole; `runs`: see cards.runs."""

    recognition: object
    cards: list
    runs: list

    @property
    def problems(self):
        return self.recognition.problems

    @property
    def lines(self):
        return self.recognition.text.split("\n")

    def of(self, view):
        """Return the cards that a view lists: todo ready noted same done skipped all."""
        return [card for card in self.cards if BELONGS[view](card)]

    @property
    def counts(self):
        """Return {view: how many cards}."""
        return {view: sum(map(belongs, self.cards)) for view, belongs in BELONGS.items()}

    def drafts(self, settings):
        """Return [(card, Draft)] of all that can be stored now."""
        lines = self.lines
        return [(card, draft_of(card.question, lines, settings)) for card in self.of(READY)]


BELONGS = {
    TODO: lambda card: card.needs_work,
    READY: lambda card: card.state == card_states.READY,
    NOTED: lambda card: card.has_warning,
    SAME: lambda card: card.state == card_states.SAME,
    DONE: lambda card: card.state == card_states.DONE,
    SKIPPED: lambda card: card.state == card_states.SKIPPED,
    ALL: lambda card: True,
}


def examine(batch):
    """Return the Examined of an ImportBatch (or anything with its text, overrides, settings and bank_id)."""
    choices = batch.overrides or {}
    found = _recognised(
        batch.text, json.dumps(fixes.corrections(choices), sort_keys=True), json.dumps(batch.settings.get("marks") or {})
    )
    lines = found.text.split("\n")
    cards = card_states.make_cards(found.questions, choices, [waits_for_review(question, lines) for question in found.questions])
    prints = [rules.fingerprint(card.question.body()) for card in cards if card.state == card_states.READY]
    known = likeness.known(batch.bank_id, prints) if prints else {}
    most_like = likeness.index_of(batch.bank_id).most_like if prints else None
    card_states.settle(cards, known, most_like)
    return Examined(found, cards, card_states.runs(cards, found.roles))


@lru_cache(maxsize=4)
def _recognised(text, corrections, marks):
    """Recognise a text; kept, because a page of cards, a fix and the import itself ask for the same text again."""
    spans = {int(line): [tuple(span) for span in spans] for line, spans in json.loads(marks).items()}
    return recognise(text, overrides=json.loads(corrections), marks=spans)
