"""Keeps pieces of pages, bounded by their bytes; the ones not used for longest go first."""

import threading
from collections import OrderedDict

OVERHEAD = 300  # bytes of bookkeeping for each piece, about


class Fragments:
    """A map from keys to Pieces of at most `most_bytes`; safe for several threads."""

    def __init__(self, most_bytes):
        self.most_bytes, self.bytes = most_bytes, 0
        self._pieces, self._lock = OrderedDict(), threading.Lock()

    def get_many(self, keys):
        """Return the pieces of all keys, in order; None where there is none."""
        pieces, found = self._pieces, []
        with self._lock:
            for key in keys:
                piece = pieces.get(key)
                if piece is not None:
                    pieces.move_to_end(key)
                found.append(piece)
        return found

    def put(self, key, piece):
        """Keep a piece and return it."""
        with self._lock:
            self._remove(key)
            self._pieces[key] = piece
            self.bytes += _size(piece)
            while self.bytes > self.most_bytes and self._pieces:
                self._remove(next(iter(self._pieces)))
        return piece

    def _remove(self, key):
        piece = self._pieces.pop(key, None)
        if piece is not None:
            self.bytes -= _size(piece)

    def clear(self):
        """Forget everything."""
        with self._lock:
            self._pieces.clear()
            self.bytes = 0


def _size(piece):
    return len(piece.raw) + len(piece.packed) + OVERHEAD
