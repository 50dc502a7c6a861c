"""The control of the trials: the same app with a writer that says "saved" before the commit. It must be seen to lose answers."""

import threading
import time
from datetime import timedelta
from queue import SimpleQueue

from app import create_app
from app.core import clock
from app.exams.rules.verdicts import Verdict
from app.exams.saves.requests import Outcome, WriteFailed

DELAY_SECONDS = 0.2  # what a system may take to write back what it did not sync


class EagerWriter:
    """Acknowledges at once and stores later."""

    def __init__(self, writer):
        self._writer, self._waiting, self._thread = writer, SimpleQueue(), None

    def save(self, request):
        """Say that the request is stored, and queue it."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._store, daemon=True)
            self._thread.start()
        self._waiting.put(request)
        acked = max((change.seq for change in request.changes), default=0)
        return Outcome(Verdict.SAVED, acked, clock.now() + timedelta(hours=1))

    def _store(self):
        while True:
            waiting = [self._waiting.get()]
            time.sleep(DELAY_SECONDS)
            while not self._waiting.empty():
                waiting.append(self._waiting.get())
            for request in waiting:
                try:
                    self._writer.save(request)
                except WriteFailed:
                    continue


app = create_app()
app.extensions["save_writer"] = EagerWriter(app.extensions["save_writer"])
