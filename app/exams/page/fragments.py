"""Keeps rendered questions, bounded by their bytes; the ones not used for longest go first.

A question is rendered once, with marks for the texts of its options: another order of the same options only puts the texts
into other places, which needs no template.
"""

import threading
from collections import OrderedDict

from app.exams.page.stream import pack

OVERHEAD = 300  # bytes of bookkeeping for each piece, about
PER_SEED = 100  # bytes that remembering one seed costs, about
NOTED = 16  # one page in so many is noted for what goes first


class Question:
    """One rendered question: `parts` of HTML around its options' `texts` (escaped HTML by authored label); Pieces by order and seed."""

    __slots__ = ("by_order", "by_seed", "bytes", "parts", "texts")

    def __init__(self, parts=("",), texts=None):
        self.parts, self.texts = parts, texts or {}
        self.by_order, self.by_seed, self.bytes = {}, {}, sum(map(len, parts)) + OVERHEAD

    def html(self, order):
        """Return the question with its options in the order of these labels."""
        filled = [self.parts[0]]
        for label, part in zip(order, self.parts[1:], strict=True):
            filled += (self.texts[label], part)
        return "".join(filled)


NOTHING = Question()


class Fragments:
    """Questions by key, of at most `most_bytes`; safe for several threads. `epoch` rises whenever something was dropped."""

    def __init__(self, most_bytes):
        self.most_bytes, self.bytes, self.epoch = most_bytes, 0, 0
        self._questions, self._lock = OrderedDict(), threading.Lock()
        self._pages = 0

    def find(self, keys, seeds):
        """Return the Pieces of one page's questions under their seeds, None where there is none."""
        questions = self._questions.get
        found = [(questions(key) or NOTHING).by_seed.get(seed) for key, seed in zip(keys, seeds, strict=True)]
        self._pages += 1
        if self._pages % NOTED == 0:
            self._note(keys)
        return found

    def _note(self, keys):
        """Bring these questions to the end that is dropped last. Now and then is enough to tell which are in use."""
        with self._lock:
            for key in keys:
                if key in self._questions:
                    self._questions.move_to_end(key)

    def knows(self, key):
        """True when the question was rendered."""
        return key in self._questions

    def add(self, key, question):
        """Keep a rendered Question."""
        with self._lock:
            if key not in self._questions:
                self._questions[key] = question
                self.bytes += question.bytes
                self._drop()

    def piece(self, key, seed, order):
        """Return the Piece of a known question with its options in an order, found again by `seed`; None if it was dropped since."""
        question = self._questions.get(key)
        if question is None:
            return None
        made = question.by_order.get(order) or pack(question.html(order))
        with self._lock:
            if key in self._questions:
                self._keep(question, seed, order, made)
                self._drop()
        return made

    def _keep(self, question, seed, order, made):
        added = PER_SEED if seed not in question.by_seed else 0
        if order not in question.by_order:
            added += len(made.raw) + len(made.packed) + OVERHEAD
        question.by_order[order] = question.by_seed[seed] = made
        question.bytes += added
        self.bytes += added

    def _drop(self):
        while self.bytes > self.most_bytes and self._questions:
            self.bytes -= self._questions.popitem(last=False)[1].bytes
            self.epoch += 1

    def clear(self):
        """Forget everything."""
        with self._lock:
            self._questions.clear()
            self.bytes = 0
            self.epoch += 1
