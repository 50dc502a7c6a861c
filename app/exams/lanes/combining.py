"""Reads for many requests at once: whoever finds nobody reading reads for all that wait, as the group commit writes for all.

A round trip to PostgreSQL costs more than what it fetches; in a crowd one serves a dozen pages. Alone, nobody waits.
"""

import threading

PATIENCE_SECONDS = 10


class Asked:
    """One request's question and, after its turn, the answer or the error."""

    __slots__ = ("answer", "error", "leads", "question", "turn")

    def __init__(self, question):
        self.question, self.answer, self.error, self.leads = question, None, None, False
        self.turn = threading.Lock()
        self.turn.acquire()


class Combining:
    """`fetch` takes a list of questions and returns their answers in the same order."""

    def __init__(self, fetch):
        self._fetch, self._lock = fetch, threading.Lock()
        self._waiting, self._reading = [], False

    def ask(self, question):
        """Return the answer to one question; raises what `fetch` raised, or TimeoutError."""
        asked = Asked(question)
        with self._lock:
            self._waiting.append(asked)
            asked.leads = not self._reading
            self._reading = True
        if not asked.leads and not asked.turn.acquire(timeout=PATIENCE_SECONDS):
            self._give_up(asked)
        if asked.leads:
            self._lead()
        if asked.error is not None:
            raise asked.error
        return asked.answer

    def _give_up(self, asked):
        """Leave the queue, unless the turn came at the very last moment."""
        with self._lock:
            if asked in self._waiting and not asked.leads:
                self._waiting.remove(asked)
                raise TimeoutError("the reads before this one take too long")
        asked.turn.acquire()

    def _lead(self):
        """Read for all that wait, this request among them; then pass the lead on to one who came meanwhile."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            answers = self._fetch([asked.question for asked in batch])
            for asked, answer in zip(batch, answers, strict=True):
                asked.answer = answer
        except BaseException as error:  # whatever it was, nobody may wait for ever
            for asked in batch:
                asked.error = error
        with self._lock:
            heir = self._waiting[0] if self._waiting else None
            self._reading = heir is not None
            if heir:
                heir.leads = True
        for asked in batch:
            if not asked.leads:
                asked.turn.release()
        if heir:
            heir.turn.release()
