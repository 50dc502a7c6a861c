"""Reads answers as people gave them: displayed letters mapped back to the authored ones, and into words.

For the review page and for exports; the only place besides marking that knows how options were shown.
"""

import json
from functools import cached_property
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from app.bank import kinds
from app.bank.kinds.choice import LETTERS
from app.core.db import db
from app.exams.models import Attempt, Response, Sitting
from app.exams.queries.versions import load_bodies
from app.exams.rules.paper_order import option_seed


class Option(NamedTuple):
    """One option as it was displayed. chosen: by the taker; key: it is right, and that may be seen."""

    letter: str
    text: str
    chosen: bool
    key: bool


class Shown:
    """One question as one attempt showed it.

    attempt: has seed, and sitting.shuffle_options or shuffle_options.
    """

    def __init__(self, attempt, version_id, kind_name, body):
        self.kind, self.body = kinds.get(kind_name), body
        self.seed = option_seed(attempt.seed, version_id)
        self.shuffle = attempt.sitting.shuffle_options if hasattr(attempt, "sitting") else attempt.shuffle_options

    @property
    def stem(self):
        return self.body["stem"]

    @cached_property
    def order(self):
        """Authored labels in the order displayed."""
        return self.kind.option_order(self.body, self.seed, self.shuffle)

    @cached_property
    def letters(self):
        """{authored label: displayed letter}."""
        return dict(zip(self.order, LETTERS, strict=False))

    def authored(self, answer):
        """Return an answer in canonical form: authored labels, true or false, cleaned texts; [] for what cannot be one."""
        try:
            return self.kind.normalised(self.body, answer, self.seed, self.shuffle) if answer else []
        except kinds.BadResponse:
            return []

    def options(self, answer, with_key):
        """Return [Option] in the order displayed; `key` is False unless it may be seen."""
        if not self.order:
            return []
        texts = {option["label"]: option["text"] for option in self.body["options"]}
        right = self.body["key"] if with_key else ()
        return [Option(self.letters[label], texts[label], self.letters[label] in answer, label in right) for label in self.order]

    def answer_words(self, answer):
        """Return an answer in words: A、C, or 正确, or the texts of the blanks; "" for none."""
        if not any(answer):
            return ""
        if self.kind.name == "true_false":
            return self._truth(answer[0])
        return "；".join(text or "—" for text in answer) if self.kind.name == "fill_blank" else "、".join(sorted(answer))

    def key_words(self):
        """Return the key in words, with the letters as displayed."""
        if self.kind.name == "true_false":
            return self._truth(self.body["key"][0])
        if self.kind.name == "fill_blank":
            return "；".join(" / ".join(accepted) for accepted in self.body["key"])
        letters = self.letters
        return "、".join(sorted(letters.get(label, label) for label in self.body["key"]))

    @staticmethod
    def _truth(word):
        return {"true": _("Right"), "false": _("Wrong")}.get(word, word)

    def why(self, code, params):
        """Return the reason of a mark as a sentence, with the letters as displayed."""
        return self.kind.why_text(code, params, self.letters)


def of_attempts(attempt_ids):
    """Return {attempt id: [(version id, section id, authored answer, answer in words)]} by position, for exports."""
    query = select(Attempt.id, Attempt.seed, Attempt.items, Sitting.shuffle_options).join(
        Sitting, Sitting.id == Attempt.sitting_id
    )
    attempts = db.session.execute(query.where(Attempt.id.in_(attempt_ids))).all()
    stored = {}
    for attempt_id, position, answer in db.session.execute(
        select(Response.attempt_id, Response.position, Response.answer).where(Response.attempt_id.in_(attempt_ids))
    ):
        stored.setdefault(attempt_id, {})[position] = json.loads(answer)
    return {attempt.id: _read(attempt, stored.get(attempt.id, {})) for attempt in attempts}


def _read(attempt, stored):
    bodies, found = load_bodies([version_id for version_id, _ in attempt.items]), []
    for position, (version_id, section_id) in enumerate(attempt.items, 1):
        shown, answer = Shown(attempt, version_id, *bodies[version_id]), stored.get(position, [])
        found.append((version_id, section_id, shown.authored(answer), shown.answer_words(answer)))
    return found
