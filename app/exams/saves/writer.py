"""The group-commit writer: one thread per process stores everything that waits in one transaction, then wakes the waiters.

Nobody is told "saved" before COMMIT returned (R12). When a transaction fails, its waiters hear so, the connection is dropped,
and the next batch opens a new one: service resumes by itself when the disk does (R16).
"""

import atexit
import os
import threading
from queue import Empty, SimpleQueue

import structlog

from app.exams.saves.batch import Batch
from app.exams.saves.requests import BadRequest, WriteFailed

log = structlog.get_logger()

PATIENCE_SECONDS = 15  # a request thread waits so long for its commit
MOST_REQUESTS = 400  # in one transaction


class Writer:
    """Queues requests and stores them in batches. Starts with the first request of a process, so that it survives a fork.

    make_store: returns a store (`sqlite.Store`, `postgres.Store`); `times` are what a Batch needs to know: grace and late
    (time spans after the due time) and receipt (gives the receipt number of a hand-in).
    """

    def __init__(self, make_store, **times):
        self.make_store, self.times = make_store, times
        self._starting = threading.Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self):
        self._starting = threading.Lock()
        self._queue = SimpleQueue()
        self._thread = self._store = None

    def save(self, request):
        """Store one request; return its Outcome once it is committed. Raises WriteFailed or BadRequest."""
        if not self._runs():
            self._start()
        self._queue.put(request)
        for _second in range(PATIENCE_SECONDS):
            if request.wait(1):
                break
            if not self._runs():  # it was stopped between our look and our request
                self._start()
        else:
            raise WriteFailed("the writer did not answer")
        if request.error is not None:
            raise request.error
        return request.outcome

    def _runs(self):
        return self._thread is not None and self._thread.is_alive()

    def _start(self):
        with self._starting:
            if not self._runs():
                self._thread = threading.Thread(target=self._run, args=(self._queue,), name="save-writer", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def stop(self):
        """Store what waits, close the connection, end the thread."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join(PATIENCE_SECONDS)
        self._thread = None

    def _run(self, queue):
        while True:
            requests, last = self._waiting(queue)
            if requests:
                self._store_all(requests)
            if last:
                self._drop_store()
                return

    def _waiting(self, queue):
        """Return everything that waits (blocks for the first), and whether the writer is to stop after it."""
        requests = [queue.get()]
        try:
            while requests[-1] is not None and len(requests) < MOST_REQUESTS:
                requests.append(queue.get_nowait())
        except Empty:
            pass
        return [request for request in requests if request is not None], requests[-1] is None

    def _store_all(self, requests):
        """Store a batch; when one request alone is at fault, the others are stored without it."""
        try:
            self._commit(requests)
        except BadRequest as error:
            if len(requests) == 1:
                log.error("save refused by the database", attempt=requests[0].attempt_id, why=repr(error.__cause__)[:200])
                requests[0].finish(error=error)
                return
            for request in requests:
                self._store_all([request])
        except Exception as error:  # whatever it was, nothing was acknowledged, and the next batch starts afresh
            log.error("saves failed", requests=len(requests), why=repr(error)[:200])
            self._drop_store()
            for request in requests:
                request.finish(error=WriteFailed(str(error)))

    def _commit(self, requests):
        if self._store is None:
            self._store = self.make_store()
        requests = self._not_plain(requests)
        if not requests:
            return
        batch = Batch(requests, **self.times)
        with self._store.transaction(writes=any(request.writes for request in requests)):
            batch.decide(self._store)
            self._store.write(batch)
        for request, outcome in zip(requests, batch.outcomes, strict=True):
            request.finish(outcome)

    def _not_plain(self, requests):
        """Store ordinary saves in one statement, where the store has one for it; return the requests that are still to be stored."""
        apart = len({request.attempt_id for request in requests}) == len(requests)
        if not hasattr(self._store, "save_plain") or not apart or not all(request.is_plain for request in requests):
            return requests
        rows = self._store.save_plain(requests, self.times["grace"])
        batch, left = Batch(requests, **self.times), []
        for request in requests:
            outcome = batch.outcome_of_plain(request, rows.get(request.attempt_id))
            if outcome is None:
                left.append(request)
            else:
                request.finish(outcome)
        return left

    def _drop_store(self):
        store, self._store = self._store, None
        if store is not None:
            store.close()
