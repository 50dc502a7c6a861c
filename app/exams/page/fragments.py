"""Keeps rendered questions, bounded by their bytes; the ones not used for longest go first."""

import threading
from collections import OrderedDict

OVERHEAD = 300  # bytes of bookkeeping for each piece, about
PER_SEED = 100  # bytes that remembering one seed costs, about
NOTED = 16  # one page in so many is noted for what goes first


class Question:
    """The Pieces of one question: one for each order of its options, found by the seed that gives the order."""

    __slots__ = ("by_order", "by_seed", "bytes")

    def __init__(self):
        self.by_order, self.by_seed, self.bytes = {}, {}, 0


NOTHING = Question()


class Fragments:
    """Questions by key, of at most `most_bytes`; safe for several threads."""

    def __init__(self, most_bytes):
        self.most_bytes, self.bytes = most_bytes, 0
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

    def with_order(self, key, seed, order):
        """Return the Piece of a question under an order of its options and remember its seed; None when there is none yet."""
        question = self._questions.get(key)
        piece = None if question is None else question.by_order.get(order)
        return None if piece is None else self.put(key, seed, order, piece)

    def put(self, key, seed, order, piece):
        """Keep a piece and return it."""
        with self._lock:
            question = self._questions.get(key) or self._questions.setdefault(key, Question())
            added = PER_SEED if seed not in question.by_seed else 0
            if order not in question.by_order:
                added += len(piece.raw) + len(piece.packed) + OVERHEAD
            question.by_order[order] = question.by_seed[seed] = piece
            question.bytes += added
            self.bytes += added
            self._questions.move_to_end(key)
            while self.bytes > self.most_bytes and self._questions:
                self.bytes -= self._questions.popitem(last=False)[1].bytes
        return piece

    def clear(self):
        """Forget everything."""
        with self._lock:
            self._questions.clear()
            self.bytes = 0
